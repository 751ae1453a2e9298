/* Making the text of a sidecar. docs/sidecar.md describes every field. */
#include "engine/dinoscope-sidecar.h"

#include "core/base/text.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-json-private.h"
#include "engine/dinoscope-overlays.h"
#include "engine/dinoscope-sidecar-private.h"
#include "engine/dinoscope-map-private.h"

#include "dinoscope-config.h"

/* In files, so it is never translated. */
#define NOTICE "For research only. Not for clinical use."

static json_t *
range_to_json (double low, double high)
{
  json_t *range = json_array ();

  json_array_append_new (range, json_real (low));
  json_array_append_new (range, json_real (high));
  return range;
}

static json_t *
program_to_json (void)
{
  json_t *json = json_object ();

  json_object_set_new (json, "name", json_string ("Dinoscope"));
  json_object_set_new (json, "version", json_string (DINOSCOPE_VERSION));
  return json;
}

static json_t *
picture_to_json (DinoscopeFeatures *features)
{
  const struct dino_geometry *geometry = dinoscope_features_get_geometry (features);
  json_t                     *json = json_object ();

  json_object_set_new (json, "sha256", json_string (dinoscope_features_get_pixels_sha256 (features)));
  json_object_set_new (json, "width", json_integer (geometry->width));
  json_object_set_new (json, "height", json_integer (geometry->height));
  if (*dinoscope_features_get_grey_sha256 (features) != '\0')
    json_object_set_new (json, "grey-scale-sha256", json_string (dinoscope_features_get_grey_sha256 (features)));
  return json;
}

static json_t *
model_to_json (DinoscopeModel *model, const char *instruction_set, const char *sha256)
{
  json_t *json = json_object ();

  json_object_set_new (json, "name", json_string (dinoscope_model_get_name (model)));
  json_object_set_new (json, "demonstration", json_boolean (dinoscope_model_is_demonstration (model)));
  json_object_set_new (json, "sha256", json_string (sha256));
  json_object_set_new (json, "precision", json_string (dinoscope_model_get_precision (model)));
  json_object_set_new (json, "isa", json_string (instruction_set));
  if (dinoscope_model_get_calibration_sha256 (model) != NULL)
    json_object_set_new (json, "calibration", json_string (dinoscope_model_get_calibration_sha256 (model)));
  return json;
}

/* "fit=crop input-size=518 …": numbers become numbers. */
static json_t *
words_to_json (const char *preparation)
{
  g_auto (GStrv) words = g_strsplit (preparation, " ", -1);
  json_t        *json = json_object ();

  for (char **word = words; *word != NULL; word++)
    {
      char *value = strchr (*word, '=');

      if (value == NULL)
        continue;
      *value++ = '\0';
      if (*value != '\0' && strspn (value, "0123456789") == strlen (value))
        json_object_set_new (json, *word, json_integer (g_ascii_strtoll (value, NULL, 10)));
      else
        json_object_set_new (json, *word, json_string (value));
    }
  return json;
}

static json_t *
preparation_to_json (DinoscopeFeatures *features)
{
  const struct dino_geometry *geometry = dinoscope_features_get_geometry (features);
  struct dino_box             seen = dino_geometry_seen (geometry);
  json_t                     *json = words_to_json (dinoscope_features_get_preparation (features));

  json_object_set_new (json, "seen", dinoscope_sidecar_box_to_json (seen));
  return json;
}

/* What came of the choice of values: a window, or the file's table. */
static json_t *
applied_to_json (const struct dino_picture *picture, const struct dino_display *display)
{
  struct dino_display definite = dino_display_resolve (picture, display);
  struct dino_display applied = { .kind = DINO_DISPLAY_WINDOW };
  char                text[DINO_DISPLAY_LENGTH];

  if (dino_display_is_table (picture, &definite) || !dino_display_window (picture, &definite, &applied.window, NULL))
    applied = definite;
  return json_string (dino_display_format (&applied, text));
}

/* AUTO where it gives what is shown: then it is right for other pictures, too. */
static enum dino_invert
find_invert (DinoscopeStudy *study, gboolean inverted)
{
  const struct dino_picture *picture = dinoscope_study_get_picture (study);
  enum dino_invert           asked = dinoscope_study_get_preparation (study)->invert;

  if (dino_display_is_inverted (picture, asked) == (inverted != FALSE))
    return asked;
  if (dino_display_is_inverted (picture, DINO_INVERT_AUTO) == (inverted != FALSE))
    return DINO_INVERT_AUTO;
  return inverted ? DINO_INVERT_YES : DINO_INVERT_NO;
}

static json_t *
display_to_json (const DinoscopeSidecarRadiograph *radiograph)
{
  const struct dino_picture     *picture = dinoscope_study_get_picture (radiograph->study);
  const struct dino_preparation *preparation = dinoscope_study_get_preparation (radiograph->study);
  const struct dino_display     *display = radiograph->display;
  gboolean                       inverted = radiograph->inverted;
  json_t                        *json = json_object ();
  char                           text[DINO_DISPLAY_LENGTH];

  if (display == NULL)
    {
      display = &preparation->voi;
      inverted = dino_display_is_inverted (picture, preparation->invert);
    }
  json_object_set_new (json, "window", json_string (dino_display_format (display, text)));
  if (picture->channels == 1)
    json_object_set_new (json, "window-applied", applied_to_json (picture, display));
  json_object_set_new (json, "invert", json_string (dino_invert_name (find_invert (radiograph->study, inverted))));
  json_object_set_new (json, "inverted", json_boolean (inverted));
  return json;
}

static json_t *
cells_to_json (const struct dino_map *map)
{
  json_t *cells = json_array ();

  for (int i = 0; i < map->n_cells; i++)
    {
      json_t *cell = json_object ();

      json_object_set_new (cell, "label", json_string (map->cells[i].label));
      json_object_set_new (cell, "value", json_real (map->cells[i].value));
      json_array_append_new (cells, cell);
    }
  return cells;
}

static json_t *
map_to_json (DinoscopeMap *map, const struct dino_map_style *style)
{
  const struct dino_map *core = dinoscope_map_get_core (map);
  json_t                *json = json_object ();
  double                 low, high;

  json_object_set_new (json, "rows", json_integer (core->height));
  json_object_set_new (json, "columns", json_integer (core->width));
  json_object_set_new (json, "channels", json_integer (core->channels));
  if (core->channels == 1)
    {
      dino_map_style_range (style, core, &low, &high);
      json_object_set_new (json, "range", range_to_json (low, high));
    }
  else
    {
      json_t *ranges = json_array ();

      for (int c = 0; c < 3; c++)
        json_array_append_new (ranges, range_to_json (core->low3[c], core->high3[c]));
      json_object_set_new (json, "ranges", ranges);
    }
  if (core->n_cells > 0)
    json_object_set_new (json, "cells", cells_to_json (core));
  if (dinoscope_map_get_details (map) != NULL)
    json_object_set_new (json, "details", dinoscope_json_from_variant (dinoscope_map_get_details (map)));
  return json;
}

static json_t *
style_to_json (const struct dino_map_style *style, const struct dino_map *map)
{
  const char *colormap = style->colormap != NULL ? style->colormap->name : map->colormap;
  json_t     *json = json_object ();

  json_object_set_new (json, "colormap", *colormap != '\0' ? json_string (colormap) : json_null ());
  json_object_set_new (json, "opacity", json_real (style->opacity));
  json_object_set_new (json, "threshold", style->has_threshold ? json_real (style->threshold) : json_null ());
  json_object_set_new (json, "range", style->has_range ? range_to_json (style->low, style->high) : json_string ("auto"));
  json_object_set_new (json, "smooth", json_string (dino_smooth_name (style->smooth)));
  if (style->contours > 0)
    json_object_set_new (json, "contours", json_integer (style->contours));
  return json;
}

static json_t *
view_to_json (const DinoscopeSidecarView *view)
{
  json_t *json = json_object ();

  json_object_set_new (json, "size", json_string (view->model_size ? "model" : "original"));
  json_object_set_new (json, "map-only", json_boolean (view->map_only));
  json_object_set_new (json, "bar", json_boolean (view->bar));
  if (view->width > 0 && view->height > 0)
    {
      json_object_set_new (json, "width", json_integer (view->width));
      json_object_set_new (json, "height", json_integer (view->height));
    }
  if (view->has_box)
    {
      json_object_set_new (json, "part", json_string (view->part ? "visible" : "whole"));
      json_object_set_new (json, "box", dinoscope_sidecar_box_to_json (view->box));
      json_object_set_new (json, "turns", json_integer (view->turns));
      json_object_set_new (json, "flipped", json_boolean (view->flipped));
    }
  return json;
}

/* Nothing is said where nothing is marked. */
static void
add_marks (json_t *json, const DinoscopeSidecarView *view)
{
  json_t *marks = dinoscope_sidecar_marks_to_json (view->marks);
  json_t *regions = dinoscope_sidecar_regions_to_json (view->regions);

  if (marks != NULL)
    json_object_set_new (json, "marks", marks);
  if (regions != NULL)
    json_object_set_new (json, "regions", regions);
}

/* A file is known by what it holds: its path may name a person. */
static gboolean
add_file (json_t *files, const char *name, const char *path, GError **error)
{
  struct dino_error failure = { 0 };
  char              sha256[DINO_SHA256_LENGTH];

  if (*path == '\0')
    return TRUE;
  if (!dino_sha256_file (path, sha256, NULL, &failure))
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_FAILED);
      return FALSE;
    }
  json_object_set_new (files, name, json_string (sha256));
  return TRUE;
}

static gboolean
add_parameters (json_t *json, DinoscopeModel *model, const char *overlay, GVariant *parameters, GError **error)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (overlay);
  g_autoptr (GListModel)               list = NULL;
  g_autoptr (GVariant)                 complete = NULL;
  json_t                              *values = json_object ();
  json_t                              *files = json_object ();

  json_object_set_new (json, "overlay", json_string (overlay));
  json_object_set_new (json, "parameters", values);
  json_object_set_new (json, "files", files);
  if (provider == NULL)
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY, _ ("There is no overlay “%s”."), overlay);
      return FALSE;
    }
  list = dinoscope_overlay_provider_list_parameters (provider, model);
  complete = dinoscope_parameters_complete (list, parameters, error);
  if (complete == NULL)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (list, i);
      const char                    *name = dinoscope_parameter_get_name (parameter);
      g_autoptr (GVariant)           value = g_variant_lookup_value (complete, name, NULL);

      if (value == NULL)
        continue;
      if (dinoscope_parameter_get_parameter_type (parameter) != DINOSCOPE_PARAMETER_FILE)
        json_object_set_new (values, name, dinoscope_json_from_variant (value));
      else if (!add_file (files, name, g_variant_get_string (value, NULL), error))
        return FALSE;
    }
  return TRUE;
}

/* A picture, and where it was not treated as the map's own, how. Added to list
 * when all of it is known. */
static gboolean
add_reference (json_t *list, const DinoscopeMapReference *reference, DinoscopeFeatures *features, GError **error)
{
  json_t     *json = json_object ();
  const char *sha256;

  json_object_set_new (json, "sha256", json_string (reference->pixels_sha256));
  if (*reference->grey_sha256 != '\0')
    json_object_set_new (json, "grey-scale-sha256", json_string (reference->grey_sha256));
  if (strcmp (reference->preparation, dinoscope_features_get_preparation (features)) != 0)
    json_object_set_new (json, "preparation", words_to_json (reference->preparation));
  if (reference->cover.known)
    json_object_set_new (json, "covered", dinoscope_sidecar_cover_to_json (&reference->cover));
  if (reference->model != dinoscope_features_get_model (features))
    {
      sha256 = dinoscope_model_get_sha256 (reference->model, NULL, error);
      if (sha256 == NULL)
        {
          json_decref (json);
          return FALSE;
        }
      json_object_set_new (json, "model", model_to_json (reference->model, dinoscope_model_get_instruction_set (reference->model), sha256));
    }
  json_array_append_new (list, json);
  return TRUE;
}

/* Nothing is said where the picture was not compared with another. */
static gboolean
add_references (json_t *json, DinoscopeFeatures *features, DinoscopeMap *map, GError **error)
{
  json_t *list;

  if (dinoscope_map_get_n_references (map) == 0)
    return TRUE;
  list = json_array ();
  json_object_set_new (json, "references", list);
  for (guint i = 0; i < dinoscope_map_get_n_references (map); i++)
    if (!add_reference (list, dinoscope_map_get_reference (map, i), features, error))
      return FALSE;
  return TRUE;
}

char *
dinoscope_sidecar_to_json (DinoscopeFeatures                *features,
                           const DinoscopeSidecarRadiograph *radiograph,
                           const char                       *overlay,
                           GVariant                         *parameters,
                           DinoscopeMap                     *map,
                           const struct dino_map_style      *style,
                           const DinoscopeSidecarView       *view,
                           GError                          **error)
{
  DinoscopeModel   *model;
  struct dino_error failure = { 0 };
  const char       *sha256;
  json_t           *json;
  char             *text = NULL;

  g_return_val_if_fail (dinoscope_features_has_contents (features), NULL);
  g_return_val_if_fail (radiograph == NULL || dinoscope_study_has_contents (radiograph->study), NULL);
  g_return_val_if_fail (overlay != NULL, NULL);
  g_return_val_if_fail (dinoscope_map_has_contents (map), NULL);
  g_return_val_if_fail (style != NULL && view != NULL, NULL);

  model = dinoscope_features_get_model (features);
  sha256 = dinoscope_model_get_sha256 (model, NULL, error);
  if (sha256 == NULL)
    return NULL;

  json = json_object ();
  json_object_set_new (json, "schema", json_string (DINOSCOPE_SIDECAR_SCHEMA));
  json_object_set_new (json, "version", json_integer (DINOSCOPE_SIDECAR_VERSION));
  json_object_set_new (json, "program", program_to_json ());
  json_object_set_new (json, "notice", json_string (NOTICE));
  json_object_set_new (json, "picture", picture_to_json (features));
  json_object_set_new (json, "model", model_to_json (model, dinoscope_features_get_instruction_set (features), sha256));
  json_object_set_new (json, "preparation", preparation_to_json (features));
  if (radiograph != NULL && !view->map_only)
    json_object_set_new (json, "display", display_to_json (radiograph));
  if (add_parameters (json, model, overlay, parameters, error) && add_references (json, features, map, error))
    {
      json_object_set_new (json, "map", map_to_json (map, style));
      json_object_set_new (json, "style", style_to_json (style, dinoscope_map_get_core (map)));
      json_object_set_new (json, "view", view_to_json (view));
      add_marks (json, view);
      text = dinoscope_json_to_text (json, &failure);
      if (text == NULL)
        dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_FAILED);
    }
  json_decref (json);
  return text;
}
