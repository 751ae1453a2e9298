/* Overlay providers: the built-in ones against reference values, and what is done about broken ones. */
#include <math.h>

#include "engine-support.h"
#include "scripted-overlay.h"

#include "core/base/memory.h"

#define KEEP_ALL (DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION)

/* The demonstration encoder's features of the example are computed once. */
static DinoscopeEngine  *engine;
static DinoscopeContext *demonstration;
static DinoscopeContext *tiny;

static DinoscopeContext *
encode (DinoscopeStudy *study, DinoscopeModel *model)
{
  g_autoptr (GError)            error = NULL;
  g_autoptr (DinoscopeFeatures) features = dinoscope_engine_encode (engine, study, model, KEEP_ALL, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return dinoscope_context_new (features, NULL, 0);
}

static void
prepare (void)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeModel) model = NULL;
  g_autoptr (DinoscopeStudy) study = NULL;
  g_autoptr (DinoscopeModel) tiny_model = NULL;
  g_autoptr (DinoscopeStudy) tiny_study = NULL;

  engine = dinoscope_engine_new (2, &error);
  g_assert_no_error (error);
  model = support_load_demonstration (engine);
  study = support_open_example (engine);
  demonstration = encode (study, model);
  tiny_model = support_load_checkpoint (engine, "tiny-1");
  tiny_study = support_open_formula (engine, 91, 70);
  tiny = encode (tiny_study, tiny_model);
}

static GVariant *
parse (const char *parameters)
{
  return parameters == NULL ? NULL : g_variant_ref_sink (g_variant_new_parsed (parameters));
}

static DinoscopeMap *
compute (DinoscopeContext *context, const char *id, const char *parameters)
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

static void
test_list (void)
{
  g_autoptr (GListModel)               list = dinoscope_overlays_list ();
  g_autoptr (DinoscopeOverlayProvider) first = g_list_model_get_item (list, 0);
  g_autoptr (DinoscopeOverlayProvider) second = g_list_model_get_item (list, 1);
  g_autoptr (DinoscopeOverlayProvider) added = NULL;

  g_assert_cmpstr (dinoscope_overlay_provider_get_id (first), ==, "pca");
  g_assert_cmpstr (dinoscope_overlay_provider_get_id (second), ==, "cls-attention");
  g_assert_null (dinoscope_overlays_find ("nothing"));

  /* Others register as plug-ins will. */
  g_assert_nonnull (g_io_extension_point_implement (DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT, SCRIPTED_TYPE_OVERLAY, "scripted", 0));
  added = dinoscope_overlays_find ("scripted");
  g_assert_true (SCRIPTED_IS_OVERLAY (added));
}

static void
assert_parameter (DinoscopeContext *context, const char *id, const char *name, DinoscopeParameterType type, const char *standard, double high)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (id);
  g_autoptr (GListModel)               list = dinoscope_overlay_provider_list_parameters (provider, dinoscope_features_get_model (dinoscope_context_get_primary (context)));
  double                               found_high;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (list, i);
      g_autoptr (GVariant)           expected = parse (standard);

      if (strcmp (dinoscope_parameter_get_name (parameter), name) != 0)
        continue;
      g_assert_cmpint (dinoscope_parameter_get_parameter_type (parameter), ==, type);
      if (expected == NULL)
        g_assert_null (dinoscope_parameter_get_default (parameter));
      else
        g_assert_cmpvariant (dinoscope_parameter_get_default (parameter), expected);
      dinoscope_parameter_get_range (parameter, NULL, &found_high);
      if (type == DINOSCOPE_PARAMETER_INT)
        g_assert_cmpfloat (found_high, ==, high);
      if (type == DINOSCOPE_PARAMETER_ENUM)
        g_assert_cmpuint (g_strv_length ((char **) dinoscope_parameter_get_choices (parameter)), ==, (guint) high);
      return;
    }
  g_assert_not_reached ();
}

static void
test_parameters (void)
{
  assert_parameter (demonstration, "pca", "block", DINOSCOPE_PARAMETER_INT, "5", 5);
  assert_parameter (demonstration, "pca", "component", DINOSCOPE_PARAMETER_ENUM, "'rgb'", 11);
  assert_parameter (demonstration, "pca", "foreground", DINOSCOPE_PARAMETER_DOUBLE, NULL, 0);
  assert_parameter (demonstration, "pca", "basis", DINOSCOPE_PARAMETER_FILE, "''", 0);
  assert_parameter (demonstration, "pca", "norm", DINOSCOPE_PARAMETER_BOOL, "true", 0);
  assert_parameter (demonstration, "cls-attention", "block", DINOSCOPE_PARAMETER_INT, "5", 5);
  assert_parameter (demonstration, "cls-attention", "head", DINOSCOPE_PARAMETER_ENUM, "'mean'", 5);
}

/* Projections: 1e-3 of the column's largest value, sign aligned first. */
static void
assert_projection (const float *values, gsize stride, const float *expected, gsize column, gsize n)
{
  double largest = 0, product = 0;

  for (gsize i = 0; i < n; i++)
    {
      largest = MAX (largest, fabs (expected[3 * i + column]));
      product += (double) values[stride * i] * expected[3 * i + column];
    }
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (values[stride * i], copysign (1, product) * expected[3 * i + column], 1e-3 * largest);
}

static double
column_variance (const float *values, gsize stride, gsize n)
{
  double mean = 0, sum = 0;

  for (gsize i = 0; i < n; i++)
    mean += values[stride * i] / (double) n;
  for (gsize i = 0; i < n; i++)
    sum += (values[stride * i] - mean) * (values[stride * i] - mean);
  return sum / (n - 1);
}

/* Of all channels together. */
static double
total_variance (GBytes *patches, gsize n_channels)
{
  gsize        size;
  const float *tokens = g_bytes_get_data (patches, &size);
  double       sum = 0;

  for (gsize c = 0; c < n_channels; c++)
    sum += column_variance (tokens + c, n_channels, size / sizeof (float) / n_channels);
  return sum;
}

static void
test_pca (void)
{
  gsize                    n;
  g_autofree float        *expected = support_read_expected ("demo-radiograph", "pca.projection", &n);
  g_autoptr (DinoscopeMap) rgb = compute (demonstration, "pca", NULL);
  g_autoptr (GBytes)       values = dinoscope_map_dup_values (rgb);
  g_autoptr (GBytes)       patches = dinoscope_features_dup_patches (dinoscope_context_get_primary (demonstration));
  GVariant                *details = dinoscope_map_get_details (rgb);
  g_autoptr (GVariant)     ratios = g_variant_lookup_value (details, "variance-ratio", G_VARIANT_TYPE ("ad"));
  const char              *basis;

  g_assert_cmpint (dinoscope_map_get_width (rgb), ==, 37);
  g_assert_cmpint (dinoscope_map_get_height (rgb), ==, 37);
  g_assert_cmpint (dinoscope_map_get_channels (rgb), ==, 3);
  g_assert_cmpuint (n, ==, 3 * 37 * 37);
  for (gsize c = 0; c < 3; c++)
    {
      g_autofree char         *parameters = g_strdup_printf ("{'component': <'%zu'>, 'block': <5>}", c);
      g_autoptr (DinoscopeMap) single = compute (demonstration, "pca", parameters);
      g_autoptr (GBytes)       single_values = dinoscope_map_dup_values (single);

      assert_projection ((const float *) g_bytes_get_data (values, NULL) + c, 3, expected, c, 37 * 37);
      assert_projection (g_bytes_get_data (single_values, NULL), 1, expected, c, 37 * 37);
    }

  g_assert_cmpuint (g_variant_n_children (ratios), ==, 3);
  for (gsize c = 0; c < 3; c++)
    {
      double found;

      g_variant_get_child (ratios, c, "d", &found);
      g_assert_cmpfloat_with_epsilon (found, column_variance (expected + c, 3, 37 * 37) / total_variance (patches, 192), 1e-4);
    }
  g_assert_true (g_variant_lookup (details, "basis-sha256", "&s", &basis));
  g_assert_cmpuint (strlen (basis), ==, 64);
}

static void
test_cls_attention (void)
{
  static const int blocks[] = { 0, 3, 5 };

  for (gsize b = 0; b < G_N_ELEMENTS (blocks); b++)
    {
      g_autofree char         *tensor = g_strdup_printf ("cls_attention.%d", blocks[b]);
      gsize                    n;
      g_autofree float        *expected = support_read_expected ("demo-radiograph", tensor, &n);
      gsize                    cells = n / 3;
      g_autofree char         *head_parameters = g_strdup_printf ("{'block': <%d>, 'head': <'1'>}", blocks[b]);
      g_autofree char         *mean_parameters = g_strdup_printf ("{'block': <%d>}", blocks[b]);
      g_autofree char         *max_parameters = g_strdup_printf ("{'block': <%d>, 'head': <'max'>}", blocks[b]);
      g_autoptr (DinoscopeMap) head = compute (demonstration, "cls-attention", head_parameters);
      g_autoptr (DinoscopeMap) mean = compute (demonstration, "cls-attention", mean_parameters);
      g_autoptr (DinoscopeMap) max = compute (demonstration, "cls-attention", max_parameters);
      const float             *head_values = dinoscope_map_get_core (head)->values;
      const float             *mean_values = dinoscope_map_get_core (mean)->values;
      const float             *max_values = dinoscope_map_get_core (max)->values;

      for (gsize i = 0; i < cells; i++)
        {
          double a = expected[i], m = expected[cells + i], c = expected[2 * cells + i];
          double sum = (a + m + c) / 3;
          double top = MAX (MAX (a, m), c);

          g_assert_cmpfloat_with_epsilon (head_values[i], m, 1e-6 + 1e-3 * m);
          g_assert_cmpfloat_with_epsilon (mean_values[i], sum, 1e-6 + 1e-3 * sum);
          g_assert_cmpfloat_with_epsilon (max_values[i], top, 1e-6 + 1e-3 * top);
        }
    }
}

static void
test_foreground (void)
{
  g_autoptr (DinoscopeMap) map = compute (demonstration, "pca", "{'foreground': <0.0>}");
  g_autoptr (DinoscopeMap) first = compute (demonstration, "pca", "{'component': <'0'>}");
  const struct dino_map   *core = dinoscope_map_get_core (map);
  const struct dino_map   *all = dinoscope_map_get_core (first);
  gsize                    n = 0;
  guint64                  n_samples;

  for (int i = 0; i < 37 * 37; i++)
    {
      g_assert_cmpint (core->valid[i] != 0, ==, all->values[i] > 0);
      n += core->valid[i] != 0;
    }
  g_assert_true (g_variant_lookup (dinoscope_map_get_details (map), "n-samples", "t", &n_samples));
  g_assert_cmpuint (n_samples, ==, n);
}

static void
assert_refused_by (DinoscopeOverlayProvider *provider, DinoscopeContext *context, const char *parameters, DinoscopeError code, const char *words)
{
  g_autoptr (GVariant)     values = parse (parameters);
  g_autoptr (GError)       error = NULL;
  g_autoptr (DinoscopeMap) map = dinoscope_overlay_provider_compute (provider, context, values, NULL, NULL, NULL, &error);

  g_assert_null (map);
  g_assert_error (error, DINOSCOPE_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_wrong_parameters (void)
{
  g_autoptr (DinoscopeOverlayProvider) pca = dinoscope_overlays_find ("pca");
  g_autoptr (DinoscopeOverlayProvider) attention = dinoscope_overlays_find ("cls-attention");

  assert_refused_by (pca, tiny, "{'block': <2>}", DINOSCOPE_ERROR_PARAMETER, "block");
  assert_refused_by (pca, tiny, "{'component': <'10'>}", DINOSCOPE_ERROR_PARAMETER, "component");
  assert_refused_by (pca, tiny, "{'foreground': <999.0>}", DINOSCOPE_ERROR_PARAMETER, "999");
  assert_refused_by (pca, tiny, "{'basis': <'/no/such/basis.safetensors'>}", DINOSCOPE_ERROR_OVERLAY, "/no/such/basis.safetensors");
  assert_refused_by (attention, tiny, "{'head': <'2'>}", DINOSCOPE_ERROR_PARAMETER, "head");
  assert_refused_by (attention, tiny, "{'head': <0>}", DINOSCOPE_ERROR_PARAMETER, "head");
}

static void
test_needs (void)
{
  g_autoptr (DinoscopeOverlayProvider) pca = dinoscope_overlays_find ("pca");
  g_autoptr (DinoscopeOverlayProvider) scripted = scripted_overlay_new (NULL, NULL);
  DinoscopeFeatures                   *features = dinoscope_context_get_primary (tiny);
  DinoscopeModel                      *model = dinoscope_features_get_model (features);
  g_autoptr (GVariant)                 last = parse ("{'block': <1>, 'norm': <true>}");
  g_autoptr (GVariant)                 early = parse ("{'block': <0>, 'norm': <true>}");
  g_autoptr (GVariant)                 wrong = parse ("{'block': <7>}");
  DinoscopeOverlayNeeds                needs;

  dinoscope_overlay_provider_get_needs (pca, model, last, &needs);
  g_assert_true (needs.output);
  dinoscope_overlay_provider_get_needs (pca, model, early, &needs);
  g_assert_false (needs.output);
  g_assert_cmpint (needs.last_block, ==, 0);
  g_assert_true (dinoscope_overlay_provider_is_ready (pca, features, NULL));
  g_assert_false (dinoscope_overlay_provider_is_ready (pca, features, wrong));

  scripted_overlay_set_needs (scripted, 2, 0);
  g_assert_false (dinoscope_overlay_provider_is_ready (scripted, features, NULL));
  assert_refused_by (scripted, tiny, NULL, DINOSCOPE_ERROR_OVERLAY, "not computed yet");
  scripted_overlay_set_needs (scripted, 1, 1);
  assert_refused_by (scripted, tiny, NULL, DINOSCOPE_ERROR_OVERLAY, "needs another picture: open one beside this one, or name it with --reference.");
}

/* Features without hidden states still give the last block's PCA. */
static void
test_output_only (void)
{
  g_autoptr (DinoscopeModel)           model = support_load_checkpoint (engine, "tiny-1");
  g_autoptr (DinoscopeStudy)           study = support_open_formula (engine, 91, 70);
  g_autoptr (DinoscopeFeatures)        features = dinoscope_engine_encode (engine, study, model, DINO_KEEP_OUTPUT, NULL, NULL, NULL, NULL);
  g_autoptr (DinoscopeContext)         context = dinoscope_context_new (features, NULL, 0);
  g_autoptr (DinoscopeOverlayProvider) attention = dinoscope_overlays_find ("cls-attention");
  g_autoptr (DinoscopeMap)             map = compute (context, "pca", NULL);
  g_autoptr (GError)                   error = NULL;

  g_assert_nonnull (map);
  g_assert_null (dinoscope_overlay_provider_compute (attention, context, NULL, NULL, NULL, NULL, &error));
  g_assert_nonnull (error);
}

static DinoscopeMap *
check_parameters (DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error)
{
  double level = 0;

  g_assert_true (g_variant_lookup (parameters, "level", "d", &level));
  g_assert_cmpfloat (level, ==, *(double *) data);
  return scripted_map (context);
}

static void
test_complete_parameters (void)
{
  double                               level = 2.5;
  g_autoptr (DinoscopeOverlayProvider) provider = scripted_overlay_new (check_parameters, &level);
  g_autoptr (GVariant)                 four = parse ("{'level': <4.0>}");
  g_autoptr (DinoscopeMap)             standard = dinoscope_overlay_provider_compute (provider, tiny, NULL, NULL, NULL, NULL, NULL);
  g_autoptr (DinoscopeMap)             given = NULL;

  g_assert_nonnull (standard);
  level = 4;
  given = dinoscope_overlay_provider_compute (provider, tiny, four, NULL, NULL, NULL, NULL);
  g_assert_nonnull (given);
}

/* Ways to be broken. */
static DinoscopeMap *
return_nothing (DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error)
{
  return NULL;
}

static DinoscopeMap *
return_error (DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the oracle is silent");
  return NULL;
}

static DinoscopeMap *
return_both (DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the oracle is silent");
  return scripted_map (context);
}

typedef void (*Damage) (struct dino_map *map);

static DinoscopeMap *
return_damaged (DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error)
{
  DinoscopeMap *map = scripted_map (context);

  (*(Damage *) data) ((struct dino_map *) dinoscope_map_get_core (map));
  return map;
}

static void
make_narrow (struct dino_map *map)
{
  map->width--;
}

static void
make_negative (struct dino_map *map)
{
  map->height = -1;
}

static void
make_two_channels (struct dino_map *map)
{
  map->channels = 2;
}

static void
put_nan (struct dino_map *map)
{
  map->values[5] = NAN;
}

static void
put_infinity (struct dino_map *map)
{
  map->values[15] = -INFINITY;
}

static void
drop_values (struct dino_map *map)
{
  g_clear_pointer (&map->values, dino_free);
}

static void
turn_range (struct dino_map *map)
{
  map->low = 3;
  map->high = 1;
}

static void
spoil_range (struct dino_map *map)
{
  map->high = NAN;
}

static void
spoil_place (struct dino_map *map)
{
  map->seen.x1 = map->seen.x0;
}

static void
spoil_text (struct dino_map *map)
{
  memset (map->legend, 'x', sizeof map->legend);
}

static void
spoil_unit (struct dino_map *map)
{
  g_strlcpy (map->unit, "\xff\xfe", sizeof map->unit);
}

static void
test_broken (void)
{
  static const Damage       damages[] = { make_narrow, make_negative, make_two_channels, put_nan, put_infinity, drop_values,
                                          turn_range, spoil_range, spoil_place, spoil_text, spoil_unit };
  static const ScriptedFunc failures[] = { return_nothing, return_error, return_both };

  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = scripted_overlay_new (failures[i], NULL);

      assert_refused_by (provider, tiny, NULL, DINOSCOPE_ERROR_OVERLAY, "scripted");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = scripted_overlay_new (return_damaged, (gpointer) &damages[i]);

      assert_refused_by (provider, tiny, NULL, DINOSCOPE_ERROR_OVERLAY, "scripted");
    }
}

/* What is not valid need not be a number. */
static DinoscopeMap *
return_masked (DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error)
{
  DinoscopeMap    *map = scripted_map (context);
  struct dino_map *core = (struct dino_map *) dinoscope_map_get_core (map);

  core->valid = dino_alloc (16, 1, NULL);
  memset (core->valid, 1, 16);
  core->valid[3] = 0;
  core->values[3] = NAN;
  return map;
}

static void
test_masked (void)
{
  g_autoptr (DinoscopeOverlayProvider) provider = scripted_overlay_new (return_masked, NULL);
  g_autoptr (GError)                   error = NULL;
  g_autoptr (DinoscopeMap)             map = dinoscope_overlay_provider_compute (provider, tiny, NULL, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (map);
}

/* A map that comes although it was cancelled is not used. */
static DinoscopeMap *
cancel_and_return (DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error)
{
  g_cancellable_cancel (cancellable);
  return scripted_map (context);
}

static void
test_cancelled (void)
{
  g_autoptr (DinoscopeOverlayProvider) provider = scripted_overlay_new (cancel_and_return, NULL);
  g_autoptr (GCancellable)             cancellable = g_cancellable_new ();
  g_autoptr (GError)                   error = NULL;

  g_assert_null (dinoscope_overlay_provider_compute (provider, tiny, NULL, cancellable, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  prepare ();
  g_test_add_func ("/overlays/list", test_list);
  g_test_add_func ("/overlays/parameters", test_parameters);
  g_test_add_func ("/overlays/pca", test_pca);
  g_test_add_func ("/overlays/cls-attention", test_cls_attention);
  g_test_add_func ("/overlays/foreground", test_foreground);
  g_test_add_func ("/overlays/wrong-parameters", test_wrong_parameters);
  g_test_add_func ("/overlays/needs", test_needs);
  g_test_add_func ("/overlays/output-only", test_output_only);
  g_test_add_func ("/overlays/complete-parameters", test_complete_parameters);
  g_test_add_func ("/overlays/broken", test_broken);
  g_test_add_func ("/overlays/masked", test_masked);
  g_test_add_func ("/overlays/cancelled", test_cancelled);
  result = g_test_run ();
  g_object_unref (demonstration);
  g_object_unref (tiny);
  dinoscope_engine_shutdown (engine);
  g_assert_finalize_object (engine);
  return result;
}
