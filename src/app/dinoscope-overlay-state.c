/* DinoscopeOverlaySettings as a value, for the way back and for views that are kept. */
#include "app/dinoscope-overlay-settings.h"

/* Parameters lie beside the rest, so that one of them can be told from another. */
#define PARAMETER_PREFIX "parameter-"

static void
add_parameters (GVariantDict *dict, GVariant *values)
{
  GVariantIter iter;
  const char  *name;
  GVariant    *value;

  g_variant_iter_init (&iter, values);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) owned = value;
      g_autofree char     *key = g_strconcat (PARAMETER_PREFIX, name, NULL);

      g_variant_dict_insert_value (dict, key, owned);
    }
}

static void
add_style (GVariantDict *dict, const struct dino_map_style *style)
{
  g_variant_dict_insert (dict, "colormap", "s", style->colormap != NULL ? style->colormap->name : "");
  g_variant_dict_insert (dict, "opacity", "d", style->opacity);
  g_variant_dict_insert (dict, "smooth", "s", dino_smooth_name (style->smooth));
  g_variant_dict_insert (dict, "contours", "i", style->contours);
  if (style->has_threshold)
    g_variant_dict_insert (dict, "threshold", "d", style->threshold);
  if (style->has_range)
    g_variant_dict_insert (dict, "range", "(dd)", style->low, style->high);
}

GVariant *
dinoscope_overlay_settings_dup_state (DinoscopeOverlaySettings *self)
{
  g_auto (GVariantDict)     dict = G_VARIANT_DICT_INIT (NULL);
  DinoscopeOverlayProvider *provider;
  GVariant                 *values;
  gboolean                  visible;

  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self), NULL);

  provider = dinoscope_overlay_settings_get_provider (self);
  values = dinoscope_overlay_settings_get_values (self);
  g_object_get (self, "map-visible", &visible, NULL);
  g_variant_dict_insert (&dict, "map-visible", "b", visible);
  if (provider != NULL)
    g_variant_dict_insert (&dict, "overlay", "s", dinoscope_overlay_provider_get_id (provider));
  if (values != NULL)
    add_parameters (&dict, values);
  add_style (&dict, dinoscope_overlay_settings_get_style (self));
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
restore_provider (DinoscopeOverlaySettings *self, GVariant *state)
{
  const char                          *id;
  g_autoptr (DinoscopeOverlayProvider) provider = NULL;

  if (!g_variant_lookup (state, "overlay", "&s", &id))
    return;
  provider = dinoscope_overlays_find (id);
  if (provider != NULL)
    dinoscope_overlay_settings_set_provider (self, provider);
}

static void
restore_parameters (DinoscopeOverlaySettings *self, GVariant *state)
{
  GListModel *parameters = dinoscope_overlay_settings_get_parameters (self);

  for (guint i = 0; parameters != NULL && i < g_list_model_get_n_items (parameters); i++)
    {
      g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (parameters, i);
      const char                    *name = dinoscope_parameter_get_name (parameter);
      g_autofree char               *key = g_strconcat (PARAMETER_PREFIX, name, NULL);
      g_autoptr (GVariant)           value = g_variant_lookup_value (state, key, NULL);

      if (value != NULL || dinoscope_parameter_is_optional (parameter))
        dinoscope_overlay_settings_set_value (self, name, value);
    }
}

static void
restore_style (DinoscopeOverlaySettings *self, GVariant *state)
{
  struct dino_map_style style = *dinoscope_overlay_settings_get_style (self);
  const char           *name;

  if (g_variant_lookup (state, "colormap", "&s", &name))
    style.colormap = *name != '\0' ? dino_colormap_find (name) : NULL;
  if (g_variant_lookup (state, "smooth", "&s", &name))
    dino_smooth_parse (name, &style.smooth);
  g_variant_lookup (state, "opacity", "d", &style.opacity);
  g_variant_lookup (state, "contours", "i", &style.contours);
  style.has_threshold = g_variant_lookup (state, "threshold", "d", &style.threshold);
  style.has_range = g_variant_lookup (state, "range", "(dd)", &style.low, &style.high);
  dinoscope_overlay_settings_set_style (self, &style);
}

void
dinoscope_overlay_settings_restore (DinoscopeOverlaySettings *self, GVariant *state)
{
  gboolean visible;

  g_return_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self));
  g_return_if_fail (g_variant_is_of_type (state, G_VARIANT_TYPE_VARDICT));

  restore_provider (self, state);
  restore_parameters (self, state);
  restore_style (self, state);
  if (g_variant_lookup (state, "map-visible", "b", &visible))
    g_object_set (self, "map-visible", visible, NULL);
}
