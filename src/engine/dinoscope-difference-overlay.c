/* How far two blocks, pictures, preparations or models are apart, as an overlay. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "core/maps/difference.h"
#include "engine/dinoscope-error.h"

struct _DinoscopeDifferenceOverlay
{
  GObject parent_instance;
};

static const char *
difference_overlay_get_id (DinoscopeOverlayProvider *provider)
{
  return "difference";
}

static const char *
difference_overlay_get_title (DinoscopeOverlayProvider *provider)
{
  return _ ("Difference");
}

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

static gboolean
has_word (GVariant *parameters, const char *name, const char *word)
{
  const char *value = "";

  g_variant_lookup (parameters, name, "&s", &value);
  return strcmp (value, word) == 0;
}

static enum dino_measure
read_measure (GVariant *parameters)
{
  if (has_word (parameters, "measure", "norm"))
    return DINO_MEASURE_NORM;
  if (has_word (parameters, "measure", "cls-attention"))
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
  options->other_block = has_word (parameters, "against", "block") ? MAX (options->block - 1, 0) : options->block;
  g_variant_lookup (parameters, "other-block", "i", &options->other_block);
}

static void
difference_overlay_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  struct dino_difference_options options = { 0 };
  const int                      last = (int) dinoscope_model_get_n_blocks (model) - 1;

  read_options (parameters, &options);
  needs->last_block = options.block;
  if (has_word (parameters, "against", "reference"))
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
  if (has_word (parameters, "against", "reference"))
    options.other = dinoscope_features_get_core (dinoscope_context_get_reference (context, 0));
  core = dino_difference_map (dinoscope_features_get_core (features), dinoscope_features_get_geometry (features), &options, &failure);
  if (core != NULL)
    return dinoscope_map_new (core);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_OVERLAY);
  return NULL;
}

static void
provider_iface_init (DinoscopeOverlayProviderInterface *iface)
{
  iface->get_id = difference_overlay_get_id;
  iface->get_title = difference_overlay_get_title;
  iface->list_parameters = difference_overlay_list_parameters;
  iface->get_needs = difference_overlay_get_needs;
  iface->compute = difference_overlay_compute;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DinoscopeDifferenceOverlay, dinoscope_difference_overlay, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (DINOSCOPE_TYPE_OVERLAY_PROVIDER, provider_iface_init))

static void
dinoscope_difference_overlay_class_init (DinoscopeDifferenceOverlayClass *klass)
{
}

static void
dinoscope_difference_overlay_init (DinoscopeDifferenceOverlay *self)
{
}
