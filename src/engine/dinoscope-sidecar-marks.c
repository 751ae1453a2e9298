/* What a person marked, in sidecars: states of DinoscopeMarks and
 * DinoscopeRegions as JSON, and back. */
#include "engine/dinoscope-sidecar-private.h"

#include "core/maps/region.h"
#include "engine/dinoscope-json-private.h"

#define SHAPES_TYPE "a(sdddds)"

json_t *
dinoscope_sidecar_marks_to_json (GVariant *marks)
{
  g_autoptr (GVariant) cursor = marks != NULL ? g_variant_lookup_value (marks, "cursor", G_VARIANT_TYPE ("(ii)")) : NULL;
  g_autoptr (GVariant) pins = marks != NULL ? g_variant_lookup_value (marks, "pins", G_VARIANT_TYPE ("a(ii)")) : NULL;
  json_t              *json;

  if (cursor == NULL && (pins == NULL || g_variant_n_children (pins) == 0))
    return NULL;
  json = json_object ();
  if (cursor != NULL)
    json_object_set_new (json, "cursor", dinoscope_json_from_variant (cursor));
  json_object_set_new (json, "pins", pins != NULL ? dinoscope_json_from_variant (pins) : json_array ());
  return json;
}

json_t *
dinoscope_sidecar_regions_to_json (GVariant *regions)
{
  g_autoptr (GVariant) shapes = regions != NULL ? g_variant_lookup_value (regions, "shapes", G_VARIANT_TYPE (SHAPES_TYPE)) : NULL;
  GVariantIter         iter;
  const char          *shape, *label;
  struct dino_box      box;
  json_t              *json;

  if (shapes == NULL || g_variant_n_children (shapes) == 0)
    return NULL;
  json = json_array ();
  g_variant_iter_init (&iter, shapes);
  while (g_variant_iter_next (&iter, "(&sdddd&s)", &shape, &box.x0, &box.y0, &box.x1, &box.y1, &label))
    {
      json_t *region = json_object ();

      json_object_set_new (region, "shape", json_string (shape));
      json_object_set_new (region, "box", dinoscope_sidecar_box_to_json (box));
      json_object_set_new (region, "label", json_string (label));
      json_array_append_new (json, region);
    }
  return json;
}

json_t *
dinoscope_sidecar_box_to_json (struct dino_box box)
{
  json_t *json = json_array ();

  json_array_append_new (json, json_real (box.x0));
  json_array_append_new (json, json_real (box.y0));
  json_array_append_new (json, json_real (box.x1));
  json_array_append_new (json, json_real (box.y1));
  return json;
}

gboolean
dinoscope_sidecar_box_from_json (const json_t *json, struct dino_box *box)
{
  double numbers[4];

  if (json_array_size (json) != G_N_ELEMENTS (numbers))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      const json_t *number = json_array_get (json, i);

      if (!json_is_number (number))
        return FALSE;
      numbers[i] = json_number_value (number);
    }
  *box = (struct dino_box){ numbers[0], numbers[1], numbers[2], numbers[3] };
  return TRUE;
}

gboolean
dinoscope_sidecar_marks_from_json (const json_t *json, GVariant **marks)
{
  const json_t         *cursor = json_object_get (json, "cursor");
  const json_t         *pins = json_object_get (json, "pins");
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  GVariant             *value;

  if (!json_is_object (json))
    return FALSE;
  if (cursor != NULL)
    {
      value = dinoscope_json_to_variant (cursor);
      if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE ("(ii)")))
        return FALSE;
      g_variant_dict_insert_value (&dict, "cursor", value);
    }
  if (pins != NULL)
    {
      value = json_is_array (pins) ? dinoscope_json_to_variant (pins) : NULL;
      if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE ("a(ii)")))
        return FALSE;
      g_variant_dict_insert_value (&dict, "pins", value);
    }
  *marks = g_variant_ref_sink (g_variant_dict_end (&dict));
  return TRUE;
}

static gboolean
add_region (const json_t *region, GVariantBuilder *shapes)
{
  const char     *name = json_string_value (json_object_get (region, "shape"));
  const char     *label = json_string_value (json_object_get (region, "label"));
  enum dino_shape shape;
  struct dino_box box;

  if (name == NULL || !dino_shape_parse (name, &shape) || !dinoscope_sidecar_box_from_json (json_object_get (region, "box"), &box))
    return FALSE;
  g_variant_builder_add (shapes, "(sdddds)", name, box.x0, box.y0, box.x1, box.y1, label != NULL ? label : "");
  return TRUE;
}

gboolean
dinoscope_sidecar_regions_from_json (const json_t *json, GVariant **regions)
{
  g_auto (GVariantBuilder) shapes = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (SHAPES_TYPE));
  g_auto (GVariantDict)    dict = G_VARIANT_DICT_INIT (NULL);

  if (!json_is_array (json))
    return FALSE;
  for (gsize i = 0; i < json_array_size (json); i++)
    if (!add_region (json_array_get (json, i), &shapes))
      return FALSE;
  g_variant_dict_insert_value (&dict, "shapes", g_variant_builder_end (&shapes));
  *regions = g_variant_ref_sink (g_variant_dict_end (&dict));
  return TRUE;
}
