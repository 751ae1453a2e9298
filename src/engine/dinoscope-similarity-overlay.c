/* How alike patches are to those that were chosen, as an overlay. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "core/maps/similarity.h"

static DinoscopeParameter *
new_facet_parameter (void)
{
  const char *const words[] = { "token", "query", "key", "value", NULL };
  const char *const titles[] = { _ ("Tokens"), _ ("Queries"), _ ("Keys"), _ ("Values"), NULL };

  return dinoscope_parameter_new_enum ("facet", _ ("Compared"), words, titles, words[0]);
}

static DinoscopeParameter *
new_source_parameter (void)
{
  const char *const words[] = { "primary", "reference", NULL };
  const char *const titles[] = { _ ("This picture"), _ ("The other picture"), NULL };

  return dinoscope_parameter_new_enum ("source", _ ("Patches of"), words, titles, words[0]);
}

static GListModel *
similarity_overlay_list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) block = dinoscope_overlays_new_block_parameter (model);
  g_autoptr (DinoscopeParameter) row = dinoscope_overlays_new_row_parameter (model);
  g_autoptr (DinoscopeParameter) column = dinoscope_overlays_new_column_parameter (model);
  g_autoptr (DinoscopeParameter) pins = dinoscope_parameter_new_patches ("pins", _ ("Pins"));
  g_autoptr (DinoscopeParameter) facet = new_facet_parameter ();
  g_autoptr (DinoscopeParameter) norm = dinoscope_parameter_new_bool ("norm", _ ("Final LayerNorm"), TRUE);
  g_autoptr (DinoscopeParameter) source = new_source_parameter ();

  g_list_store_append (list, block);
  g_list_store_append (list, row);
  g_list_store_append (list, column);
  g_list_store_append (list, pins);
  g_list_store_append (list, facet);
  g_list_store_append (list, norm);
  g_list_store_append (list, source);
  return G_LIST_MODEL (list);
}

static void
similarity_overlay_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  dinoscope_overlays_need_tokens (model, parameters, dinoscope_overlays_has_word (parameters, "facet", "token"), needs);
  if (dinoscope_overlays_has_word (parameters, "source", "reference"))
    needs->n_references = 1;
}

static enum dino_compared
read_facet (GVariant *parameters)
{
  if (dinoscope_overlays_has_word (parameters, "facet", "query"))
    return DINO_COMPARED_QUERY;
  if (dinoscope_overlays_has_word (parameters, "facet", "key"))
    return DINO_COMPARED_KEY;
  if (dinoscope_overlays_has_word (parameters, "facet", "value"))
    return DINO_COMPARED_VALUE;
  return DINO_COMPARED_TOKEN;
}

/* The pins or, where there are none, the one patch of row and column. (element-type struct dino_patch) */
static GArray *
read_pins (GVariant *parameters)
{
  GArray              *pins = g_array_new (FALSE, FALSE, sizeof (struct dino_patch));
  g_autoptr (GVariant) value = g_variant_lookup_value (parameters, "pins", G_VARIANT_TYPE ("a(ii)"));
  struct dino_patch    patch = { 0, 0 };
  GVariantIter         iter;

  if (value != NULL)
    {
      g_variant_iter_init (&iter, value);
      while (g_variant_iter_next (&iter, "(ii)", &patch.row, &patch.column))
        g_array_append_val (pins, patch);
    }
  if (pins->len == 0)
    {
      g_variant_lookup (parameters, "row", "i", &patch.row);
      g_variant_lookup (parameters, "column", "i", &patch.column);
      g_array_append_val (pins, patch);
    }
  return pins;
}

static DinoscopeMap *
similarity_overlay_compute (DinoscopeOverlayProvider *provider,
                            DinoscopeContext         *context,
                            GVariant                 *parameters,
                            GCancellable             *cancellable,
                            DinoscopeOverlayProgress  progress,
                            gpointer                  progress_data,
                            GError                  **error)
{
  DinoscopeFeatures             *features = dinoscope_context_get_primary (context);
  g_autoptr (GArray)             pins = read_pins (parameters);
  struct dino_similarity_options options = { 0 };
  struct dino_error              failure = { 0 };
  struct dino_map               *core = NULL;
  gboolean                       norm = TRUE;
  DinoscopeOverlayWork           work;

  g_variant_lookup (parameters, "block", "i", &options.block);
  g_variant_lookup (parameters, "norm", "b", &norm);
  options.norm = norm;
  options.compared = read_facet (parameters);
  options.pins = (const struct dino_patch *) (void *) pins->data;
  options.n_pins = (int) pins->len;
  if (dinoscope_overlays_has_word (parameters, "source", "reference"))
    options.source = dinoscope_features_get_core (dinoscope_context_get_reference (context, 0));
  if (dinoscope_overlay_work_init (&work, context, cancellable, progress, progress_data, &failure))
    {
      options.team = work.team;
      core = dino_similarity_map (dinoscope_features_get_core (features), dinoscope_features_get_geometry (features), &options, &failure);
    }
  dinoscope_overlay_work_clear (&work);
  return dinoscope_overlays_take_map (core, &failure, error);
}

DINOSCOPE_DEFINE_OVERLAY (DinoscopeSimilarityOverlay, similarity_overlay, "similarity", _ ("Similarity"))
