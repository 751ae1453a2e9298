/* DinoscopePage: what is this view's own beside others: its model, the features
 * that it is compared with, its share in one scale. */
#include "app/dinoscope-page-private.h"

DinoscopeModel *
dinoscope_page_get_model (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  return self->own_model != NULL ? self->own_model : dinoscope_session_get_model (self->session);
}

gboolean
dinoscope_page_has_own_model (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), FALSE);

  return self->own_model != NULL;
}

void
dinoscope_page_set_model (DinoscopePage *self, DinoscopeModel *model)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));
  g_return_if_fail (model == NULL || DINOSCOPE_IS_MODEL (model));

  if (g_set_object (&self->own_model, model))
    dinoscope_page_model_changed (self);
}

/* The value of a parameter of this page's model that is nearest to the one
 * that was chosen for the window's model; NULL: the parameter's default. */
static GVariant *
fit_value (DinoscopeParameter *parameter, GVariant *value)
{
  double low, high;

  if (value == NULL || dinoscope_parameter_check (parameter, value, NULL))
    return value != NULL ? g_variant_ref (value) : NULL;
  if (dinoscope_parameter_get_parameter_type (parameter) != DINOSCOPE_PARAMETER_INT || !g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    return NULL;
  dinoscope_parameter_get_range (parameter, &low, &high);
  return g_variant_ref_sink (g_variant_new_int32 (CLAMP (g_variant_get_int32 (value), (int) low, (int) high)));
}

/* Whose patches row, column and pins name: this view's while keys work on it. */
static GVariant *
override (DinoscopePage *self, const char *name)
{
  if (!self->compared || !g_str_equal (name, "source"))
    return NULL;
  return g_variant_ref_sink (g_variant_new_string (self->leading ? "primary" : "reference"));
}

GVariant *
dinoscope_page_dup_values (DinoscopePage *self)
{
  GVariant              *values = dinoscope_overlay_settings_get_values (self->settings);
  DinoscopeModel        *model = dinoscope_page_get_model (self);
  g_autoptr (GListModel) parameters = NULL;
  g_auto (GVariantDict)  dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant)   fitted = NULL;

  if (values == NULL || model == NULL)
    return NULL;
  if (self->own_model == NULL && !self->compared)
    return g_variant_ref (values);
  parameters = dinoscope_overlay_provider_list_parameters (dinoscope_overlay_settings_get_provider (self->settings), model);
  for (guint i = 0; i < g_list_model_get_n_items (parameters); i++)
    {
      g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (parameters, i);
      const char                    *name = dinoscope_parameter_get_name (parameter);
      g_autoptr (GVariant)           chosen = override (self, name);
      g_autoptr (GVariant)           value = NULL;

      if (chosen == NULL)
        chosen = g_variant_lookup_value (values, name, NULL);
      value = fit_value (parameter, chosen);
      if (value != NULL)
        g_variant_dict_insert_value (&dict, name, value);
    }
  fitted = g_variant_ref_sink (g_variant_dict_end (&dict));
  return dinoscope_parameters_complete (parameters, fitted, NULL);
}

static gboolean
says_reference (GVariant *values, const char *name, const char *word)
{
  const char *value;

  return g_variant_lookup (values, name, "&s", &value) && g_str_equal (value, word);
}

static gboolean
looks_at_references (DinoscopePage *self, DinoscopeOverlayProvider *provider, GVariant *values)
{
  DinoscopeOverlayNeeds needs;

  dinoscope_overlay_provider_get_needs (provider, dinoscope_page_get_model (self), values, &needs);
  return needs.n_references > 0 || says_reference (values, "source", "reference") || says_reference (values, "fit", "references");
}

/* As far as they can be used by now; the first one has a meaning of its own. */
static GPtrArray *
find_ready (DinoscopePage *self, DinoscopeOverlayProvider *provider, GVariant *values)
{
  g_autoptr (GPtrArray) ready = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->references->len; i++)
    {
      DinoscopeFeatures *features = self->references->pdata[i];

      /* Of another model's blocks the values may say nothing. */
      if (dinoscope_features_is_complete (features) || dinoscope_overlay_provider_is_ready (provider, features, values))
        g_ptr_array_add (ready, g_object_ref (features));
      else if (i == 0)
        break;
    }
  return g_steal_pointer (&ready);
}

/* A run's features grow block by block: what was computed once stays the same. */
static gboolean
are_alike (DinoscopeFeatures *one, DinoscopeFeatures *other)
{
  return one == other ||
         (dinoscope_features_get_model (one) == dinoscope_features_get_model (other) &&
          g_strcmp0 (dinoscope_features_get_pixels_sha256 (one), dinoscope_features_get_pixels_sha256 (other)) == 0 &&
          g_strcmp0 (dinoscope_features_get_grey_sha256 (one), dinoscope_features_get_grey_sha256 (other)) == 0 &&
          g_strcmp0 (dinoscope_features_get_preparation (one), dinoscope_features_get_preparation (other)) == 0 &&
          memcmp (dinoscope_features_get_geometry (one), dinoscope_features_get_geometry (other), sizeof (struct dino_geometry)) == 0);
}

static gboolean
arrays_alike (GPtrArray *one, GPtrArray *other)
{
  if (one == NULL || other == NULL || one->len != other->len)
    return one == other;
  for (guint i = 0; i < one->len; i++)
    if (!are_alike (one->pdata[i], other->pdata[i]))
      return FALSE;
  return TRUE;
}

/* What the overlay looks at in this view; NULL while it is not there. */
DinoscopeContext *
dinoscope_page_new_context (DinoscopePage *self, DinoscopeOverlayProvider *provider, GVariant *values)
{
  g_autoptr (GPtrArray) ready = NULL;
  DinoscopeOverlayNeeds needs;

  g_clear_pointer (&self->references_used, g_ptr_array_unref);
  if (!looks_at_references (self, provider, values))
    return dinoscope_context_new (self->features, NULL, 0);
  dinoscope_page_emit_references_wanted (self);
  ready = find_ready (self, provider, values);
  dinoscope_overlay_provider_get_needs (provider, dinoscope_page_get_model (self), values, &needs);
  if (ready->len < needs.n_references && self->compared)
    return NULL;
  self->references_used = g_ptr_array_ref (ready);
  return dinoscope_context_new (self->features, (DinoscopeFeatures *const *) ready->pdata, ready->len);
}

DinoscopeContext *
dinoscope_page_dup_context (DinoscopePage *self)
{
  GPtrArray *used;

  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  if (self->features == NULL)
    return NULL;
  used = self->references_used;
  return dinoscope_context_new (self->features, used != NULL ? (DinoscopeFeatures *const *) used->pdata : NULL, used != NULL ? used->len : 0);
}

void
dinoscope_page_set_references (DinoscopePage *self, GPtrArray *features)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  g_ptr_array_set_size (self->references, 0);
  if (self->what_if != NULL && dinoscope_what_if_get_after (self->what_if) != NULL)
    g_ptr_array_add (self->references, g_object_ref (dinoscope_what_if_get_after (self->what_if)));
  for (guint i = 0; features != NULL && i < features->len; i++)
    g_ptr_array_add (self->references, g_object_ref (features->pdata[i]));
}

void
dinoscope_page_references_changed (DinoscopePage *self)
{
  DinoscopeOverlayProvider *provider;
  g_autoptr (GVariant)      values = NULL;
  g_autoptr (GPtrArray)     ready = NULL;

  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (!self->active || self->features == NULL || self->settings == NULL)
    return;
  provider = dinoscope_overlay_settings_get_provider (self->settings);
  values = dinoscope_page_dup_values (self);
  if (provider == NULL || values == NULL || !looks_at_references (self, provider, values))
    return;
  dinoscope_page_emit_references_wanted (self);
  ready = find_ready (self, provider, values);
  if (!arrays_alike (ready, self->references_used))
    dinoscope_page_map_wanted (self);
}

void
dinoscope_page_set_compared (DinoscopePage *self, gboolean compared, gboolean leading)
{
  g_autoptr (GVariant) before = NULL;
  g_autoptr (GVariant) after = NULL;

  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (self->compared == compared && self->leading == leading)
    return;
  if (self->settings != NULL)
    before = dinoscope_page_dup_values (self);
  self->compared = compared;
  self->leading = leading;
  /* The overlay is about this view's cursor and pins now. */
  if (self->settings != NULL && dinoscope_page_is_leading (self))
    dinoscope_page_update_marks (self);
  if (self->settings != NULL)
    after = dinoscope_page_dup_values (self);
  if (before != NULL && after != NULL && !g_variant_equal (before, after))
    dinoscope_page_map_wanted (self);
  else
    dinoscope_page_references_changed (self);
}

gboolean
dinoscope_page_is_leading (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), FALSE);

  return !self->compared || self->leading;
}

/* One scale over several views. */

void
dinoscope_page_set_shared_range (DinoscopePage *self, const double range[2])
{
  gboolean has = range != NULL;

  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (self->has_shared_range == has && (!has || (self->shared_range[0] == range[0] && self->shared_range[1] == range[1])))
    return;
  self->has_shared_range = has;
  if (has)
    memcpy (self->shared_range, range, sizeof self->shared_range);
  dinoscope_page_apply_style (self);
}

void
dinoscope_page_get_style (DinoscopePage *self, struct dino_map_style *style)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));
  g_return_if_fail (style != NULL);

  *style = dinoscope_overlay_settings_style_of (self->settings, self->map);
  if (!self->has_shared_range || style->has_range || self->map == NULL || dinoscope_map_get_channels (self->map) != 1)
    return;
  style->has_range = true;
  style->low = self->shared_range[0];
  style->high = self->shared_range[1];
}

void
dinoscope_page_set_bar_hidden (DinoscopePage *self, gboolean hidden)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  self->bar_hidden = hidden;
  if (self->settings != NULL)
    dinoscope_page_update_color_bar (self);
}

DinoscopeFeatures *
dinoscope_page_dup_features (DinoscopePage *self)
{
  DinoscopeModel  *model = dinoscope_page_get_model (self);
  g_autofree char *key = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  if (self->features != NULL)
    return g_object_ref (self->features);
  if (self->study == NULL || model == NULL)
    return NULL;
  key = dinoscope_features_cache_key (self->study, model);
  return key != NULL ? dinoscope_features_cache_lookup (dinoscope_session_get_cache (self->session), key) : NULL;
}

void
dinoscope_page_copy_picture (DinoscopePage *self, DinoscopePage *from)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));
  g_return_if_fail (DINOSCOPE_IS_PAGE (from));

  if (from->study == NULL)
    {
      if (from->file != NULL)
        dinoscope_page_open_file (self, from->file);
      return;
    }
  g_set_object (&self->file, from->file);
  g_set_object (&self->previous, from->previous);
  g_set_object (&self->next, from->next);
  dinoscope_page_notify (self, DINOSCOPE_PAGE_PROP_CAN_GO_BACK);
  dinoscope_page_notify (self, DINOSCOPE_PAGE_PROP_CAN_GO_ON);
  dinoscope_page_adopt_study (self, from->study, NULL);
}

GFile *
dinoscope_page_get_neighbour (DinoscopePage *self, int steps)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  return steps < 0 ? self->previous : self->next;
}

void
dinoscope_page_own_preparation (DinoscopePage *self)
{
  g_autoptr (DinoscopePreparationSettings) own = NULL;

  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (self->own_preparation)
    return;
  own = dinoscope_preparation_settings_new ();
  dinoscope_preparation_settings_set (own, dinoscope_preparation_settings_get (self->preparation));
  dinoscope_page_set_preparation (self, own);
  self->own_preparation = TRUE;
  dinoscope_page_notify (self, DINOSCOPE_PAGE_PROP_OWN_PREPARATION);
}

DinoscopePreparationSettings *
dinoscope_page_get_preparation (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  return self->preparation;
}

char *
dinoscope_page_describe_model (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  return self->own_model != NULL ? dinoscope_model_describe (self->own_model) : dinoscope_session_describe_model (self->session);
}
