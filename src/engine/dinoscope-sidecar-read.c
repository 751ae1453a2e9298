/* Reading sidecars, which somebody else may have written. */
#include "engine/dinoscope-sidecar.h"

#include "core/base/text.h"
#include "core/model/json.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-json-private.h"
#include "engine/dinoscope-sidecar-private.h"

#define MAX_INPUT_SIZE 32768

/* A part of a file that is read. */
typedef struct
{
  const json_t      *object;
  const char        *path;
  struct dino_error *failure;
} Section;

static gboolean
refuse_key (const Section *section, const char *key)
{
  return dino_error_set (section->failure, DINO_CODE_FORMAT, _ ("“%s” cannot be used: “%s” has a value that this version does not know."), section->path, key);
}

/* A copy of a string; NULL stays where there is none. */
static gboolean
read_string (const Section *section, const char *key, char **value)
{
  const char *text = NULL;

  if (!dino_json_get_string (section->object, section->path, key, &text, section->failure))
    return FALSE;
  *value = g_strdup (text);
  return TRUE;
}

/* One of several names; *index stays where there is none. */
static gboolean
read_choice (const Section *section, const char *key, const char *const *names, int *index)
{
  const char *text = NULL;

  if (!dino_json_get_string (section->object, section->path, key, &text, section->failure))
    return FALSE;
  if (text == NULL)
    return TRUE;
  for (int i = 0; names[i] != NULL; i++)
    if (strcmp (names[i], text) == 0)
      {
        *index = i;
        return TRUE;
      }
  return refuse_key (section, key);
}

static gboolean
read_bool (const Section *section, const char *key, gboolean *value)
{
  bool truth = *value;

  if (!dino_json_get_bool (section->object, section->path, key, &truth, section->failure))
    return FALSE;
  *value = truth;
  return TRUE;
}

/* Opens a member that is an object; an absent one reads as empty. */
static gboolean
open_section (const Section *parent, const char *key, const json_t *empty, Section *section)
{
  const json_t *object = dino_json_get (parent->object, key);

  *section = *parent;
  section->object = object == NULL ? empty : object;
  return json_is_object (section->object) || refuse_key (parent, key);
}

static gboolean
read_parameters (const Section *root, DinoscopeSidecar *sidecar)
{
  const json_t            *object = dino_json_get (root->object, "parameters");
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  const char              *key;
  json_t                  *value;

  if (!json_is_object (object))
    return refuse_key (root, "parameters");
  json_object_foreach ((json_t *) object, key, value)
  {
    GVariant *variant = dinoscope_json_to_variant (value);

    if (variant == NULL)
      return refuse_key (root, key);
    g_variant_builder_add (&builder, "{sv}", key, variant);
  }
  sidecar->parameters = g_variant_ref_sink (g_variant_builder_end (&builder));
  return TRUE;
}

static gboolean
read_files (const Section *root, const json_t *empty, DinoscopeSidecar *sidecar)
{
  Section                  section;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  const char              *key;
  json_t                  *value;

  if (!open_section (root, "files", empty, &section))
    return FALSE;
  json_object_foreach ((json_t *) section.object, key, value)
  {
    if (!json_is_string (value))
      return refuse_key (&section, key);
    g_variant_builder_add (&builder, "{ss}", key, json_string_value (value));
  }
  sidecar->files = g_variant_ref_sink (g_variant_builder_end (&builder));
  return TRUE;
}

/* "auto", "yes" or "no"; *invert stays where there is none. */
static gboolean
read_invert (const Section *section, enum dino_invert *invert)
{
  const char *text = NULL;

  if (!dino_json_get_string (section->object, section->path, "invert", &text, section->failure))
    return FALSE;
  return text == NULL || dino_invert_parse (text, invert) || refuse_key (section, "invert");
}

/* As --window has it; *found tells whether there is one. */
static gboolean
read_window (const Section *section, struct dino_display *display, gboolean *found)
{
  const char *text = NULL;

  if (!dino_json_get_string (section->object, section->path, "window", &text, section->failure))
    return FALSE;
  *found = text != NULL;
  return text == NULL || dino_display_parse (text, display) || refuse_key (section, "window");
}

static gboolean
read_preparation (const Section *root, const json_t *empty, struct dino_preparation *preparation, gboolean *ignore_exif)
{
  static const char *const exif[] = { "none", "applied", "ignored", NULL };
  Section                  section;
  const char              *fit = NULL;
  const char              *model_input = NULL;
  int                      orientation = 0;
  gboolean                 has_window;

  if (!open_section (root, "preparation", empty, &section) ||
      !dino_json_get_string (section.object, section.path, "fit", &fit, section.failure) ||
      !dino_json_get_int (section.object, section.path, "input-size", 0, MAX_INPUT_SIZE, &preparation->input_size, section.failure) ||
      !dino_json_get_string (section.object, section.path, "model-input", &model_input, section.failure) ||
      !read_invert (&section, &preparation->invert) ||
      !read_window (&section, &preparation->voi, &has_window) ||
      !read_choice (&section, "exif", exif, &orientation) ||
      !dino_json_get_int (section.object, section.path, "frame", 1, G_MAXINT32, &preparation->frame, section.failure))
    return FALSE;
  if (fit != NULL && !dino_fit_parse (fit, &preparation->fit))
    return refuse_key (&section, "fit");
  if (model_input != NULL && !dino_model_input_parse (model_input, &preparation->model_input))
    return refuse_key (&section, "model-input");
  *ignore_exif = orientation == 2;
  return TRUE;
}

/* The encoder's window and inversion are those shown where the file does not say more. */
static gboolean
read_display (const Section *root, const json_t *empty, DinoscopeSidecar *sidecar)
{
  DinoscopeSidecarShown *shown = &sidecar->shown;
  Section                section;

  if (!open_section (root, "display", empty, &section))
    return FALSE;
  shown->display = sidecar->preparation.voi;
  shown->invert = sidecar->preparation.invert;
  if (!read_window (&section, &shown->display, &shown->known) || !read_invert (&section, &shown->invert))
    return FALSE;
  if (shown->known && sidecar->preparation.model_input != DINO_MODEL_INPUT_WINDOW)
    sidecar->preparation.voi = shown->display;
  return TRUE;
}

static gboolean
read_range (const Section *section, struct dino_map_style *style)
{
  const json_t *range = dino_json_get (section->object, "range");
  const json_t *low, *high;

  if (range == NULL || (json_is_string (range) && strcmp (json_string_value (range), "auto") == 0))
    return TRUE;
  low = json_array_get (range, 0);
  high = json_array_get (range, 1);
  if (json_array_size (range) != 2 || !json_is_number (low) || !json_is_number (high) || !(json_number_value (low) < json_number_value (high)))
    return refuse_key (section, "range");
  style->has_range = true;
  style->low = json_number_value (low);
  style->high = json_number_value (high);
  return TRUE;
}

static gboolean
read_style (const Section *root, const json_t *empty, DinoscopeSidecar *sidecar)
{
  struct dino_map_style *style = &sidecar->style;
  Section                section;
  const char            *colormap = NULL;
  const char            *smooth = NULL;

  dino_map_style_init (style);
  if (!open_section (root, "style", empty, &section) ||
      !dino_json_get_string (section.object, section.path, "colormap", &colormap, section.failure) ||
      !dino_json_get_double (section.object, section.path, "opacity", 0, 1, &style->opacity, section.failure) ||
      !dino_json_get_double (section.object, section.path, "threshold", -G_MAXDOUBLE, G_MAXDOUBLE, &style->threshold, section.failure) ||
      !dino_json_get_string (section.object, section.path, "smooth", &smooth, section.failure) ||
      !dino_json_get_int (section.object, section.path, "contours", 0, DINO_MAX_CONTOURS, &style->contours, section.failure) ||
      !read_range (&section, style))
    return FALSE;
  style->has_threshold = dino_json_get (section.object, "threshold") != NULL;
  if (colormap != NULL)
    {
      style->colormap = dino_colormap_find (colormap);
      if (style->colormap == NULL)
        return refuse_key (&section, "colormap");
    }
  return smooth == NULL || dino_smooth_parse (smooth, &style->smooth) || refuse_key (&section, "smooth");
}

/* Where a window was looking; without a box there is no part either. */
static gboolean
read_box (const Section *section, DinoscopeSidecarView *view)
{
  static const char *const parts[] = { "whole", "visible", NULL };
  const json_t            *box = dino_json_get (section->object, "box");
  int                      part = 0;

  if (!read_choice (section, "part", parts, &part) ||
      !dino_json_get_int (section->object, section->path, "turns", 0, 3, &view->turns, section->failure) ||
      !read_bool (section, "flipped", &view->flipped))
    return FALSE;
  view->has_box = box != NULL;
  if (box != NULL && (!dinoscope_sidecar_box_from_json (box, &view->box) || !(view->box.x0 < view->box.x1) || !(view->box.y0 < view->box.y1)))
    return refuse_key (section, "box");
  view->part = part == 1;
  return box != NULL || part == 0 || refuse_key (section, "part");
}

static gboolean
read_marks (const Section *root, DinoscopeSidecar *sidecar)
{
  const json_t *marks = dino_json_get (root->object, "marks");
  const json_t *regions = dino_json_get (root->object, "regions");

  if (marks != NULL && !dinoscope_sidecar_marks_from_json (marks, &sidecar->view.marks))
    return refuse_key (root, "marks");
  return regions == NULL || dinoscope_sidecar_regions_from_json (regions, &sidecar->view.regions) || refuse_key (root, "regions");
}

static gboolean
read_view (const Section *root, const json_t *empty, DinoscopeSidecar *sidecar)
{
  static const char *const sizes[] = { "original", "model", NULL };
  DinoscopeSidecarView    *view = &sidecar->view;
  Section                  section;
  int                      size = 0;

  if (!open_section (root, "view", empty, &section) ||
      !read_choice (&section, "size", sizes, &size) ||
      !read_bool (&section, "map-only", &view->map_only) ||
      !read_bool (&section, "bar", &view->bar) ||
      !dino_json_get_int (section.object, section.path, "width", 0, G_MAXINT32, &view->width, section.failure) ||
      !dino_json_get_int (section.object, section.path, "height", 0, G_MAXINT32, &view->height, section.failure) ||
      !read_box (&section, view))
    return FALSE;
  view->model_size = size == 1;
  return TRUE;
}

static gboolean
read_origin (const Section *root, const json_t *empty, DinoscopeSidecar *sidecar)
{
  Section picture, model;

  return open_section (root, "picture", empty, &picture) && open_section (root, "model", empty, &model) &&
         read_string (&picture, "sha256", &sidecar->pixels_sha256) &&
         read_string (&picture, "grey-scale-sha256", &sidecar->grey_sha256) &&
         read_string (&model, "name", &sidecar->model_name) &&
         read_string (&model, "sha256", &sidecar->model_sha256) &&
         read_string (&model, "precision", &sidecar->precision) &&
         read_string (&model, "isa", &sidecar->instruction_set) &&
         read_string (&model, "calibration", &sidecar->calibration);
}

static void
reference_free (gpointer data)
{
  DinoscopeSidecarReference *reference = data;

  g_free (reference->pixels_sha256);
  g_free (reference->model_sha256);
  g_free (reference->model_name);
  g_free (reference);
}

static gboolean
read_reference (const Section *section, const json_t *empty, DinoscopeSidecarReference *reference)
{
  Section model;

  reference->has_preparation = dino_json_get (section->object, "preparation") != NULL;
  return open_section (section, "model", empty, &model) &&
         read_string (section, "sha256", &reference->pixels_sha256) &&
         read_string (&model, "sha256", &reference->model_sha256) &&
         read_string (&model, "name", &reference->model_name) &&
         read_preparation (section, empty, &reference->preparation, &reference->ignore_exif) &&
         (reference->pixels_sha256 != NULL || refuse_key (section, "sha256")) &&
         (dino_json_get (section->object, "covered") == NULL || dinoscope_sidecar_cover_from_json (dino_json_get (section->object, "covered"), &reference->cover) || refuse_key (section, "covered"));
}

static gboolean
read_references (const Section *root, const json_t *empty, DinoscopeSidecar *sidecar)
{
  const json_t *list = dino_json_get (root->object, "references");

  sidecar->references = g_ptr_array_new_with_free_func (reference_free);
  if (list != NULL && !json_is_array (list))
    return refuse_key (root, "references");
  for (size_t i = 0; i < json_array_size (list); i++)
    {
      DinoscopeSidecarReference *reference = g_new0 (DinoscopeSidecarReference, 1);
      Section                    section = *root;

      g_ptr_array_add (sidecar->references, reference);
      section.object = json_array_get (list, i);
      if (!json_is_object (section.object))
        return refuse_key (root, "references");
      if (!read_reference (&section, empty, reference))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_schema (const Section *root)
{
  const char *schema = NULL;
  int         version = 0;

  if (!dino_json_get_string (root->object, root->path, "schema", &schema, root->failure))
    return FALSE;
  if (schema == NULL || strcmp (schema, DINOSCOPE_SIDECAR_SCHEMA) != 0)
    return dino_error_set (root->failure, DINO_CODE_FORMAT, _ ("“%s” is no sidecar of Dinoscope."), root->path);
  if (!dino_json_get_int (root->object, root->path, "version", 1, G_MAXINT32, &version, root->failure))
    return FALSE;
  if (version == 0)
    return dino_error_set (root->failure, DINO_CODE_FORMAT, _ ("“%s” does not say which version of the format it has."), root->path);
  if (version > DINOSCOPE_SIDECAR_VERSION)
    return dino_error_set (root->failure, DINO_CODE_UNSUPPORTED, _ ("“%s” was written by a newer Dinoscope: its format is version %d, and this program reads up to %d."),
                           root->path, version, DINOSCOPE_SIDECAR_VERSION);
  return TRUE;
}

static gboolean
read_sidecar (const Section *root, DinoscopeSidecar *sidecar)
{
  json_t  *empty = json_object ();
  gboolean good = read_string (root, "overlay", &sidecar->overlay) && read_parameters (root, sidecar) &&
                  read_files (root, empty, sidecar) && read_preparation (root, empty, &sidecar->preparation, &sidecar->ignore_exif) && read_display (root, empty, sidecar) &&
                  read_style (root, empty, sidecar) && read_view (root, empty, sidecar) && read_marks (root, sidecar) && read_origin (root, empty, sidecar) &&
                  read_references (root, empty, sidecar);

  json_decref (empty);
  if (good && sidecar->overlay == NULL)
    return dino_error_set (root->failure, DINO_CODE_FORMAT, _ ("“%s” does not say which overlay it is of."), root->path);
  return good;
}

DinoscopeSidecar *
dinoscope_sidecar_read (const char *path, GError **error)
{
  g_autoptr (DinoscopeSidecar) sidecar = g_new0 (DinoscopeSidecar, 1);
  struct dino_error            failure = { 0 };
  Section                      root = { .path = path, .failure = &failure };
  json_t                      *json;

  g_return_val_if_fail (path != NULL, NULL);

  json = dino_json_read (path, DINOSCOPE_SIDECAR_MAX_FILE, DINOSCOPE_SIDECAR_MAX_WEIGHT, &failure);
  root.object = json;
  if (json != NULL && check_schema (&root) && read_sidecar (&root, sidecar))
    {
      json_decref (json);
      return g_steal_pointer (&sidecar);
    }
  json_decref (json);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_FAILED);
  return NULL;
}

void
dinoscope_sidecar_free (DinoscopeSidecar *sidecar)
{
  if (sidecar == NULL)
    return;
  g_free (sidecar->overlay);
  g_clear_pointer (&sidecar->parameters, g_variant_unref);
  g_clear_pointer (&sidecar->files, g_variant_unref);
  g_clear_pointer (&sidecar->view.marks, g_variant_unref);
  g_clear_pointer (&sidecar->view.regions, g_variant_unref);
  g_free (sidecar->pixels_sha256);
  g_free (sidecar->grey_sha256);
  g_free (sidecar->model_name);
  g_free (sidecar->model_sha256);
  g_free (sidecar->precision);
  g_free (sidecar->instruction_set);
  g_free (sidecar->calibration);
  g_clear_pointer (&sidecar->references, g_ptr_array_unref);
  g_free (sidecar);
}
