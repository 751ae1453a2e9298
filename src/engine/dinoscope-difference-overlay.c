/* How far two blocks, pictures, preparations or models are apart, as an overlay. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "core/maps/difference.h"

static DinoscopeParameter *
new_against_parameter (void)
{
  const char *const words[] = { "block", "reference", NULL };
  const char *const titles[] = { _ ("Another block"), _ ("The other picture or model"), NULL };

  return dinoscope_parameter_new_enum ("against", _ ("Compared with"), words, titles, words[0]);
}

static DinoscopeParameter *
new_measure_parameter (void)
{
  const char *const words[] = { "cosine", "norm", "cls-attention", NULL };
  const char *const titles[] = { _ ("Cosine distance"), _ ("Token norm"), _ ("CLS attention"), NULL };

  return dinoscope_parameter_new_enum ("measure", _ ("Measure"), words, titles, words[0]);
}

/* The other model may have more blocks than this one. */
#define MAX_BLOCKS 1024

static GListModel *
difference_overlay_list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) block = dinoscope_overlays_new_block_parameter (model);
  g_autoptr (DinoscopeParameter) against = new_against_parameter ();
  g_autoptr (DinoscopeParameter) other = dinoscope_parameter_new_int ("other-block", _ ("Other block"), 0, MAX_BLOCKS, 0);
  g_autoptr (DinoscopeParameter) measure = new_measure_parameter ();
  g_autoptr (DinoscopeParameter) norm = dinoscope_parameter_new_bool ("norm", _ ("Final LayerNorm"), TRUE);

  dinoscope_parameter_set_optional (other, TRUE);
  g_list_store_append (list, block);
  g_list_store_append (list, against);
  g_list_store_append (list, other);
  g_list_store_append (list, measure);
  g_list_store_append (list, norm);
  return G_LIST_MODEL (list);
}

static enum dino_measure
read_measure (GVariant *parameters)
{
  if (dinoscope_overlays_has_word (parameters, "measure", "norm"))
    return DINO_MEASURE_NORM;
  if (dinoscope_overlays_has_word (parameters, "measure", "cls-attention"))
    return DINO_MEASURE_CLS_ATTENTION;
  return DINO_MEASURE_COSINE;
}

/* Without a choice: the block before in one picture, the same one of two. */
static void
read_options (GVariant *parameters, struct dino_difference_options *options)
{
  gboolean norm = TRUE;

  g_variant_lookup (parameters, "block", "i", &options->block);
  g_variant_lookup (parameters, "norm", "b", &norm);
  options->norm = norm;
  options->measure = read_measure (parameters);
  options->other_block = dinoscope_overlays_has_word (parameters, "against", "block") ? MAX (options->block - 1, 0) : options->block;
  g_variant_lookup (parameters, "other-block", "i", &options->other_block);
}

static void
difference_overlay_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  struct dino_difference_options options = { 0 };
  const int                      last = (int) dinoscope_model_get_n_blocks (model) - 1;

  read_options (parameters, &options);
  needs->last_block = options.block;
  if (dinoscope_overlays_has_word (parameters, "against", "reference"))
    needs->n_references = 1;
  else
    needs->last_block = MIN (MAX (options.block, options.other_block), last);
  needs->output = options.norm && options.measure == DINO_MEASURE_COSINE && needs->last_block == last;
}

static DinoscopeMap *
difference_overlay_compute (DinoscopeOverlayProvider *provider,
                            DinoscopeContext         *context,
                            GVariant                 *parameters,
                            GCancellable             *cancellable,
                            DinoscopeOverlayProgress  progress,
                            gpointer                  progress_data,
                            GError                  **error)
{
  DinoscopeFeatures             *features = dinoscope_context_get_primary (context);
  struct dino_difference_options options = { 0 };
  struct dino_error              failure = { 0 };
  struct dino_map               *core;

  read_options (parameters, &options);
  if (dinoscope_overlays_has_word (parameters, "against", "reference"))
    options.other = dinoscope_features_get_core (dinoscope_context_get_reference (context, 0));
  core = dino_difference_map (dinoscope_features_get_core (features), dinoscope_features_get_geometry (features), &options, &failure);
  return dinoscope_overlays_take_map (core, &failure, error);
}

DINOSCOPE_DEFINE_OVERLAY (DinoscopeDifferenceOverlay, difference_overlay, "difference", _ ("Difference"))
