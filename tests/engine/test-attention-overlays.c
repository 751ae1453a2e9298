/* The overlays of attention through the provider interface: teams, cancel and
 * progress, details, and the tokens beside the map. */
#include <math.h>

#include "engine-support.h"
#include "scripted-overlay.h"

#define KEEP_ALL (DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION)

static const char *const ids[] = { "cls-attention", "patch-attention", "rollout", "head-entropy" };

static DinoscopeEngine  *engine;
static DinoscopeContext *context; /* of 16 patches */
static DinoscopeContext *bare;    /* the same without hidden states */

static DinoscopeContext *
encode (unsigned keep)
{
  g_autoptr (GError)            error = NULL;
  g_autoptr (DinoscopeModel)    model = support_load_checkpoint (engine, "tiny-1");
  g_autoptr (DinoscopeStudy)    study = support_open_formula (engine, 91, 70);
  g_autoptr (DinoscopeFeatures) features = dinoscope_engine_encode (engine, study, model, keep, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return dinoscope_context_new (features, NULL, 0);
}

static GVariant *
parse (const char *parameters)
{
  return parameters == NULL ? NULL : g_variant_ref_sink (g_variant_new_parsed (parameters));
}

static DinoscopeMap *
compute (const char *id, const char *parameters)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (id);
  g_autoptr (GVariant)                 values = parse (parameters);
  g_autoptr (GError)                   error = NULL;
  DinoscopeMap                        *map;

  g_assert_nonnull (provider);
  map = dinoscope_overlay_provider_compute (provider, context, values, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return map;
}

/* By the engine's two threads, and by the calling thread alone. */
static void
test_teams (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (ids[i]);
      g_autoptr (DinoscopeMap)             alone = compute (ids[i], NULL);
      g_autoptr (GError)                   error = NULL;
      g_autoptr (DinoscopeMap)             together = dinoscope_engine_compute_map (engine, provider, context, NULL, NULL, &error);
      const struct dino_map               *one, *other;

      g_assert_no_error (error);
      one = dinoscope_map_get_core (alone);
      other = dinoscope_map_get_core (together);
      g_assert_cmpmem (one->values, 16 * sizeof (float), other->values, 16 * sizeof (float));
      g_assert_cmpint (one->n_cells, ==, 1);
      g_assert_cmpstr (one->cells[0].label, ==, "CLS");
      g_assert_cmpfloat (one->cells[0].value, ==, other->cells[0].value);
      g_assert_cmpstr (one->colormap, ==, "viridis");
      g_assert_false (one->is_signed);
    }
}

/* CLS and patches share what there is. */
static void
test_cls_cell (void)
{
  static const char *const sums_to_one[] = { "cls-attention", "patch-attention", "rollout" };

  for (gsize i = 0; i < G_N_ELEMENTS (sums_to_one); i++)
    {
      g_autoptr (DinoscopeMap) map = compute (sums_to_one[i], NULL);
      const struct dino_map   *core = dinoscope_map_get_core (map);
      double                   sum = core->cells[0].value;

      for (int patch = 0; patch < 16; patch++)
        sum += core->values[patch];
      g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
    }
}

static double
detail (DinoscopeMap *map, const char *name)
{
  double value = NAN;

  g_assert_true (g_variant_lookup (dinoscope_map_get_details (map), name, "d", &value));
  return value;
}

static void
test_mass (void)
{
  g_autoptr (DinoscopeMap) all = compute ("cls-attention", "{'head': <'0'>}");
  g_autoptr (DinoscopeMap) some = compute ("cls-attention", "{'head': <'0'>, 'mass': <0.5>}");
  const struct dino_map   *core = dinoscope_map_get_core (some);
  guint64                  n_kept = 0;
  double                   sum = 0, kept = 0;
  guint                    n_valid = 0;

  g_assert_null (dinoscope_map_get_core (all)->valid);
  g_assert_false (g_variant_lookup (dinoscope_map_get_details (all), "patches-kept", "t", &n_kept));
  for (int i = 0; i < 16; i++)
    {
      sum += core->values[i];
      kept += core->valid[i] ? core->values[i] : 0;
      n_valid += core->valid[i];
    }
  g_assert_true (g_variant_lookup (dinoscope_map_get_details (some), "patches-kept", "t", &n_kept));
  g_assert_cmpuint (n_kept, ==, n_valid);
  g_assert_cmpuint (n_valid, <, 16);
  g_assert_cmpfloat_with_epsilon (detail (some, "mass"), kept / sum, 1e-9);
  g_assert_cmpfloat (kept / sum, >=, 0.5);
  g_assert_cmpfloat_with_epsilon (detail (some, "patches-weight"), sum, 1e-9);
  g_assert_cmpfloat (detail (some, "cls-weight"), ==, core->cells[0].value);
  g_assert_cmpfloat (detail (some, "strongest-10-weight"), <, sum);
  g_assert_cmpfloat (detail (some, "strongest-10-weight"), >, sum * 10 / 16);
}

typedef struct
{
  GCancellable *cancellable;
  guint         n_calls, limit;
  double        last;
} Watch;

static void
progress_cb (double done, gpointer data)
{
  Watch *watch = data;

  g_assert_cmpfloat (done, >=, watch->last);
  g_assert_cmpfloat (done, <=, 1);
  watch->last = done;
  if (++watch->n_calls == watch->limit)
    g_cancellable_cancel (watch->cancellable);
}

static DinoscopeMap *
compute_watched (const char *id, guint limit, Watch *watch, GError **error)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (id);
  g_autoptr (GCancellable)             cancellable = g_cancellable_new ();

  *watch = (Watch){ .cancellable = cancellable, .limit = limit };
  return dinoscope_overlay_provider_compute (provider, context, NULL, cancellable, progress_cb, watch, error);
}

static void
test_cancel (void)
{
  for (gsize i = 1; i < G_N_ELEMENTS (ids); i++)
    {
      Watch                    watch;
      g_autoptr (GError)       error = NULL;
      g_autoptr (DinoscopeMap) map = compute_watched (ids[i], 0, &watch, &error);
      g_autoptr (DinoscopeMap) cancelled = NULL;

      g_assert_no_error (error);
      g_assert_nonnull (map);
      g_assert_cmpuint (watch.n_calls, >, 0);
      cancelled = compute_watched (ids[i], 1, &watch, &error);
      g_assert_null (cancelled);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

/* Rollout tells of its two blocks, whatever the time it takes. */
static void
test_progress (void)
{
  Watch                    watch;
  g_autoptr (DinoscopeMap) map = compute_watched ("rollout", 0, &watch, NULL);

  g_assert_nonnull (map);
  g_assert_cmpfloat (watch.last, ==, 0.5);
}

static void
assert_refused (const char *id, DinoscopeContext *where, const char *parameters, const char *words)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (id);
  g_autoptr (GVariant)                 values = parse (parameters);
  g_autoptr (GError)                   error = NULL;
  g_autoptr (DinoscopeMap)             map = dinoscope_overlay_provider_compute (provider, where, values, NULL, NULL, NULL, &error);

  g_assert_null (map);
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” is not in “%s”", words, error->message);
}

static void
test_refused (void)
{
  assert_refused ("patch-attention", context, "{'row': <4>}", "rows 0 to 3");
  assert_refused ("patch-attention", context, "{'column': <4>}", "columns 0 to 3");
  assert_refused ("patch-attention", context, "{'row': <-1>}", "row");
  assert_refused ("patch-attention", context, "{'direction': <'value'>}", "direction");
  assert_refused ("patch-attention", context, "{'head': <'2'>}", "head");
  assert_refused ("rollout", context, "{'discard': <1.0>}", "discard");
  assert_refused ("rollout", context, "{'fusion': <'median'>}", "fusion");
  assert_refused ("head-entropy", context, "{'block': <2>}", "block");
  assert_refused ("cls-attention", context, "{'mass': <1.01>}", "mass");
  for (gsize i = 1; i < G_N_ELEMENTS (ids); i++)
    assert_refused (ids[i], bare, NULL, "The input of block");
}

static void
test_needs (void)
{
  DinoscopeModel      *model = dinoscope_features_get_model (dinoscope_context_get_primary (context));
  g_autoptr (GVariant) parameters = parse ("{'block': <0>}");

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (ids[i]);
      DinoscopeOverlayNeeds                needs;

      dinoscope_overlay_provider_get_needs (provider, model, parameters, &needs);
      g_assert_cmpint (needs.last_block, ==, 0);
      g_assert_false (needs.output);
      g_assert_cmpuint (needs.n_references, ==, 0);
    }
}

/* The default patch is the middle of the grid that the model's own preparation gives. */
static void
test_middle (void)
{
  g_autoptr (DinoscopeModel)           model = support_load_demonstration (engine);
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("patch-attention");
  g_autoptr (GListModel)               list = dinoscope_overlay_provider_list_parameters (provider, model);
  guint                                found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (list, i);
      const char                    *name = dinoscope_parameter_get_name (parameter);

      if (!g_str_equal (name, "row") && !g_str_equal (name, "column"))
        continue;
      g_assert_cmpint (g_variant_get_int32 (dinoscope_parameter_get_default (parameter)), ==, 18);
      found++;
    }
  g_assert_cmpuint (found, ==, 2);
}

static DinoscopeMap *
make_bad_cell (DinoscopeContext *of, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error)
{
  struct dino_map *map = dino_map_new (4, 4, 1, NULL);

  map->seen = (struct dino_box){ 0, 0, 1, 1 };
  g_assert_true (dino_map_add_cells (map, 2, NULL));
  map->cells[1].value = *(const float *) data;
  return dinoscope_map_new (map);
}

/* What a plug-in says of tokens beside its map is checked as its values are. */
static void
test_bad_cells (void)
{
  float                                value = NAN;
  g_autoptr (DinoscopeOverlayProvider) provider = scripted_overlay_new (make_bad_cell, &value);
  g_autoptr (GError)                   error = NULL;
  g_autoptr (DinoscopeMap)             map = dinoscope_overlay_provider_compute (provider, context, NULL, NULL, NULL, NULL, &error);
  g_autoptr (DinoscopeMap)             good = NULL;

  g_assert_null (map);
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY);
  value = 1;
  good = dinoscope_overlay_provider_compute (provider, context, NULL, NULL, NULL, NULL, NULL);
  g_assert_nonnull (good);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  engine = dinoscope_engine_new (2, NULL);
  g_assert_nonnull (engine);
  context = encode (KEEP_ALL);
  bare = encode (DINO_KEEP_CLS_ATTENTION);
  g_test_add_func ("/attention-overlays/teams", test_teams);
  g_test_add_func ("/attention-overlays/cls-cell", test_cls_cell);
  g_test_add_func ("/attention-overlays/mass", test_mass);
  g_test_add_func ("/attention-overlays/cancel", test_cancel);
  g_test_add_func ("/attention-overlays/progress", test_progress);
  g_test_add_func ("/attention-overlays/refused", test_refused);
  g_test_add_func ("/attention-overlays/needs", test_needs);
  g_test_add_func ("/attention-overlays/middle", test_middle);
  g_test_add_func ("/attention-overlays/bad-cells", test_bad_cells);
  status = g_test_run ();
  g_clear_object (&context);
  g_clear_object (&bare);
  g_clear_object (&engine);
  return status;
}
