/* How long the patch tokens are, as an overlay. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "core/maps/token-norm.h"

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
  map = dinoscope_overlays_take_map (core, &failure, error);
  if (map != NULL)
    dinoscope_map_set_details (map, describe (&summary));
  return map;
}

DINOSCOPE_DEFINE_OVERLAY (DinoscopeNormOverlay, norm_overlay, "norm", _ ("Token norm"))
