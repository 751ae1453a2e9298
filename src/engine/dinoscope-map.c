#include "engine/dinoscope-features-private.h"
#include "engine/dinoscope-map-private.h"

#include "core/base/memory.h"
#include "core/base/text.h"
#include "engine/dinoscope-error.h"

struct _DinoscopeMap
{
  GObject parent_instance;

  struct dino_map *core;
  GVariant        *details;
  GPtrArray       *references; /* (element-type DinoscopeMapReference) */
  int              sealed;     /* atomic */
};

G_DEFINE_FINAL_TYPE (DinoscopeMap, dinoscope_map, G_TYPE_OBJECT)

static void
reference_free (gpointer data)
{
  DinoscopeMapReference *reference = data;

  g_object_unref (reference->model);
  g_free (reference->pixels_sha256);
  g_free (reference->grey_sha256);
  g_free (reference->preparation);
  g_free (reference);
}

static void
dinoscope_map_finalize (GObject *object)
{
  DinoscopeMap *self = DINOSCOPE_MAP (object);

  g_clear_pointer (&self->core, dino_map_unref);
  g_clear_pointer (&self->details, g_variant_unref);
  g_ptr_array_unref (self->references);
  G_OBJECT_CLASS (dinoscope_map_parent_class)->finalize (object);
}

static void
dinoscope_map_class_init (DinoscopeMapClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_map_finalize;
}

static void
dinoscope_map_init (DinoscopeMap *self)
{
  self->references = g_ptr_array_new_with_free_func (reference_free);
}

DinoscopeMap *
dinoscope_map_new (struct dino_map *core)
{
  DinoscopeMap *self;

  g_return_val_if_fail (core != NULL, NULL);
  self = g_object_new (DINOSCOPE_TYPE_MAP, NULL);
  self->core = core;
  return self;
}

DinoscopeMap *
dinoscope_map_new_from_values (guint width, guint height, guint channels, GBytes *values, GError **error)
{
  struct dino_error failure = { 0 };
  struct dino_map  *core;
  gsize             size = 0;
  const void       *data;

  g_return_val_if_fail (values != NULL, NULL);

  data = g_bytes_get_data (values, &size);
  if (width < 1 || height < 1 || width > DINO_MAP_MAX_SIDE || height > DINO_MAP_MAX_SIDE || (channels != 1 && channels != 3))
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY, _ ("A map cannot have %u × %u cells of %u channels."), width, height, channels);
      return NULL;
    }
  if (size != (gsize) width * height * channels * sizeof (float))
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY, _ ("The values of a map of %u × %u cells and %u channels do not take %lu bytes."), width, height, channels, (gulong) size);
      return NULL;
    }
  core = dino_map_new ((int) width, (int) height, (int) channels, &failure);
  if (core == NULL)
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_OVERLAY);
      return NULL;
    }
  memcpy (core->values, data, size);
  core->seen = (struct dino_box){ 0, 0, width, height };
  g_strlcpy (core->colormap, "viridis", sizeof core->colormap);
  /* What is wrong with them is told when the map is returned. */
  dino_map_measure (core, &failure);
  return dinoscope_map_new (core);
}

DinoscopeMap *
dinoscope_map_new_for_features (DinoscopeFeatures *features, guint channels, GBytes *values, GError **error)
{
  DinoscopeMap *self;

  g_return_val_if_fail (dinoscope_features_has_contents (features), NULL);

  self = dinoscope_map_new_from_values (dinoscope_features_get_columns (features), dinoscope_features_get_rows (features), channels, values, error);
  if (self != NULL)
    self->core->seen = dino_geometry_seen (dinoscope_features_get_geometry (features));
  return self;
}

void
dinoscope_map_seal (DinoscopeMap *self)
{
  g_atomic_int_set (&self->sealed, TRUE);
}

static gboolean
is_new (DinoscopeMap *self)
{
  return dinoscope_map_has_contents (self) && !g_atomic_int_get (&self->sealed);
}

static void
measure (DinoscopeMap *self)
{
  struct dino_error failure = { 0 };

  dino_map_measure (self->core, &failure);
}

gboolean
dinoscope_map_set_validity (DinoscopeMap *self, GBytes *valid)
{
  struct dino_error failure = { 0 };
  gsize             cells, size;
  const void       *data;

  g_return_val_if_fail (is_new (self), FALSE);
  g_return_val_if_fail (valid != NULL, FALSE);

  data = g_bytes_get_data (valid, &size);
  cells = (gsize) self->core->width * self->core->height;
  if (size != cells)
    return FALSE;
  if (self->core->valid == NULL)
    self->core->valid = dino_alloc (cells, 1, &failure);
  if (self->core->valid == NULL)
    return FALSE;
  memcpy (self->core->valid, data, cells);
  measure (self);
  return TRUE;
}

void
dinoscope_map_set_place (DinoscopeMap *self, double x0, double y0, double x1, double y1)
{
  g_return_if_fail (is_new (self));
  self->core->seen = (struct dino_box){ x0, y0, x1, y1 };
}

void
dinoscope_map_set_signed (DinoscopeMap *self, gboolean is_signed)
{
  g_return_if_fail (is_new (self));
  self->core->is_signed = is_signed;
  measure (self);
}

void
dinoscope_map_set_range (DinoscopeMap *self, double low, double high)
{
  g_return_if_fail (is_new (self));
  self->core->low = low;
  self->core->high = high;
  for (int c = 0; c < 3; c++)
    {
      self->core->low3[c] = low;
      self->core->high3[c] = high;
    }
}

/* Whole characters only; what is no UTF-8 is made so. */
static void
copy_text (char *to, gsize room, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  const char      *end;

  g_strlcpy (to, valid, room);
  if (!g_utf8_validate (to, -1, &end))
    to[end - to] = '\0';
}

void
dinoscope_map_set_texts (DinoscopeMap *self, const char *title, const char *legend, const char *unit)
{
  g_return_if_fail (is_new (self));
  g_return_if_fail (title != NULL && legend != NULL && unit != NULL);
  copy_text (self->core->title, sizeof self->core->title, title);
  copy_text (self->core->legend, sizeof self->core->legend, legend);
  copy_text (self->core->unit, sizeof self->core->unit, unit);
}

void
dinoscope_map_set_colormap (DinoscopeMap *self, const char *name)
{
  g_return_if_fail (is_new (self));
  g_return_if_fail (name != NULL);
  copy_text (self->core->colormap, sizeof self->core->colormap, name);
}

gboolean
dinoscope_map_add_mark (DinoscopeMap *self, guint row, guint column, const char *label)
{
  struct dino_map_mark *marks;
  struct dino_error     failure = { 0 };
  int                   n;

  g_return_val_if_fail (is_new (self), FALSE);
  g_return_val_if_fail (label != NULL, FALSE);

  n = self->core->n_marks;
  marks = dino_alloc ((gsize) n + 1, sizeof *marks, &failure);
  if (marks == NULL)
    return FALSE;
  if (n > 0)
    memcpy (marks, self->core->marks, (gsize) n * sizeof *marks);
  marks[n] = (struct dino_map_mark){ .row = (int) MIN (row, G_MAXINT), .column = (int) MIN (column, G_MAXINT) };
  copy_text (marks[n].label, sizeof marks[n].label, label);
  dino_free (self->core->marks);
  self->core->marks = marks;
  self->core->n_marks = n + 1;
  return TRUE;
}

const struct dino_map *
dinoscope_map_get_core (DinoscopeMap *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MAP (self), NULL);
  return self->core;
}

void
dinoscope_map_set_details (DinoscopeMap *self, GVariant *details)
{
  g_return_if_fail (dinoscope_map_has_contents (self));
  g_return_if_fail (details == NULL || g_variant_is_of_type (details, G_VARIANT_TYPE_VARDICT));
  g_clear_pointer (&self->details, g_variant_unref);
  if (details != NULL)
    self->details = g_variant_ref_sink (details);
}

GVariant *
dinoscope_map_get_details (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), NULL);
  return self->details;
}

void
dinoscope_map_add_reference (DinoscopeMap *self, DinoscopeFeatures *features)
{
  DinoscopeMapReference *reference;

  g_return_if_fail (dinoscope_map_has_contents (self));
  g_return_if_fail (dinoscope_features_has_contents (features));
  reference = g_new0 (DinoscopeMapReference, 1);
  reference->model = g_object_ref (dinoscope_features_get_model (features));
  reference->pixels_sha256 = g_strdup (dinoscope_features_get_pixels_sha256 (features));
  reference->grey_sha256 = g_strdup (dinoscope_features_get_grey_sha256 (features));
  reference->preparation = g_strdup (dinoscope_features_get_preparation (features));
  reference->cover = *dinoscope_features_get_cover (features);
  g_ptr_array_add (self->references, reference);
}

guint
dinoscope_map_get_n_references (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), 0);
  return self->references->len;
}

const DinoscopeMapReference *
dinoscope_map_get_reference (DinoscopeMap *self, guint index)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), NULL);
  g_return_val_if_fail (index < self->references->len, NULL);
  return self->references->pdata[index];
}

int
dinoscope_map_get_width (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), 0);
  return self->core->width;
}

int
dinoscope_map_get_height (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), 0);
  return self->core->height;
}

int
dinoscope_map_get_channels (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), 0);
  return self->core->channels;
}

GBytes *
dinoscope_map_dup_values (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), NULL);
  return g_bytes_new_with_free_func (self->core->values,
                                     (gsize) self->core->width * self->core->height * self->core->channels * sizeof *self->core->values,
                                     g_object_unref, g_object_ref (self));
}

GBytes *
dinoscope_map_dup_validity (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), NULL);
  if (self->core->valid == NULL)
    return NULL;
  return g_bytes_new_with_free_func (self->core->valid, (gsize) self->core->width * self->core->height, g_object_unref, g_object_ref (self));
}

void
dinoscope_map_get_place (DinoscopeMap *self, double *x0, double *y0, double *x1, double *y1)
{
  g_return_if_fail (dinoscope_map_has_contents (self));
  *x0 = self->core->seen.x0;
  *y0 = self->core->seen.y0;
  *x1 = self->core->seen.x1;
  *y1 = self->core->seen.y1;
}

void
dinoscope_map_get_range (DinoscopeMap *self, guint channel, double *low, double *high)
{
  g_return_if_fail (dinoscope_map_has_contents (self));
  g_return_if_fail (channel < (guint) self->core->channels);
  *low = self->core->channels == 1 ? self->core->low : self->core->low3[channel];
  *high = self->core->channels == 1 ? self->core->high : self->core->high3[channel];
}

gboolean
dinoscope_map_is_signed (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), FALSE);
  return self->core->is_signed;
}

const char *
dinoscope_map_get_colormap (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), NULL);
  return self->core->colormap;
}

guint
dinoscope_map_get_n_cells (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), 0);
  return self->core->n_cells;
}

const char *
dinoscope_map_get_cell (DinoscopeMap *self, guint index, double *value)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), NULL);
  g_return_val_if_fail (index < (guint) self->core->n_cells, NULL);
  *value = self->core->cells[index].value;
  return self->core->cells[index].label;
}

guint
dinoscope_map_get_n_marks (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), 0);
  return self->core->n_marks;
}

const char *
dinoscope_map_get_mark (DinoscopeMap *self, guint index, guint *row, guint *column)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), NULL);
  g_return_val_if_fail (index < (guint) self->core->n_marks, NULL);
  *row = self->core->marks[index].row;
  *column = self->core->marks[index].column;
  return self->core->marks[index].label;
}

const char *
dinoscope_map_get_title (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), NULL);
  return self->core->title;
}

const char *
dinoscope_map_get_legend (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), NULL);
  return self->core->legend;
}

const char *
dinoscope_map_get_unit (DinoscopeMap *self)
{
  g_return_val_if_fail (dinoscope_map_has_contents (self), NULL);
  return self->core->unit;
}
