/* How widely each patch spreads its attention, as an overlay. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "core/maps/attention-maps.h"

static GListModel *
head_entropy_overlay_list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) block = dinoscope_overlays_new_block_parameter (model);
  g_autoptr (DinoscopeParameter) head = dinoscope_overlays_new_head_parameter (model);

  g_list_store_append (list, block);
  g_list_store_append (list, head);
  return G_LIST_MODEL (list);
}

/* Attention is computed again from the block's input; what is shown of it belongs to the block itself. */
static void
head_entropy_overlay_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  g_variant_lookup (parameters, "block", "i", &needs->last_block);
}

static DinoscopeMap *
head_entropy_overlay_compute (DinoscopeOverlayProvider *provider,
                              DinoscopeContext         *context,
                              GVariant                 *parameters,
                              GCancellable             *cancellable,
                              DinoscopeOverlayProgress  progress,
                              gpointer                  progress_data,
                              GError                  **error)
{
  DinoscopeFeatures               *features = dinoscope_context_get_primary (context);
  struct dino_head_entropy_options options = { .head = dinoscope_overlays_read_head (parameters) };
  struct dino_error                failure = { 0 };
  struct dino_map                 *core = NULL;
  DinoscopeOverlayWork             work;

  g_variant_lookup (parameters, "block", "i", &options.block);
  if (dinoscope_overlay_work_init (&work, context, cancellable, progress, progress_data, &failure))
    {
      options.team = work.team;
      options.progress = &work.progress;
      core = dino_head_entropy_map (dinoscope_features_get_core (features), dinoscope_features_get_geometry (features), &options, &failure);
    }
  dinoscope_overlay_work_clear (&work);
  return dinoscope_overlays_take_map (core, &failure, error);
}

DINOSCOPE_DEFINE_OVERLAY (DinoscopeHeadEntropyOverlay, head_entropy_overlay, "head-entropy", _ ("Head entropy"))
