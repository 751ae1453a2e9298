/* Parts of a picture, as an overlay. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "core/maps/parts.h"
#include "engine/dinoscope-context-private.h"

/* Enough for lungs, heart, bones, soft tissue and ground. */
#define STANDARD_PARTS 6

static GListModel *
parts_overlay_list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) block = dinoscope_overlays_new_block_parameter (model);
  g_autoptr (DinoscopeParameter) k = dinoscope_parameter_new_int ("k", _ ("Parts"), DINO_PARTS_MIN, DINO_PARTS_MAX, STANDARD_PARTS);
  g_autoptr (DinoscopeParameter) seed = dinoscope_parameter_new_int ("seed", _ ("Seed"), 0, G_MAXINT32, 1);
  g_autoptr (DinoscopeParameter) norm = dinoscope_parameter_new_bool ("norm", _ ("Final LayerNorm"), TRUE);

  g_list_store_append (list, block);
  g_list_store_append (list, k);
  g_list_store_append (list, seed);
  g_list_store_append (list, norm);
  return G_LIST_MODEL (list);
}

static void
parts_overlay_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  dinoscope_overlays_need_tokens (model, parameters, TRUE, needs);
}

static GVariant *
describe (const struct dino_kmeans *found)
{
  g_auto (GVariantBuilder) details = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_auto (GVariantBuilder) sizes = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));

  for (int part = 0; part < found->n_groups; part++)
    g_variant_builder_add (&sizes, "i", (int) found->sizes[part]);
  g_variant_builder_add (&details, "{sv}", "sizes", g_variant_builder_end (&sizes));
  g_variant_builder_add (&details, "{sv}", "inertia", g_variant_new_double (found->inertia));
  g_variant_builder_add (&details, "{sv}", "rounds", g_variant_new_int32 (found->n_rounds));
  g_variant_builder_add (&details, "{sv}", "converged", g_variant_new_boolean (found->converged));
  return g_variant_builder_end (&details);
}

static DinoscopeMap *
parts_overlay_compute (DinoscopeOverlayProvider *provider,
                       DinoscopeContext         *context,
                       GVariant                 *parameters,
                       GCancellable             *cancellable,
                       DinoscopeOverlayProgress  progress,
                       gpointer                  progress_data,
                       GError                  **error)
{
  DinoscopeFeatures        *features = dinoscope_context_get_primary (context);
  struct dino_parts_options options = { .norm = true };
  struct dino_kmeans       *found = NULL;
  struct dino_error         failure = { 0 };
  struct dino_map          *core;
  gboolean                  norm = TRUE;
  int                       seed = 0;
  DinoscopeMap             *map;

  g_variant_lookup (parameters, "block", "i", &options.block);
  g_variant_lookup (parameters, "k", "i", &options.k);
  g_variant_lookup (parameters, "seed", "i", &seed);
  g_variant_lookup (parameters, "norm", "b", &norm);
  options.norm = norm;
  options.seed = (uint64_t) seed;
  options.team = dinoscope_context_get_team (context);
  core = dino_parts_map (dinoscope_features_get_core (features), dinoscope_features_get_geometry (features), &options, &found, &failure);
  map = dinoscope_overlays_take_map (core, &failure, error);
  if (map != NULL)
    dinoscope_map_set_details (map, describe (found));
  dino_kmeans_free (found);
  return map;
}

DINOSCOPE_DEFINE_OVERLAY (DinoscopePartsOverlay, parts_overlay, "parts", _ ("Parts"))
