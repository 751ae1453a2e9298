/* Attention followed through the blocks, as an overlay. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "core/maps/rollout.h"

/* More than this leaves nothing of most rows. */
#define MOST_DISCARDED 0.99

static DinoscopeParameter *
new_fusion_parameter (void)
{
  const char *const words[] = { "mean", "max", "min", NULL };
  const char *const titles[] = { _ ("Mean of the heads"), _ ("Largest of the heads"), _ ("Smallest of the heads"), NULL };

  return dinoscope_parameter_new_enum ("fusion", _ ("Fusion"), words, titles, words[0]);
}

static enum dino_fusion
read_fusion (GVariant *parameters)
{
  const char *fusion = "mean";

  g_variant_lookup (parameters, "fusion", "&s", &fusion);
  if (strcmp (fusion, "max") == 0)
    return DINO_FUSION_MAX;
  return strcmp (fusion, "min") == 0 ? DINO_FUSION_MIN : DINO_FUSION_MEAN;
}

static GListModel *
rollout_overlay_list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) block = dinoscope_overlays_new_block_parameter (model);
  g_autoptr (DinoscopeParameter) fusion = new_fusion_parameter ();
  g_autoptr (DinoscopeParameter) discard = dinoscope_parameter_new_double ("discard", _ ("Discard"), 0, MOST_DISCARDED, 0);

  g_list_store_append (list, block);
  g_list_store_append (list, fusion);
  g_list_store_append (list, discard);
  return G_LIST_MODEL (list);
}

/* Attention is computed again from the block's input; what is shown of it belongs to the block itself. */
static void
rollout_overlay_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  g_variant_lookup (parameters, "block", "i", &needs->last_block);
}

static DinoscopeMap *
rollout_overlay_compute (DinoscopeOverlayProvider *provider,
                         DinoscopeContext         *context,
                         GVariant                 *parameters,
                         GCancellable             *cancellable,
                         DinoscopeOverlayProgress  progress,
                         gpointer                  progress_data,
                         GError                  **error)
{
  DinoscopeFeatures          *features = dinoscope_context_get_primary (context);
  struct dino_rollout_options options = { .fusion = read_fusion (parameters) };
  struct dino_error           failure = { 0 };
  struct dino_map            *core = NULL;
  DinoscopeOverlayWork        work;

  g_variant_lookup (parameters, "block", "i", &options.block);
  g_variant_lookup (parameters, "discard", "d", &options.discard);
  if (dinoscope_overlay_work_init (&work, context, cancellable, progress, progress_data, &failure))
    {
      options.team = work.team;
      options.progress = &work.progress;
      core = dino_rollout_map (dinoscope_features_get_core (features), dinoscope_features_get_geometry (features), &options, &failure);
    }
  dinoscope_overlay_work_clear (&work);
  return dinoscope_overlays_take_map (core, &failure, error);
}

DINOSCOPE_DEFINE_OVERLAY (DinoscopeRolloutOverlay, rollout_overlay, "rollout", _ ("Attention rollout"))
