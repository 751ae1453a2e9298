/* What one patch attends to, or what attends to it, as an overlay. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "core/maps/attention-maps.h"

static DinoscopeParameter *
new_direction_parameter (void)
{
  const char *const words[] = { "query", "key", NULL };
  const char *const titles[] = { _ ("As query"), _ ("As key"), NULL };

  return dinoscope_parameter_new_enum ("direction", _ ("Direction"), words, titles, words[0]);
}

static DinoscopeParameter *
new_scale_parameter (void)
{
  const char *const words[] = { "linear", "log", NULL };
  const char *const titles[] = { _ ("Linear"), _ ("Logarithmic"), NULL };

  return dinoscope_parameter_new_enum ("scale", _ ("Scale"), words, titles, words[0]);
}

static void
read_options (GVariant *parameters, struct dino_patch_attention_options *options)
{
  const char *direction = "query";
  const char *scale = "linear";

  g_variant_lookup (parameters, "block", "i", &options->block);
  g_variant_lookup (parameters, "row", "i", &options->row);
  g_variant_lookup (parameters, "column", "i", &options->column);
  g_variant_lookup (parameters, "direction", "&s", &direction);
  g_variant_lookup (parameters, "scale", "&s", &scale);
  options->head = dinoscope_overlays_read_head (parameters);
  options->direction = strcmp (direction, "key") == 0 ? DINO_DIRECTION_KEY : DINO_DIRECTION_QUERY;
  options->log_scale = strcmp (scale, "log") == 0;
}

static GListModel *
patch_attention_overlay_list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) block = dinoscope_overlays_new_block_parameter (model);
  g_autoptr (DinoscopeParameter) head = dinoscope_overlays_new_head_parameter (model);
  g_autoptr (DinoscopeParameter) row = dinoscope_overlays_new_row_parameter (model);
  g_autoptr (DinoscopeParameter) column = dinoscope_overlays_new_column_parameter (model);
  g_autoptr (DinoscopeParameter) direction = new_direction_parameter ();
  g_autoptr (DinoscopeParameter) scale = new_scale_parameter ();

  g_list_store_append (list, block);
  g_list_store_append (list, head);
  g_list_store_append (list, row);
  g_list_store_append (list, column);
  g_list_store_append (list, direction);
  g_list_store_append (list, scale);
  return G_LIST_MODEL (list);
}

/* Attention is computed again from the block's input; what is shown of it belongs to the block itself. */
static void
patch_attention_overlay_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  g_variant_lookup (parameters, "block", "i", &needs->last_block);
}

static DinoscopeMap *
patch_attention_overlay_compute (DinoscopeOverlayProvider *provider,
                                 DinoscopeContext         *context,
                                 GVariant                 *parameters,
                                 GCancellable             *cancellable,
                                 DinoscopeOverlayProgress  progress,
                                 gpointer                  progress_data,
                                 GError                  **error)
{
  DinoscopeFeatures                  *features = dinoscope_context_get_primary (context);
  struct dino_patch_attention_options options = { 0 };
  struct dino_error                   failure = { 0 };
  struct dino_map                    *core = NULL;
  DinoscopeOverlayWork                work;

  read_options (parameters, &options);
  if (dinoscope_overlay_work_init (&work, context, cancellable, progress, progress_data, &failure))
    {
      options.team = work.team;
      options.progress = &work.progress;
      core = dino_patch_attention_map (dinoscope_features_get_core (features), dinoscope_features_get_geometry (features), &options, &failure);
    }
  dinoscope_overlay_work_clear (&work);
  return dinoscope_overlays_take_map (core, &failure, error);
}

DINOSCOPE_DEFINE_OVERLAY (DinoscopePatchAttentionOverlay, patch_attention_overlay, "patch-attention", _ ("Patch attention"))
