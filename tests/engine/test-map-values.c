/* Maps and tokens as somebody outside of the library has them. */
#include <math.h>

#include "engine-support.h"

#include "engine/dinoscope-map-private.h"

#define KEEP_ALL (DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION)

static DinoscopeEngine   *engine;
static DinoscopeFeatures *features;

static GBytes *
counted (gsize n)
{
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (float) i - 2;
  return g_bytes_new_take (values, n * sizeof *values);
}

static void
test_values (void)
{
  g_autoptr (GBytes)       values = counted (6);
  g_autoptr (GError)       error = NULL;
  g_autoptr (DinoscopeMap) map = dinoscope_map_new_from_values (3, 2, 1, values, &error);
  g_autoptr (GBytes)       back = dinoscope_map_dup_values (map);
  const struct dino_map   *core = dinoscope_map_get_core (map);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (values, back));
  g_assert_cmpint (dinoscope_map_get_width (map), ==, 3);
  g_assert_cmpint (dinoscope_map_get_height (map), ==, 2);
  g_assert_cmpfloat (core->low, ==, -2);
  g_assert_cmpfloat (core->high, ==, 3);
  g_assert_cmpstr (core->colormap, ==, "viridis");

  dinoscope_map_set_signed (map, TRUE);
  g_assert_cmpfloat (core->low, ==, -3);
  g_assert_cmpfloat (core->high, ==, 3);
  dinoscope_map_set_range (map, 0, 0.5);
  g_assert_cmpfloat (core->high, ==, 0.5);
}

static void
assert_refused (guint width, guint height, guint channels, gsize n)
{
  g_autoptr (GBytes) values = counted (n);
  g_autoptr (GError) error = NULL;

  g_assert_null (dinoscope_map_new_from_values (width, height, channels, values, &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY);
}

static void
test_sizes (void)
{
  assert_refused (3, 2, 1, 5);
  assert_refused (3, 2, 1, 7);
  assert_refused (3, 2, 2, 12);
  assert_refused (3, 2, 0, 0);
  assert_refused (0, 2, 1, 0);
  assert_refused (65536, 65536, 1, 0);
  assert_refused (G_MAXUINT, G_MAXUINT, 3, 3);
}

/* Invalid cells have no say in the range, and may be anything. */
static void
test_validity (void)
{
  float                    numbers[] = { 1, NAN, 3, 100 };
  const guint8             good[] = { 1, 0, 1, 0 };
  g_autoptr (GBytes)       values = g_bytes_new (numbers, sizeof numbers);
  g_autoptr (GBytes)       valid = g_bytes_new (good, sizeof good);
  g_autoptr (GBytes)       few = g_bytes_new (good, 3);
  g_autoptr (DinoscopeMap) map = dinoscope_map_new_from_values (2, 2, 1, values, NULL);
  const struct dino_map   *core = dinoscope_map_get_core (map);

  g_assert_false (dinoscope_map_set_validity (map, few));
  g_assert_true (dinoscope_map_set_validity (map, valid));
  g_assert_cmpfloat (core->low, ==, 1);
  g_assert_cmpfloat (core->high, ==, 3);
  g_assert_cmpmem (core->valid, 4, good, 4);
}

/* Cut between characters, and made valid. */
static void
test_texts (void)
{
  g_autoptr (GBytes)       values = counted (1);
  g_autoptr (DinoscopeMap) map = dinoscope_map_new_from_values (1, 1, 1, values, NULL);
  g_autofree char         *long_text = g_strnfill (126, 'x');
  g_autofree char         *title = g_strconcat (long_text, "ä", NULL);

  dinoscope_map_set_texts (map, title, "a\xff", "mm");
  g_assert_cmpstr (dinoscope_map_get_title (map), ==, long_text);
  g_assert_true (g_utf8_validate (dinoscope_map_get_legend (map), -1, NULL));
  g_assert_cmpstr (dinoscope_map_get_unit (map), ==, "mm");
}

static void
test_marks (void)
{
  g_autoptr (GBytes)       values = counted (6);
  g_autoptr (DinoscopeMap) map = dinoscope_map_new_from_values (3, 2, 1, values, NULL);
  const struct dino_map   *core = dinoscope_map_get_core (map);

  for (guint i = 0; i < 3; i++)
    g_assert_true (dinoscope_map_add_mark (map, i % 2, i, i == 2 ? "here" : ""));
  g_assert_cmpint (core->n_marks, ==, 3);
  g_assert_cmpint (core->marks[1].row, ==, 1);
  g_assert_cmpint (core->marks[2].column, ==, 2);
  g_assert_cmpstr (core->marks[2].label, ==, "here");
}

/* What was handed over is everybody's. */
static void
test_sealed (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (GBytes)       values = counted (1);
      g_autoptr (DinoscopeMap) map = dinoscope_map_new_from_values (1, 1, 1, values, NULL);

      dinoscope_map_seal (map);
      dinoscope_map_set_range (map, 5, 6);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*is_new (self)*");
}

static void
test_over_features (void)
{
  guint                    columns = dinoscope_features_get_columns (features), rows = dinoscope_features_get_rows (features);
  g_autoptr (GBytes)       values = counted ((gsize) rows * columns);
  g_autoptr (DinoscopeMap) map = dinoscope_map_new_for_features (features, 1, values, NULL);
  const struct dino_map   *core = dinoscope_map_get_core (map);
  double                   x0, y0, x1, y1;

  g_assert_cmpint (core->width, ==, (int) columns);
  dinoscope_features_patch_box (features, 0, 0, &x0, &y0, &x1, &y1);
  g_assert_cmpfloat_with_epsilon (core->seen.x0, x0, 1e-9);
  g_assert_cmpfloat_with_epsilon (core->seen.y0, y0, 1e-9);
  dinoscope_features_patch_box (features, rows - 1, columns - 1, &x0, &y0, &x1, &y1);
  g_assert_cmpfloat_with_epsilon (core->seen.x1, x1, 1e-9);
  g_assert_cmpfloat_with_epsilon (core->seen.y1, y1, 1e-9);
}

/* Of the last block normalised: the output; not normalised: the hidden state. */
static void
test_tokens (void)
{
  guint              n_blocks = dinoscope_model_get_n_blocks (dinoscope_features_get_model (features));
  gsize              channels = dinoscope_model_get_n_channels (dinoscope_features_get_model (features));
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) last = dinoscope_features_dup_tokens (features, n_blocks - 1, TRUE, &error);
  g_autoptr (GBytes) first = dinoscope_features_dup_tokens (features, 0, FALSE, &error);
  g_autoptr (GBytes) hidden = dinoscope_features_dup_hidden_state (features, 1);
  g_autoptr (GBytes) patches = dinoscope_features_dup_patches (features);
  gsize              begin = dinoscope_features_get_first_patch (features) * channels * sizeof (float);
  g_autoptr (GBytes) own = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (last), ==, dinoscope_features_get_n_tokens (features) * channels * sizeof (float));
  own = g_bytes_new_from_bytes (last, begin, g_bytes_get_size (last) - begin);
  g_assert_true (g_bytes_equal (own, patches));
  g_assert_true (g_bytes_equal (first, hidden));

  g_assert_null (dinoscope_features_dup_tokens (features, n_blocks, TRUE, &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
}

static void
test_tensor_file (void)
{
  g_autofree char                *path = test_data ("golden/checkpoint/tiny-1/model.safetensors");
  g_autofree char                *other = test_data ("golden/modes/grey8.png");
  g_autoptr (GError)              error = NULL;
  g_autoptr (DinoscopeTensorFile) file = dinoscope_tensor_file_open (path, &error);
  g_autoptr (GBytes)              bias = NULL;
  guint64                         shape[2];

  g_assert_no_error (error);
  bias = dinoscope_tensor_file_read (file, "layernorm.bias", 1, shape, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (shape[0] * sizeof (float), ==, g_bytes_get_size (bias));
  g_assert_cmpuint (shape[0], ==, dinoscope_model_get_n_channels (dinoscope_features_get_model (features)));
  g_assert_null (dinoscope_tensor_file_get_metadata (file, "nothing"));

  g_assert_null (dinoscope_tensor_file_read (file, "layernorm.bias", 2, shape, &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  g_clear_error (&error);
  g_assert_null (dinoscope_tensor_file_read (file, "nothing", 1, shape, &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  g_clear_error (&error);
  g_assert_null (dinoscope_tensor_file_open (other, &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
}

static void
prepare (void)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeModel) model = NULL;
  g_autoptr (DinoscopeStudy) study = NULL;

  engine = dinoscope_engine_new (2, &error);
  g_assert_no_error (error);
  model = support_load_checkpoint (engine, "tiny-1");
  study = support_open_formula (engine, 91, 70);
  features = dinoscope_engine_encode (engine, study, model, KEEP_ALL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  prepare ();
  g_test_add_func ("/map-values/values", test_values);
  g_test_add_func ("/map-values/sizes", test_sizes);
  g_test_add_func ("/map-values/validity", test_validity);
  g_test_add_func ("/map-values/texts", test_texts);
  g_test_add_func ("/map-values/marks", test_marks);
  g_test_add_func ("/map-values/sealed", test_sealed);
  g_test_add_func ("/map-values/over-features", test_over_features);
  g_test_add_func ("/map-values/tokens", test_tokens);
  g_test_add_func ("/map-values/tensor-file", test_tensor_file);
  result = g_test_run ();
  g_object_unref (features);
  dinoscope_engine_shutdown (engine);
  g_assert_finalize_object (engine);
  return result;
}
