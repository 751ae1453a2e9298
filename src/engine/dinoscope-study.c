#include "engine/dinoscope-study-private.h"

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/picture/resize.h"
#include "engine/dinoscope-depth-private.h"
#include "engine/dinoscope-error.h"

struct level
{
  GBytes *pixels;
  int     width, height;
};

struct _DinoscopeStudy
{
  GObject parent_instance;

  struct dino_picture    *picture;
  struct dino_preparation preparation;
  gboolean                ignore_exif;
  GFile                  *file;
  char                   *name;
  char                   *notes;
  char                   *change; /* NULL: the picture is as it was read */
  DinoscopeCover          cover;
  char                    sha256[DINO_SHA256_LENGTH];
  char                    grey_sha256[DINO_SHA256_LENGTH]; /* "" without a grey scale */

  DinoscopeDepth *depth; /* NULL for colour */

  GBytes      *display; /* [height, width, channels] */
  struct level levels[DINOSCOPE_MAX_LEVELS];
  guint        n_levels;
};

G_DEFINE_FINAL_TYPE (DinoscopeStudy, dinoscope_study, G_TYPE_OBJECT)

static void
dinoscope_study_finalize (GObject *object)
{
  DinoscopeStudy *self = DINOSCOPE_STUDY (object);

  g_clear_pointer (&self->picture, dino_picture_unref);
  g_clear_object (&self->file);
  g_free (self->name);
  g_free (self->notes);
  g_free (self->change);
  g_clear_pointer (&self->depth, dinoscope_depth_unref);
  g_clear_pointer (&self->display, g_bytes_unref);
  for (guint i = 0; i < self->n_levels; i++)
    g_bytes_unref (self->levels[i].pixels);
  G_OBJECT_CLASS (dinoscope_study_parent_class)->finalize (object);
}

static void
dinoscope_study_class_init (DinoscopeStudyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_study_finalize;
}

static void
dinoscope_study_init (DinoscopeStudy *self)
{
}

static gboolean
take_level (DinoscopeStudy *self, const guint8 *samples, int width, int height, int channels, struct dino_error *failure)
{
  gsize   n = (gsize) width * height;
  guint8 *rgb = dino_alloc (n, 3, failure);

  if (rgb == NULL)
    return FALSE;
  if (channels == 3)
    memcpy (rgb, samples, n * 3);
  else
    for (gsize i = 0; i < n; i++)
      rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = samples[i];
  self->levels[self->n_levels++] = (struct level){ g_bytes_new_with_free_func (rgb, n * 3, dino_free, rgb), width, height };
  return TRUE;
}

static gsize
display_size (DinoscopeStudy *self)
{
  return (gsize) self->picture->width * self->picture->height * self->picture->channels;
}

static gboolean
is_inverted (DinoscopeStudy *self)
{
  return dino_display_is_inverted (self->picture, self->preparation.invert);
}

/* A grey picture's levels are averaged before the window is applied, as those
 * of any other window are (dinoscope_engine_draw_greys_async()). */
static gboolean
build_grey_levels (DinoscopeStudy *self, const guint8 *table, GCancellable *cancellable, struct dino_error *failure)
{
  gboolean good = TRUE;

  for (guint i = 0; good && i < dinoscope_depth_get_n_levels (self->depth); i++)
    {
      int     width, height;
      guint8 *samples;

      dinoscope_depth_get_size (self->depth, i, &width, &height);
      samples = dino_alloc ((gsize) width * (gsize) height, 1, failure);
      if (samples != NULL)
        dinoscope_depth_apply (self->depth, i, table, samples);
      good = samples != NULL && take_level (self, samples, width, height, 1, failure);
      dino_free (samples);
      if (g_cancellable_is_cancelled (cancellable))
        good = dino_error_set (failure, DINO_CODE_CANCELLED, "%s", _ ("Cancelled."));
    }
  return good;
}

static gboolean
build_grey_pyramid (DinoscopeStudy *self, GCancellable *cancellable, struct dino_error *failure)
{
  guint8  *table = dino_alloc (dino_picture_n_levels (self->picture), 1, failure);
  gboolean good = table != NULL &&
                  dino_display_table (self->picture, &self->preparation.voi, is_inverted (self), table, failure) &&
                  build_grey_levels (self, table, cancellable, failure);

  dino_free (table);
  return good;
}

static gboolean
build_colour_pyramid (DinoscopeStudy *self, GCancellable *cancellable, struct dino_error *failure)
{
  const guint8 *source = g_bytes_get_data (self->display, NULL);
  guint8       *owned = NULL;
  int           width = self->picture->width;
  int           height = self->picture->height;
  gboolean      good = TRUE;

  self->levels[self->n_levels++] = (struct level){ g_bytes_ref (self->display), width, height };
  while (good && MAX (width, height) > DINOSCOPE_SMALLEST_LEVEL && self->n_levels < DINOSCOPE_MAX_LEVELS)
    {
      int     half_width = (width + 1) / 2;
      int     half_height = (height + 1) / 2;
      guint8 *half = dino_alloc ((gsize) half_width * half_height, 3, failure);

      good = half != NULL && dino_resize_area (source, width, height, 3, half, half_width, half_height, failure);
      dino_free (owned);
      source = owned = half;
      width = half_width;
      height = half_height;
      good = good && take_level (self, source, width, height, 3, failure);
      if (g_cancellable_is_cancelled (cancellable))
        good = dino_error_set (failure, DINO_CODE_CANCELLED, "%s", _ ("Cancelled."));
    }
  dino_free (owned);
  return good;
}

static gboolean
build_display (DinoscopeStudy *self, GCancellable *cancellable, struct dino_error *failure)
{
  guint8 *display = dino_display_render (self->picture, &self->preparation.voi, is_inverted (self), failure);

  if (display == NULL)
    return FALSE;
  self->display = g_bytes_new_with_free_func (display, display_size (self), dino_free, display);
  return self->depth != NULL ? build_grey_pyramid (self, cancellable, failure) : build_colour_pyramid (self, cancellable, failure);
}

static gboolean
take_depth (DinoscopeStudy *self, GCancellable *cancellable, struct dino_error *failure)
{
  if (self->picture->channels == 1)
    self->depth = dinoscope_depth_new (self->picture, cancellable, failure);
  return self->picture->channels != 1 || self->depth != NULL;
}

/* A study of a picture, takes the reference; without a display yet. */
static DinoscopeStudy *
study_new (struct dino_picture *picture, GFile *file, const char *name, const struct dino_preparation *preparation, gboolean ignore_exif)
{
  DinoscopeStudy *self = g_object_new (DINOSCOPE_TYPE_STUDY, NULL);

  self->picture = picture;
  g_set_object (&self->file, file);
  self->name = g_strdup (name);
  if (preparation != NULL)
    self->preparation = *preparation;
  self->ignore_exif = ignore_exif;
  self->notes = dinoscope_study_describe_reading (picture, &self->preparation, ignore_exif);
  return self;
}

DinoscopeStudy *
dinoscope_study_new (struct dino_picture           *picture,
                     GFile                         *file,
                     const char                    *name,
                     const struct dino_preparation *preparation,
                     gboolean                       ignore_exif,
                     GCancellable                  *cancellable,
                     GError                       **error)
{
  g_autoptr (DinoscopeStudy) self = study_new (picture, file, name, preparation, ignore_exif);
  struct dino_error          failure = { 0 };

  if (take_depth (self, cancellable, &failure) && build_display (self, cancellable, &failure) && dino_picture_sha256 (picture, self->sha256, &failure) &&
      (picture->grey == NULL || dino_grey_scale_sha256 (picture->grey, picture->stored_offset, self->grey_sha256, &failure)))
    return g_steal_pointer (&self);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_PICTURE);
  return NULL;
}

static gboolean
shows_the_same (DinoscopeStudy *self, DinoscopeStudy *other)
{
  return is_inverted (self) == is_inverted (other) && dino_display_equal (self->picture, &self->preparation.voi, &other->preparation.voi);
}

static void
share_display (DinoscopeStudy *self, DinoscopeStudy *from)
{
  self->display = g_bytes_ref (from->display);
  for (guint i = 0; i < from->n_levels; i++)
    {
      self->levels[i] = from->levels[i];
      g_bytes_ref (self->levels[i].pixels);
    }
  self->n_levels = from->n_levels;
}

/* The first of the notes says it (takes the string). */
static void
take_change (DinoscopeStudy *self, char *change)
{
  char *notes = self->notes;

  if (change == NULL)
    return;
  self->change = change;
  self->notes = *notes != '\0' ? g_strjoin ("\n", change, notes, NULL) : g_strdup (change);
  g_free (notes);
}

DinoscopeStudy *
dinoscope_study_new_with_preparation (DinoscopeStudy *self, const struct dino_preparation *preparation, GCancellable *cancellable, GError **error)
{
  g_autoptr (DinoscopeStudy) study = NULL;
  struct dino_error          failure = { 0 };

  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  g_return_val_if_fail (preparation != NULL, NULL);

  study = study_new (dino_picture_ref (self->picture), self->file, self->name, preparation, self->ignore_exif);
  study->preparation.frame = self->preparation.frame;
  take_change (study, g_strdup (self->change));
  study->cover = self->cover;
  memcpy (study->sha256, self->sha256, sizeof study->sha256);
  memcpy (study->grey_sha256, self->grey_sha256, sizeof study->grey_sha256);
  if (self->depth != NULL)
    study->depth = dinoscope_depth_ref (self->depth);
  if (shows_the_same (study, self))
    share_display (study, self);
  else if (!build_display (study, cancellable, &failure))
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_PICTURE);
      return NULL;
    }
  return g_steal_pointer (&study);
}

char *
dinoscope_study_describe_occlusion (const struct dino_occlusion *occlusion)
{
  switch (occlusion->fill)
    {
    case DINO_FILL_MEAN:
      return g_strdup (_ ("the picture’s mean"));
    case DINO_FILL_BLUR:
      return g_strdup_printf (_ ("blur (sigma %.3g px)"), occlusion->sigma);
    case DINO_FILL_COPY:
      if (occlusion->mirrored)
        return g_strdup_printf (_ ("a mirrored copy from x %d, y %d"), occlusion->source_x, occlusion->source_y);
      return g_strdup_printf (_ ("a copy from x %d, y %d"), occlusion->source_x, occlusion->source_y);
    case DINO_FILL_GREY:
    default:
      return g_strdup_printf (_ ("grey (%.0f\u202f%%)"), 100 * occlusion->level);
    }
}

static char *
describe_change (DinoscopeStudy *self, struct dino_pixel_box box, const struct dino_occlusion *occlusion)
{
  g_autofree char *fill = dinoscope_study_describe_occlusion (occlusion);
  g_autofree char *change = g_strdup_printf (_ ("Changed copy: x %d to %d, y %d to %d filled with %s."), box.x0, box.x1, box.y0, box.y1, fill);

  return self->change != NULL ? g_strjoin ("\n", self->change, change, NULL) : g_steal_pointer (&change);
}

DinoscopeStudy *
dinoscope_study_new_occluded (DinoscopeStudy *self, struct dino_box box, const struct dino_occlusion *occlusion, GCancellable *cancellable, GError **error)
{
  g_autoptr (DinoscopeStudy) study = NULL;
  struct dino_pixel_box      pixels;
  struct dino_picture       *copy;
  struct dino_error          failure = { 0 };

  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  g_return_val_if_fail (occlusion != NULL, NULL);

  pixels = dino_pixel_box_of (self->picture, box);
  if (pixels.x0 == pixels.x1)
    {
      g_set_error_literal (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PICTURE, _ ("The region does not lie in the picture."));
      return NULL;
    }
  copy = dino_picture_copy (self->picture, &failure);
  if (copy == NULL || !dino_picture_occlude (copy, self->picture, pixels, occlusion, &failure))
    {
      dino_picture_unref (copy);
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_PICTURE);
      return NULL;
    }
  study = dinoscope_study_new (copy, self->file, self->name, &self->preparation, self->ignore_exif, cancellable, error);
  if (study != NULL)
    {
      take_change (study, describe_change (self, pixels, occlusion));
      study->cover = (DinoscopeCover){ self->change == NULL, pixels, *occlusion };
    }
  return g_steal_pointer (&study);
}

const DinoscopeCover *
dinoscope_study_get_cover (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  return &self->cover;
}

const char *
dinoscope_study_get_change (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  return self->change;
}

GBytes *
dinoscope_study_render_display (DinoscopeStudy *self, const struct dino_display *display, gboolean inverted, GError **error)
{
  struct dino_error failure = { 0 };
  guint8           *shown;

  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  g_return_val_if_fail (display != NULL, NULL);

  if (!!inverted == is_inverted (self) && dino_display_equal (self->picture, display, &self->preparation.voi))
    return g_bytes_ref (self->display);
  shown = dino_display_render (self->picture, display, inverted, &failure);
  if (shown != NULL)
    return g_bytes_new_with_free_func (shown, display_size (self), dino_free, shown);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_PICTURE);
  return NULL;
}

int
dinoscope_study_get_width (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), 0);
  return self->picture->width;
}

int
dinoscope_study_get_height (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), 0);
  return self->picture->height;
}

guint
dinoscope_study_get_n_levels (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), 0);
  return self->n_levels;
}

GBytes *
dinoscope_study_get_level (DinoscopeStudy *self, guint level, int *width, int *height)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  g_return_val_if_fail (level < self->n_levels, NULL);
  if (width != NULL)
    *width = self->levels[level].width;
  if (height != NULL)
    *height = self->levels[level].height;
  return self->levels[level].pixels;
}

const guint8 *
dinoscope_study_get_display (DinoscopeStudy *self, int *width, int *height, int *channels)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  if (width != NULL)
    *width = self->picture->width;
  if (height != NULL)
    *height = self->picture->height;
  if (channels != NULL)
    *channels = self->picture->channels;
  return g_bytes_get_data (self->display, NULL);
}

DinoscopeDepth *
dinoscope_study_get_depth (DinoscopeStudy *self)
{
  return self->depth;
}

gboolean
dinoscope_study_get_window (DinoscopeStudy *self, const struct dino_display *display, struct dino_window *window)
{
  struct dino_display definite;
  struct dino_error   failure = { 0 };

  g_return_val_if_fail (dinoscope_study_has_contents (self), FALSE);
  g_return_val_if_fail (display != NULL && window != NULL, FALSE);

  if (self->depth == NULL)
    return FALSE;
  definite = dino_display_resolve (self->picture, display);
  if (definite.kind == DINO_DISPLAY_PERCENTILE)
    *window = *dinoscope_depth_get_percentile_window (self->depth);
  else if (definite.kind == DINO_DISPLAY_FULL)
    *window = *dinoscope_depth_get_full_window (self->depth);
  else
    return dino_display_window (self->picture, &definite, window, &failure);
  return TRUE;
}

const struct dino_window_scale *
dinoscope_study_get_window_scale (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  return self->depth != NULL ? dinoscope_depth_get_scale (self->depth) : NULL;
}

const struct dino_picture *
dinoscope_study_get_picture (DinoscopeStudy *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_STUDY (self), NULL);
  return self->picture;
}

const struct dino_preparation *
dinoscope_study_get_preparation (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  return &self->preparation;
}

gboolean
dinoscope_study_get_ignore_exif (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), FALSE);
  return self->ignore_exif;
}

GFile *
dinoscope_study_get_file (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  return self->file;
}

const char *
dinoscope_study_get_name (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  return self->name;
}

static char *
dup_unchanged_title (DinoscopeStudy *self)
{
  const char *modality, *view;

  if (strcmp (self->picture->format, "DICOM") != 0)
    return g_strdup (self->name);
  modality = dino_attributes_find (self->picture->attributes, "Modality");
  view = dino_attributes_find (self->picture->attributes, "ViewPosition");
  if (modality == NULL)
    return g_strdup (_ ("DICOM picture"));
  if (view == NULL)
    return g_strdup_printf (_ ("%s radiograph"), modality);
  return g_strdup_printf (_ ("%s radiograph, %s"), modality, view);
}

char *
dinoscope_study_dup_title (DinoscopeStudy *self)
{
  g_autofree char *title = NULL;

  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  title = dup_unchanged_title (self);
  return self->change != NULL ? g_strdup_printf (_ ("%s, changed copy"), title) : g_steal_pointer (&title);
}

const char *
dinoscope_study_get_notes (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  return self->notes;
}

const char *
dinoscope_study_get_sha256 (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  return self->sha256;
}

const char *
dinoscope_study_get_grey_sha256 (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  return self->grey_sha256;
}

char *
dinoscope_study_describe_display (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  return dinoscope_study_describe_display_of (self->picture, &self->preparation);
}

char *
dinoscope_study_describe_model_input (DinoscopeStudy *self)
{
  g_return_val_if_fail (dinoscope_study_has_contents (self), NULL);
  return dinoscope_study_describe_model_input_of (self->picture, &self->preparation);
}

gboolean
dinoscope_study_get_geometry (DinoscopeStudy *self, const struct dino_model *model, struct dino_geometry *geometry, GError **error)
{
  struct dino_error failure = { 0 };

  g_return_val_if_fail (dinoscope_study_has_contents (self), FALSE);
  g_return_val_if_fail (model != NULL && geometry != NULL, FALSE);

  if (dino_preparation_geometry (&self->preparation, dino_model_processor (model), dino_model_config (model)->patch_size,
                                 self->picture->width, self->picture->height, geometry, &failure))
    return TRUE;
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_PICTURE);
  return FALSE;
}
