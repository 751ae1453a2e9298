#include "fuzz/parameters.h"

#include "core/model/model.h"
#include "engine/dinoscope-model-private.h"
#include "engine/dinoscope-overlays.h"
#include "engine/dinoscope-parameter.h"
#include "fuzz/fuzz.h"
#include "support.h"

/* Blocks and heads of a model bound what parameters may be. */
static DinoscopeModel *
get_model (void)
{
  static DinoscopeModel *model;

  if (model == NULL)
    {
      g_autofree char   *path = test_data ("golden/checkpoint/tiny-1");
      struct dino_model *core = dino_model_load (path, NULL, NULL, NULL);

      fuzz_promise (core != NULL, "there is a small model under DINOSCOPE_TEST_DATA");
      model = dinoscope_model_new (core);
    }
  return model;
}

GListModel *
fuzz_parameters (DinoscopeOverlayProvider *provider)
{
  static GHashTable *known;
  const char        *id = dinoscope_overlay_provider_get_id (provider);
  GListModel        *parameters;

  if (known == NULL)
    known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  parameters = g_hash_table_lookup (known, id);
  if (parameters == NULL)
    {
      parameters = dinoscope_overlay_provider_list_parameters (provider, get_model ());
      g_hash_table_insert (known, g_strdup (id), parameters);
    }
  return parameters;
}

void
fuzz_complete_parameters (const char *overlay, GVariant *values)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (overlay);
  g_autoptr (GVariant)                 complete = NULL;
  g_autoptr (GError)                   error = NULL;

  if (provider == NULL)
    return;
  complete = dinoscope_parameters_complete (fuzz_parameters (provider), values, &error);
  fuzz_promise ((complete == NULL) == (error != NULL), "a refusal has a reason");
  fuzz_promise (complete == NULL || g_variant_is_of_type (complete, G_VARIANT_TYPE_VARDICT), "parameters are a dictionary");
  fuzz_taken (fuzz_was_taken () || complete != NULL);
}
