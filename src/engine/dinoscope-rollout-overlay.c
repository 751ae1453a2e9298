/* Attention followed through the blocks, as an overlay. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "core/maps/rollout.h"
#include "engine/dinoscope-error.h"

struct _DinoscopeRolloutOverlay
{
  GObject parent_instance;
};

static const char *
rollout_overlay_get_id (DinoscopeOverlayProvider *provider)
{
  return "rollout";
}

static const char *
rollout_overlay_get_title (DinoscopeOverlayProvider *provider)
{
  return _ ("Attention rollout");
}

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
  if (core != NULL)
    return dinoscope_map_new (core);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_OVERLAY);
  return NULL;
}

static void
provider_iface_init (DinoscopeOverlayProviderInterface *iface)
{
  iface->get_id = rollout_overlay_get_id;
  iface->get_title = rollout_overlay_get_title;
  iface->list_parameters = rollout_overlay_list_parameters;
  iface->get_needs = rollout_overlay_get_needs;
  iface->compute = rollout_overlay_compute;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DinoscopeRolloutOverlay, dinoscope_rollout_overlay, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (DINOSCOPE_TYPE_OVERLAY_PROVIDER, provider_iface_init))

static void
dinoscope_rollout_overlay_class_init (DinoscopeRolloutOverlayClass *klass)
{
}

static void
dinoscope_rollout_overlay_init (DinoscopeRolloutOverlay *self)
{
}
