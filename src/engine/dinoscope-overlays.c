#include "engine/dinoscope-overlays-private.h"

/* Built-in overlays come first, in the order of a menu. */
#define PRIORITY_PCA 100
#define PRIORITY_CLS_ATTENTION 99
#define PRIORITY_PATCH_ATTENTION 98
#define PRIORITY_ROLLOUT 97
#define PRIORITY_HEAD_ENTROPY 96

static gpointer
register_extension_point (gpointer data)
{
  GIOExtensionPoint *point = g_io_extension_point_register (DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT);

  g_io_extension_point_set_required_type (point, DINOSCOPE_TYPE_OVERLAY_PROVIDER);
  g_io_extension_point_implement (DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT, DINOSCOPE_TYPE_PCA_OVERLAY, "pca", PRIORITY_PCA);
  g_io_extension_point_implement (DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT, DINOSCOPE_TYPE_CLS_ATTENTION_OVERLAY, "cls-attention", PRIORITY_CLS_ATTENTION);
  g_io_extension_point_implement (DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT, DINOSCOPE_TYPE_PATCH_ATTENTION_OVERLAY, "patch-attention", PRIORITY_PATCH_ATTENTION);
  g_io_extension_point_implement (DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT, DINOSCOPE_TYPE_ROLLOUT_OVERLAY, "rollout", PRIORITY_ROLLOUT);
  g_io_extension_point_implement (DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT, DINOSCOPE_TYPE_HEAD_ENTROPY_OVERLAY, "head-entropy", PRIORITY_HEAD_ENTROPY);
  return point;
}

static GIOExtensionPoint *
extension_point (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, register_extension_point, NULL);
}

GListModel *
dinoscope_overlays_list (void)
{
  GListStore *list = g_list_store_new (DINOSCOPE_TYPE_OVERLAY_PROVIDER);

  for (GList *l = g_io_extension_point_get_extensions (extension_point ()); l != NULL; l = l->next)
    {
      g_autoptr (GObject) provider = g_object_new (g_io_extension_get_type (l->data), NULL);

      g_list_store_append (list, provider);
    }
  return G_LIST_MODEL (list);
}

DinoscopeOverlayProvider *
dinoscope_overlays_find (const char *id)
{
  g_autoptr (GListModel) list = NULL;

  g_return_val_if_fail (id != NULL, NULL);
  list = dinoscope_overlays_list ();
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = g_list_model_get_item (list, i);

      if (strcmp (dinoscope_overlay_provider_get_id (provider), id) == 0)
        return g_steal_pointer (&provider);
    }
  return NULL;
}
