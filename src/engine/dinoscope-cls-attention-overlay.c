/* What the CLS token attends to, as an overlay. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "core/maps/attention-maps.h"

/* Of visualize_attention.py (Caron et al. 2021). */
#define USUAL_MASS 0.6

static GListModel *
cls_attention_overlay_list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) block = dinoscope_overlays_new_block_parameter (model);
  g_autoptr (DinoscopeParameter) head = dinoscope_overlays_new_head_parameter (model);

  g_autoptr (DinoscopeParameter) mass = dinoscope_parameter_new_double ("mass", _ ("Mass kept"), 0, 1, USUAL_MASS);

  dinoscope_parameter_set_optional (mass, TRUE);
  g_list_store_append (list, block);
  g_list_store_append (list, head);
  g_list_store_append (list, mass);
  return G_LIST_MODEL (list);
}

static void
cls_attention_overlay_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  g_variant_lookup (parameters, "block", "i", &needs->last_block);
}

static GVariant *
describe_facts (const struct dino_attention_facts *facts, gboolean has_mass)
{
  g_auto (GVariantBuilder) details = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&details, "{sv}", "cls-weight", g_variant_new_double (facts->cls_weight));
  g_variant_builder_add (&details, "{sv}", "patches-weight", g_variant_new_double (facts->patches_weight));
  g_variant_builder_add (&details, "{sv}", "strongest-10-weight", g_variant_new_double (facts->strongest_weight));
  if (has_mass)
    {
      g_variant_builder_add (&details, "{sv}", "mass", g_variant_new_double (facts->mass));
      g_variant_builder_add (&details, "{sv}", "patches-kept", g_variant_new_uint64 (facts->n_kept));
    }
  return g_variant_builder_end (&details);
}

static DinoscopeMap *
cls_attention_overlay_compute (DinoscopeOverlayProvider *provider,
                               DinoscopeContext         *context,
                               GVariant                 *parameters,
                               GCancellable             *cancellable,
                               DinoscopeOverlayProgress  progress,
                               gpointer                  progress_data,
                               GError                  **error)
{
  DinoscopeFeatures                *features = dinoscope_context_get_primary (context);
  struct dino_cls_attention_options options = { .head = dinoscope_overlays_read_head (parameters) };
  struct dino_attention_facts       facts;
  struct dino_error                 failure = { 0 };
  struct dino_map                  *core;
  DinoscopeMap                     *map;

  g_variant_lookup (parameters, "block", "i", &options.block);
  options.has_mass = g_variant_lookup (parameters, "mass", "d", &options.mass);
  core = dino_cls_attention_map (dinoscope_features_get_core (features), dinoscope_features_get_geometry (features), &options, &facts, &failure);
  map = dinoscope_overlays_take_map (core, &failure, error);
  if (map != NULL)
    dinoscope_map_set_details (map, describe_facts (&facts, options.has_mass));
  return map;
}

DINOSCOPE_DEFINE_OVERLAY (DinoscopeClsAttentionOverlay, cls_attention_overlay, "cls-attention", _ ("CLS attention"))
