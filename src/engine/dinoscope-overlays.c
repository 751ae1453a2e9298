#include "engine/dinoscope-overlays-private.h"
#include "engine/dinoscope-plugin-private.h"

/* Built-in overlays come first, in the order of a menu: of this table. */
#define FIRST_PRIORITY 100

static const struct
{
  const char *id;
  GType (*get_type) (void);
} built_in[] = {
  { "pca", dinoscope_pca_overlay_get_type },
  { "cls-attention", dinoscope_cls_attention_overlay_get_type },
  { "patch-attention", dinoscope_patch_attention_overlay_get_type },
  { "rollout", dinoscope_rollout_overlay_get_type },
  { "similarity", dinoscope_similarity_overlay_get_type },
  { "norm", dinoscope_norm_overlay_get_type },
  { "parts", dinoscope_parts_overlay_get_type },
  { "difference", dinoscope_difference_overlay_get_type },
  { "head-entropy", dinoscope_head_entropy_overlay_get_type },
  { "occlusion", dinoscope_occlusion_overlay_get_type },
};

/* Returns the list of plug-ins. */
static gpointer
register_overlays (gpointer data)
{
  GListStore        *plugins = g_list_store_new (DINOSCOPE_TYPE_PLUGIN);
  GIOExtensionPoint *point = g_io_extension_point_register (DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT);

  g_io_extension_point_set_required_type (point, DINOSCOPE_TYPE_OVERLAY_PROVIDER);
  for (gsize i = 0; i < G_N_ELEMENTS (built_in); i++)
    g_io_extension_point_implement (DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT, built_in[i].get_type (), built_in[i].id, FIRST_PRIORITY - (int) i);
  dinoscope_plugins_scan (plugins);
  return plugins;
}

static GListModel *
registered_plugins (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, register_overlays, NULL);
}

static GIOExtensionPoint *
extension_point (void)
{
  registered_plugins ();
  return g_io_extension_point_lookup (DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT);
}

GListModel *
dinoscope_plugins_list (void)
{
  return g_object_ref (registered_plugins ());
}

static gboolean
is_in_use (GIOExtension *extension)
{
  DinoscopePlugin *plugin = dinoscope_plugins_find (g_io_extension_get_type (extension));

  return plugin == NULL || dinoscope_plugin_get_state (plugin) == DINOSCOPE_PLUGIN_IN_USE;
}

static GListModel *
list_providers (gboolean all)
{
  GListStore *list = g_list_store_new (DINOSCOPE_TYPE_OVERLAY_PROVIDER);

  for (GList *l = g_io_extension_point_get_extensions (extension_point ()); l != NULL; l = l->next)
    {
      g_autoptr (GObject) provider = NULL;

      if (!is_in_use (l->data))
        continue;
      provider = g_object_new (g_io_extension_get_type (l->data), NULL);
      if (all || G_OBJECT_TYPE (provider) != dinoscope_occlusion_overlay_get_type ())
        g_list_store_append (list, provider);
    }
  return G_LIST_MODEL (list);
}

GListModel *
dinoscope_overlays_list (void)
{
  return list_providers (FALSE);
}

GListModel *
dinoscope_overlays_list_all (void)
{
  return list_providers (TRUE);
}

DinoscopeOverlayProvider *
dinoscope_overlays_find (const char *id)
{
  g_autoptr (GListModel) list = NULL;

  g_return_val_if_fail (id != NULL, NULL);
  list = dinoscope_overlays_list_all ();
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = g_list_model_get_item (list, i);

      if (strcmp (dinoscope_overlay_provider_get_id (provider), id) == 0)
        return g_steal_pointer (&provider);
    }
  return NULL;
}
