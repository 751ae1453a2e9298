#include "scripted-overlay.h"

#include "engine/dinoscope-error.h"

struct _ScriptedOverlay
{
  GObject parent_instance;

  ScriptedFunc          func;
  gpointer              data;
  DinoscopeOverlayNeeds needs;
};

static const char *
scripted_overlay_get_id (DinoscopeOverlayProvider *provider)
{
  return "scripted";
}

static const char *
scripted_overlay_get_title (DinoscopeOverlayProvider *provider)
{
  return "Scripted";
}

static GListModel *
scripted_overlay_list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) level = dinoscope_parameter_new_double ("level", "Level", 0, 10, 2.5);

  g_list_store_append (list, level);
  return G_LIST_MODEL (list);
}

static void
scripted_overlay_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  *needs = SCRIPTED_OVERLAY (provider)->needs;
}

static DinoscopeMap *
scripted_overlay_compute (DinoscopeOverlayProvider *provider,
                          DinoscopeContext         *context,
                          GVariant                 *parameters,
                          GCancellable             *cancellable,
                          DinoscopeOverlayProgress  progress,
                          gpointer                  progress_data,
                          GError                  **error)
{
  ScriptedOverlay *self = SCRIPTED_OVERLAY (provider);

  for (int quarter = 1; progress != NULL && quarter <= 4; quarter++)
    progress (quarter / 4.0, progress_data);
  return self->func == NULL ? scripted_map (context) : self->func (context, parameters, cancellable, self->data, error);
}

static void
provider_iface_init (DinoscopeOverlayProviderInterface *iface)
{
  iface->get_id = scripted_overlay_get_id;
  iface->get_title = scripted_overlay_get_title;
  iface->list_parameters = scripted_overlay_list_parameters;
  iface->get_needs = scripted_overlay_get_needs;
  iface->compute = scripted_overlay_compute;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ScriptedOverlay, scripted_overlay, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (DINOSCOPE_TYPE_OVERLAY_PROVIDER, provider_iface_init))

static void
scripted_overlay_class_init (ScriptedOverlayClass *klass)
{
}

static void
scripted_overlay_init (ScriptedOverlay *self)
{
  self->needs.last_block = -1;
}

DinoscopeOverlayProvider *
scripted_overlay_new (ScriptedFunc func, gpointer data)
{
  ScriptedOverlay *self = g_object_new (SCRIPTED_TYPE_OVERLAY, NULL);

  self->func = func;
  self->data = data;
  return DINOSCOPE_OVERLAY_PROVIDER (self);
}

void
scripted_overlay_set_needs (DinoscopeOverlayProvider *provider, int last_block, guint n_references)
{
  SCRIPTED_OVERLAY (provider)->needs = (DinoscopeOverlayNeeds){ .last_block = last_block, .n_references = n_references };
}

DinoscopeMap *
scripted_map (DinoscopeContext *context)
{
  DinoscopeFeatures *features = dinoscope_context_get_primary (context);
  int                width = dinoscope_features_get_columns (features);
  int                height = dinoscope_features_get_rows (features);
  struct dino_error  failure = { 0 };
  struct dino_map   *map = dino_map_new (width, height, 1, &failure);

  g_assert_nonnull (map);
  for (int i = 0; i < width * height; i++)
    map->values[i] = i;
  map->seen = dino_geometry_seen (dinoscope_features_get_geometry (features));
  g_strlcpy (map->colormap, "viridis", sizeof map->colormap);
  g_assert_true (dino_map_measure (map, &failure));
  return dinoscope_map_new (map);
}
