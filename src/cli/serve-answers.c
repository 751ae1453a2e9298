#include "cli/serve-answers.h"

#include "core/maps/draw.h"

/* Colours of a bar. */
#define RAMP 128

static void
begin (GVariantDict *answer, const char *kind, guint32 serial)
{
  g_variant_dict_init (answer, NULL);
  g_variant_dict_insert (answer, "answer", "s", kind);
  g_variant_dict_insert (answer, "serial", "u", serial);
}

GVariant *
serve_answer_progress (guint32 serial, guint done, guint total)
{
  GVariantDict answer;

  begin (&answer, "progress", serial);
  g_variant_dict_insert (&answer, "done", "u", (guint32) done);
  g_variant_dict_insert (&answer, "total", "u", (guint32) total);
  return g_variant_dict_end (&answer);
}

GVariant *
serve_answer_failed (guint32 serial, const GError *error)
{
  GVariantDict answer;
  const char  *reason = "failed";

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    reason = "cancelled";
  else if (g_error_matches (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MEMORY))
    reason = "memory";
  begin (&answer, "failed", serial);
  g_variant_dict_insert (&answer, "reason", "s", reason);
  g_variant_dict_insert (&answer, "message", "s", error->message);
  return g_variant_dict_end (&answer);
}

static const char *
type_name (DinoscopeParameterType type)
{
  static const char *const names[] = {
    [DINOSCOPE_PARAMETER_BOOL] = "bool",
    [DINOSCOPE_PARAMETER_INT] = "int",
    [DINOSCOPE_PARAMETER_DOUBLE] = "double",
    [DINOSCOPE_PARAMETER_ENUM] = "enum",
    [DINOSCOPE_PARAMETER_PATCH] = "patch",
    [DINOSCOPE_PARAMETER_PATCHES] = "patches",
    [DINOSCOPE_PARAMETER_FILE] = "file",
  };

  return names[type];
}

static GVariant *
describe_parameter (DinoscopeParameter *parameter)
{
  DinoscopeParameterType type = dinoscope_parameter_get_parameter_type (parameter);
  GVariant              *standard = dinoscope_parameter_get_default (parameter);
  GVariantDict           description;
  double                 low = 0, high = 0;

  g_variant_dict_init (&description, NULL);
  g_variant_dict_insert (&description, "name", "s", dinoscope_parameter_get_name (parameter));
  g_variant_dict_insert (&description, "title", "s", dinoscope_parameter_get_title (parameter));
  g_variant_dict_insert (&description, "type", "s", type_name (type));
  g_variant_dict_insert (&description, "optional", "b", dinoscope_parameter_is_optional (parameter));
  if (type == DINOSCOPE_PARAMETER_INT || type == DINOSCOPE_PARAMETER_DOUBLE)
    dinoscope_parameter_get_range (parameter, &low, &high);
  g_variant_dict_insert (&description, "low", "d", low);
  g_variant_dict_insert (&description, "high", "d", high);
  if (type == DINOSCOPE_PARAMETER_ENUM)
    {
      g_variant_dict_insert (&description, "choices", "^as", dinoscope_parameter_get_choices (parameter));
      g_variant_dict_insert (&description, "choice-titles", "^as", dinoscope_parameter_get_choice_titles (parameter));
    }
  if (standard != NULL)
    g_variant_dict_insert_value (&description, "default", standard);
  return g_variant_dict_end (&description);
}

/* Overlays that compare pictures need a second one, which nobody can name here. */
static gboolean
is_for_one_picture (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GListModel *parameters)
{
  g_autoptr (GVariant)  values = dinoscope_parameters_complete (parameters, NULL, NULL);
  DinoscopeOverlayNeeds needs = { 0 };

  if (values == NULL)
    return FALSE;
  dinoscope_overlay_provider_get_needs (provider, model, values, &needs);
  return needs.n_references == 0;
}

static GVariant *
describe_overlays (DinoscopeModel *model)
{
  g_autoptr (GListModel) overlays = dinoscope_overlays_list ();
  GVariantBuilder        list;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < g_list_model_get_n_items (overlays); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = g_list_model_get_item (overlays, i);
      g_autoptr (GListModel)               parameters = dinoscope_overlay_provider_list_parameters (provider, model);
      GVariantBuilder                      rows;
      GVariantDict                         description;

      if (!is_for_one_picture (provider, model, parameters))
        continue;
      g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
      for (guint j = 0; j < g_list_model_get_n_items (parameters); j++)
        {
          g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (parameters, j);

          g_variant_builder_add_value (&rows, describe_parameter (parameter));
        }
      g_variant_dict_init (&description, NULL);
      g_variant_dict_insert (&description, "id", "s", dinoscope_overlay_provider_get_id (provider));
      g_variant_dict_insert (&description, "title", "s", dinoscope_overlay_provider_get_title (provider));
      g_variant_dict_insert_value (&description, "parameters", g_variant_builder_end (&rows));
      g_variant_builder_add_value (&list, g_variant_dict_end (&description));
    }
  return g_variant_builder_end (&list);
}

GVariant *
serve_answer_encoded (guint32 serial, DinoscopeStudy *study, DinoscopeModel *model)
{
  const struct dino_picture *picture = dinoscope_study_get_picture (study);
  g_autofree char           *encoder = dinoscope_model_describe (model);
  GVariantDict               answer;

  begin (&answer, "encoded", serial);
  g_variant_dict_insert (&answer, "encoder", "s", encoder);
  g_variant_dict_insert (&answer, "width", "i", picture->width);
  g_variant_dict_insert (&answer, "height", "i", picture->height);
  g_variant_dict_insert (&answer, "orientation", "i", (picture->notes & DINO_NOTE_ORIENTED) != 0 ? picture->orientation : 1);
  g_variant_dict_insert (&answer, "notes", "s", dinoscope_study_get_notes (study));
  g_variant_dict_insert_value (&answer, "overlays", describe_overlays (model));
  return g_variant_dict_end (&answer);
}

/* From the lowest value to the highest. */
static void
insert_ramp (GVariantDict *answer, const struct dino_map *map)
{
  struct dino_map_style style;
  guint8                colors[RAMP][3] = { 0 };

  dino_map_style_init (&style);
  for (int i = 0; i < RAMP; i++)
    dino_map_style_color (&style, map, map->low + (map->high - map->low) * i / (RAMP - 1), colors[i]);
  g_variant_dict_insert_value (answer, "ramp", g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, colors, sizeof colors, 1));
  g_variant_dict_insert (answer, "low", "d", map->low);
  g_variant_dict_insert (answer, "high", "d", map->high);
}

GVariant *
serve_answer_map (guint32 serial, DinoscopeMap *map, GBytes *cells)
{
  const struct dino_map *core = dinoscope_map_get_core (map);
  GVariantDict           answer;

  begin (&answer, "map", serial);
  g_variant_dict_insert (&answer, "rows", "i", core->height);
  g_variant_dict_insert (&answer, "columns", "i", core->width);
  g_variant_dict_insert_value (&answer, "cells", g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, cells, TRUE));
  g_variant_dict_insert (&answer, "box", "(dddd)", core->seen.x0, core->seen.y0, core->seen.x1, core->seen.y1);
  g_variant_dict_insert (&answer, "title", "s", core->title);
  g_variant_dict_insert (&answer, "legend", "s", core->legend);
  g_variant_dict_insert (&answer, "unit", "s", core->unit);
  if (core->channels == 1)
    insert_ramp (&answer, core);
  return g_variant_dict_end (&answer);
}
