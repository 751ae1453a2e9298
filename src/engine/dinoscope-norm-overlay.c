/* How long the patch tokens are, as an overlay. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "core/maps/token-norm.h"
#include "engine/dinoscope-error.h"

struct _DinoscopeNormOverlay
{
  GObject parent_instance;
};

static const char *
norm_overlay_get_id (DinoscopeOverlayProvider *provider)
{
  return "norm";
}

static const char *
norm_overlay_get_title (DinoscopeOverlayProvider *provider)
{
  return _ ("Token norm");
}

static GListModel *
norm_overlay_list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  const char *const              words[] = { "show", "clip", NULL };
  const char *const              titles[] = { _ ("Shown as they are"), _ ("Clipped, colours spread anew"), NULL };
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) block = dinoscope_overlays_new_block_parameter (model);
  g_autoptr (DinoscopeParameter) outliers = dinoscope_parameter_new_enum ("outliers", _ ("Outliers"), words, titles, words[0]);

  g_list_store_append (list, block);
  g_list_store_append (list, outliers);
  return G_LIST_MODEL (list);
}

static void
norm_overlay_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  g_variant_lookup (parameters, "block", "i", &needs->last_block);
}

static GVariant *
describe (const struct dino_norm_summary *summary)
{
  g_auto (GVariantBuilder) details = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&details, "{sv}", "median", g_variant_new_double (summary->median));
  g_variant_builder_add (&details, "{sv}", "outlier-threshold", g_variant_new_double (summary->threshold));
  g_variant_builder_add (&details, "{sv}", "n-outliers", g_variant_new_int32 (summary->n_outliers));
  return g_variant_builder_end (&details);
}

static DinoscopeMap *
norm_overlay_compute (DinoscopeOverlayProvider *provider,
                      DinoscopeContext         *context,
                      GVariant                 *parameters,
                      GCancellable             *cancellable,
                      DinoscopeOverlayProgress  progress,
                      gpointer                  progress_data,
                      GError                  **error)
{
  DinoscopeFeatures       *features = dinoscope_context_get_primary (context);
  struct dino_norm_summary summary;
  struct dino_error        failure = { 0 };
  struct dino_map         *core;
  const char              *outliers = "show";
  int                      block = 0;
  DinoscopeMap            *map;

  g_variant_lookup (parameters, "block", "i", &block);
  g_variant_lookup (parameters, "outliers", "&s", &outliers);
  core = dino_norm_map (dinoscope_features_get_core (features), dinoscope_features_get_geometry (features), block, strcmp (outliers, "clip") == 0, &summary, &failure);
  if (core == NULL)
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_OVERLAY);
      return NULL;
    }
  map = dinoscope_map_new (core);
  dinoscope_map_set_details (map, describe (&summary));
  return map;
}

static void
provider_iface_init (DinoscopeOverlayProviderInterface *iface)
{
  iface->get_id = norm_overlay_get_id;
  iface->get_title = norm_overlay_get_title;
  iface->list_parameters = norm_overlay_list_parameters;
  iface->get_needs = norm_overlay_get_needs;
  iface->compute = norm_overlay_compute;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DinoscopeNormOverlay, dinoscope_norm_overlay, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (DINOSCOPE_TYPE_OVERLAY_PROVIDER, provider_iface_init))

static void
dinoscope_norm_overlay_class_init (DinoscopeNormOverlayClass *klass)
{
}

static void
dinoscope_norm_overlay_init (DinoscopeNormOverlay *self)
{
}
