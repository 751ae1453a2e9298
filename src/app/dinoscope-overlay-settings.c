#include "app/dinoscope-overlay-settings.h"

#include <math.h>

#include "app/dinoscope-plugin-watch.h"

/* What one overlay remembers while another one is shown. */
typedef struct
{
  GVariant             *values; /* a{sv}, complete for the model; NULL before there is one */
  struct dino_map_style style;
} OverlayState;

struct _DinoscopeOverlaySettings
{
  GObject parent_instance;

  DinoscopeModel           *model;
  DinoscopeOverlayProvider *provider;
  GListModel               *parameters;
  GHashTable               *states; /* id -> OverlayState */
  OverlayState             *state;  /* of provider, owned by states */
  gboolean                  map_visible;
  gboolean                  guess_first;

  const struct dino_colormap *colormap; /* preferred; NULL: as each map suggests */
};

enum
{
  PROP_PROVIDER = 1,
  PROP_MAP_VISIBLE,
  PROP_OPACITY,
  PROP_GUESS_FIRST,
  N_PROPS
};

enum
{
  SIGNAL_LIST_CHANGED,
  SIGNAL_MAP_CHANGED,
  SIGNAL_STYLE_CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (DinoscopeOverlaySettings, dinoscope_overlay_settings, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

static void
overlay_state_free (gpointer data)
{
  OverlayState *state = data;

  g_clear_pointer (&state->values, g_variant_unref);
  g_free (state);
}

static OverlayState *
ensure_state (DinoscopeOverlaySettings *self, const char *id)
{
  OverlayState *state = g_hash_table_lookup (self->states, id);

  if (state == NULL)
    {
      state = g_new0 (OverlayState, 1);
      dino_map_style_init (&state->style);
      g_hash_table_insert (self->states, g_strdup (id), state);
    }
  return state;
}

/* The remembered values that the model still allows, completed with defaults. */
static void
fit_values (DinoscopeOverlaySettings *self)
{
  g_auto (GVariantDict) kept = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant)  checked = NULL;
  g_autoptr (GError)    error = NULL;

  if (self->state->values != NULL)
    for (guint i = 0; i < g_list_model_get_n_items (self->parameters); i++)
      {
        g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (self->parameters, i);
        const char                    *name = dinoscope_parameter_get_name (parameter);
        g_autoptr (GVariant)           value = g_variant_lookup_value (self->state->values, name, NULL);

        if (value != NULL && dinoscope_parameter_check (parameter, value, NULL))
          g_variant_dict_insert_value (&kept, name, value);
      }
  checked = g_variant_ref_sink (g_variant_dict_end (&kept));
  g_clear_pointer (&self->state->values, g_variant_unref);
  self->state->values = dinoscope_parameters_complete (self->parameters, checked, &error);
  if (self->state->values == NULL)
    g_warning ("The overlay's own defaults are refused: %s", error->message);
}

static void
update_list (DinoscopeOverlaySettings *self)
{
  g_clear_object (&self->parameters);
  if (self->model != NULL && self->provider != NULL)
    {
      self->parameters = dinoscope_overlay_provider_list_parameters (self->provider, self->model);
      fit_values (self);
    }
  g_signal_emit (self, signals[SIGNAL_LIST_CHANGED], 0);
  g_signal_emit (self, signals[SIGNAL_MAP_CHANGED], 0);
}

static void
dinoscope_overlay_settings_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DinoscopeOverlaySettings *self = DINOSCOPE_OVERLAY_SETTINGS (object);

  switch (id)
    {
    case PROP_PROVIDER:
      g_value_set_object (value, self->provider);
      break;
    case PROP_MAP_VISIBLE:
      g_value_set_boolean (value, self->map_visible);
      break;
    case PROP_GUESS_FIRST:
      g_value_set_boolean (value, self->guess_first);
      break;
    case PROP_OPACITY:
      g_value_set_double (value, dinoscope_overlay_settings_get_opacity (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_overlay_settings_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DinoscopeOverlaySettings *self = DINOSCOPE_OVERLAY_SETTINGS (object);

  switch (id)
    {
    case PROP_PROVIDER:
      dinoscope_overlay_settings_set_provider (self, g_value_get_object (value));
      break;
    case PROP_MAP_VISIBLE:
      if (self->map_visible != g_value_get_boolean (value))
        {
          self->map_visible = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    case PROP_GUESS_FIRST:
      if (self->guess_first != g_value_get_boolean (value))
        {
          self->guess_first = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    case PROP_OPACITY:
      dinoscope_overlay_settings_set_opacity (self, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_overlay_settings_finalize (GObject *object)
{
  DinoscopeOverlaySettings *self = DINOSCOPE_OVERLAY_SETTINGS (object);

  g_clear_object (&self->model);
  g_clear_object (&self->provider);
  g_clear_object (&self->parameters);
  g_clear_pointer (&self->states, g_hash_table_unref);

  G_OBJECT_CLASS (dinoscope_overlay_settings_parent_class)->finalize (object);
}

static guint
install_signal (const char *name)
{
  return g_signal_new (name, DINOSCOPE_TYPE_OVERLAY_SETTINGS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_overlay_settings_class_init (DinoscopeOverlaySettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = dinoscope_overlay_settings_get_property;
  object_class->set_property = dinoscope_overlay_settings_set_property;
  object_class->finalize = dinoscope_overlay_settings_finalize;

  properties[PROP_PROVIDER] = g_param_spec_object ("provider", NULL, NULL, DINOSCOPE_TYPE_OVERLAY_PROVIDER,
                                                   G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_MAP_VISIBLE] = g_param_spec_boolean ("map-visible", NULL, NULL, TRUE,
                                                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_GUESS_FIRST] = g_param_spec_boolean ("guess-first", NULL, NULL, FALSE,
                                                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_OPACITY] = g_param_spec_double ("opacity", NULL, NULL, 0, 1, 0.5,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_LIST_CHANGED] = install_signal ("list-changed");
  signals[SIGNAL_MAP_CHANGED] = install_signal ("map-changed");
  signals[SIGNAL_STYLE_CHANGED] = install_signal ("style-changed");
}

/* An overlay that is no longer there gives way to the first one. */
static void
plugin_changed_cb (DinoscopeOverlaySettings *self, DinoscopePlugin *plugin)
{
  g_autoptr (GListModel)               providers = NULL;
  g_autoptr (DinoscopeOverlayProvider) first = NULL;

  if (self->provider == NULL || dinoscope_plugins_find (G_OBJECT_TYPE (self->provider)) != plugin || dinoscope_plugin_get_state (plugin) == DINOSCOPE_PLUGIN_IN_USE)
    return;
  providers = dinoscope_overlays_list ();
  first = g_list_model_get_item (providers, 0);
  dinoscope_overlay_settings_set_provider (self, first);
}

static void
dinoscope_overlay_settings_init (DinoscopeOverlaySettings *self)
{
  g_autoptr (GListModel) providers = dinoscope_overlays_list ();

  self->states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, overlay_state_free);
  self->map_visible = TRUE;
  self->provider = g_list_model_get_item (providers, 0);
  self->state = ensure_state (self, self->provider != NULL ? dinoscope_overlay_provider_get_id (self->provider) : "");
  dinoscope_plugin_watch (self, G_CALLBACK (plugin_changed_cb));
}

DinoscopeOverlaySettings *
dinoscope_overlay_settings_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_OVERLAY_SETTINGS, NULL);
}

void
dinoscope_overlay_settings_set_model (DinoscopeOverlaySettings *self, DinoscopeModel *model)
{
  g_return_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self));

  if (g_set_object (&self->model, model))
    update_list (self);
}

DinoscopeOverlayProvider *
dinoscope_overlay_settings_get_provider (DinoscopeOverlaySettings *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self), NULL);

  return self->provider;
}

void
dinoscope_overlay_settings_set_provider (DinoscopeOverlaySettings *self, DinoscopeOverlayProvider *provider)
{
  OverlayState *before;

  g_return_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self));
  g_return_if_fail (DINOSCOPE_IS_OVERLAY_PROVIDER (provider));

  if (!g_set_object (&self->provider, provider))
    return;
  before = self->state;
  self->state = ensure_state (self, dinoscope_overlay_provider_get_id (provider));
  self->state->style.opacity = before->style.opacity;
  self->state->style.smooth = before->style.smooth;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROVIDER]);
  update_list (self);
  g_signal_emit (self, signals[SIGNAL_STYLE_CHANGED], 0);
}

GListModel *
dinoscope_overlay_settings_get_parameters (DinoscopeOverlaySettings *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self), NULL);

  return self->parameters;
}

DinoscopeParameter *
dinoscope_overlay_settings_find_parameter (DinoscopeOverlaySettings *self, const char *name)
{
  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self), NULL);

  if (self->parameters != NULL)
    for (guint i = 0; i < g_list_model_get_n_items (self->parameters); i++)
      {
        g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (self->parameters, i);

        /* The list keeps it alive. */
        if (g_str_equal (dinoscope_parameter_get_name (parameter), name))
          return parameter;
      }
  return NULL;
}

GVariant *
dinoscope_overlay_settings_get_values (DinoscopeOverlaySettings *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self), NULL);

  return self->parameters != NULL ? self->state->values : NULL;
}

GVariant *
dinoscope_overlay_settings_dup_value (DinoscopeOverlaySettings *self, const char *name)
{
  GVariant *values = dinoscope_overlay_settings_get_values (self);

  return values != NULL ? g_variant_lookup_value (values, name, NULL) : NULL;
}

void
dinoscope_overlay_settings_set_value (DinoscopeOverlaySettings *self, const char *name, GVariant *value)
{
  g_autoptr (GVariant)     sunk = value != NULL ? g_variant_ref_sink (value) : NULL;
  g_autoptr (GVariant)     before = NULL;
  g_autoptr (GVariant)     wanted = NULL;
  g_autoptr (GVariant)     complete = NULL;
  g_autoptr (GVariantDict) dict = NULL;

  g_return_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self));

  if (self->parameters == NULL || self->state->values == NULL)
    return;
  before = g_variant_lookup_value (self->state->values, name, NULL);
  if (before == sunk || (before != NULL && sunk != NULL && g_variant_equal (before, sunk)))
    return;

  dict = g_variant_dict_new (self->state->values);
  if (sunk != NULL)
    g_variant_dict_insert_value (dict, name, sunk);
  else
    g_variant_dict_remove (dict, name);
  wanted = g_variant_ref_sink (g_variant_dict_end (dict));
  complete = dinoscope_parameters_complete (self->parameters, wanted, NULL);
  if (complete == NULL)
    return;
  g_clear_pointer (&self->state->values, g_variant_unref);
  self->state->values = g_steal_pointer (&complete);
  g_signal_emit (self, signals[SIGNAL_MAP_CHANGED], 0);
}

void
dinoscope_overlay_settings_set_values (DinoscopeOverlaySettings *self, GVariant *values)
{
  g_autoptr (GVariantDict) dict = NULL;
  g_autoptr (GVariant)     wanted = NULL;
  g_autoptr (GVariant)     complete = NULL;
  GVariantIter             iter;
  const char              *name;
  GVariant                *value;

  g_return_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self));
  g_return_if_fail (g_variant_is_of_type (values, G_VARIANT_TYPE_VARDICT));

  if (self->parameters == NULL || self->state->values == NULL)
    return;
  dict = g_variant_dict_new (self->state->values);
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    g_variant_dict_insert_value (dict, name, value);
  wanted = g_variant_ref_sink (g_variant_dict_end (dict));
  complete = dinoscope_parameters_complete (self->parameters, wanted, NULL);
  if (complete == NULL || g_variant_equal (complete, self->state->values))
    return;
  g_clear_pointer (&self->state->values, g_variant_unref);
  self->state->values = g_steal_pointer (&complete);
  g_signal_emit (self, signals[SIGNAL_MAP_CHANGED], 0);
}

void
dinoscope_overlay_settings_reset (DinoscopeOverlaySettings *self)
{
  struct dino_map_style style;

  g_return_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self));

  if (self->parameters != NULL)
    {
      g_clear_pointer (&self->state->values, g_variant_unref);
      fit_values (self);
      g_signal_emit (self, signals[SIGNAL_MAP_CHANGED], 0);
    }
  dino_map_style_init (&style);
  dinoscope_overlay_settings_set_style (self, &style);
}

static GVariant *
step_choice (DinoscopeParameter *parameter, const char *current, int steps)
{
  const char *const *choices = dinoscope_parameter_get_choices (parameter);
  int                n = (int) g_strv_length ((char **) choices);
  int                index = 0;

  while (index < n - 1 && !g_str_equal (choices[index], current))
    index++;
  return g_variant_new_string (choices[CLAMP (index + steps, 0, n - 1)]);
}

gboolean
dinoscope_overlay_settings_step (DinoscopeOverlaySettings *self, const char *name, int steps)
{
  DinoscopeParameter  *parameter;
  g_autoptr (GVariant) value = NULL;
  double               low, high;

  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self), FALSE);

  parameter = dinoscope_overlay_settings_find_parameter (self, name);
  value = dinoscope_overlay_settings_dup_value (self, name);
  if (parameter == NULL || value == NULL)
    return FALSE;
  switch (dinoscope_parameter_get_parameter_type (parameter))
    {
    case DINOSCOPE_PARAMETER_INT:
      dinoscope_parameter_get_range (parameter, &low, &high);
      dinoscope_overlay_settings_set_value (self, name, g_variant_new_int32 (CLAMP (g_variant_get_int32 (value) + steps, (int) low, (int) high)));
      return TRUE;
    case DINOSCOPE_PARAMETER_ENUM:
      dinoscope_overlay_settings_set_value (self, name, step_choice (parameter, g_variant_get_string (value, NULL), steps));
      return TRUE;
    case DINOSCOPE_PARAMETER_BOOL:
    case DINOSCOPE_PARAMETER_DOUBLE:
    case DINOSCOPE_PARAMETER_PATCH:
    case DINOSCOPE_PARAMETER_PATCHES:
    case DINOSCOPE_PARAMETER_FILE:
    default:
      return FALSE;
    }
}

const struct dino_map_style *
dinoscope_overlay_settings_get_style (DinoscopeOverlaySettings *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self), NULL);

  return &self->state->style;
}

void
dinoscope_overlay_settings_set_colormap (DinoscopeOverlaySettings *self, const struct dino_colormap *colormap)
{
  g_return_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self));

  if (self->colormap == colormap)
    return;
  self->colormap = colormap;
  g_signal_emit (self, signals[SIGNAL_STYLE_CHANGED], 0);
}

/* Signed values need two colours that meet, and parts of a picture a colour each. */
static gboolean
runs_one_way (const struct dino_map *map)
{
  const struct dino_colormap *suggested = dino_colormap_find (map->colormap);

  return map->channels == 1 && !map->is_signed && suggested != NULL && !suggested->diverging && suggested->n_parts == 0;
}

struct dino_map_style
dinoscope_overlay_settings_style_of (DinoscopeOverlaySettings *self, DinoscopeMap *map)
{
  struct dino_map_style style = self->state->style;

  if (style.colormap == NULL && map != NULL && runs_one_way (dinoscope_map_get_core (map)))
    style.colormap = self->colormap;
  return style;
}

static gboolean
styles_equal (const struct dino_map_style *a, const struct dino_map_style *b)
{
  return a->colormap == b->colormap && a->opacity == b->opacity && a->smooth == b->smooth && a->contours == b->contours &&
         a->has_threshold == b->has_threshold && a->threshold == b->threshold &&
         a->has_range == b->has_range && a->low == b->low && a->high == b->high;
}

void
dinoscope_overlay_settings_set_style (DinoscopeOverlaySettings *self, const struct dino_map_style *style)
{
  gboolean opacity_changed;

  g_return_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self));
  g_return_if_fail (style != NULL);

  if (styles_equal (&self->state->style, style))
    return;
  opacity_changed = self->state->style.opacity != style->opacity;
  self->state->style = *style;
  if (opacity_changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPACITY]);
  g_signal_emit (self, signals[SIGNAL_STYLE_CHANGED], 0);
}

double
dinoscope_overlay_settings_get_opacity (DinoscopeOverlaySettings *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self), 0);

  return self->state->style.opacity;
}

void
dinoscope_overlay_settings_set_opacity (DinoscopeOverlaySettings *self, double opacity)
{
  struct dino_map_style style;

  g_return_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (self));

  style = self->state->style;
  /* Whole percents, so that ten steps down and ten up end where they began. */
  style.opacity = round (CLAMP (opacity, 0, 1) * 100) / 100;
  dinoscope_overlay_settings_set_style (self, &style);
}
