/* Differences of small reference cases, against plain loops over the reference's own tensors. */
#include <glib.h>
#include <math.h>

#include "core/maps/difference.h"
#include "map-case.h"

#define N 16 /* patches of 4 x 4 */

/* What a case has, from the reference. */
typedef struct
{
  const char *name;
  size_t      first; /* tokens before the patches */
  size_t      width, n_heads;
} Reference;

static const Reference tiny = { "tiny", 1, 32, 2 };
static const Reference registers = { "tiny-registers", 5, 32, 2 };

/* Before the final LayerNorm. */
static float *
reference_tokens (const Reference *reference, int block)
{
  g_autofree char *name = g_strdup_printf ("hidden.%d", block + 1);

  return golden_tensor (reference->name, name, NULL);
}

static double
plain_norm (const float *token, size_t n)
{
  double sum = 0;

  for (size_t c = 0; c < n; c++)
    sum += (double) token[c] * (double) token[c];
  return sqrt (sum);
}

static double
plain_distance (const float *a, const float *b, size_t n)
{
  double sum = 0;

  for (size_t c = 0; c < n; c++)
    sum += (double) a[c] * (double) b[c];
  return 1 - sum / (plain_norm (a, n) * plain_norm (b, n));
}

static struct dino_map *
compute (const struct encoded *here, const struct dino_difference_options *options)
{
  struct dino_error error = { 0 };
  struct dino_map  *map = dino_difference_map (here->features, &here->geometry, options, &error);

  g_assert_cmpstr (error.message, ==, "");
  g_assert_true (map->width == 4 && map->height == 4 && map->channels == 1);
  return map;
}

/* Two blocks of one picture. */
static void
test_blocks (void)
{
  struct dino_difference_options options = { .block = 1, .other_block = 0 };
  g_autofree float              *here = reference_tokens (&tiny, 1), *there = reference_tokens (&tiny, 0);
  struct encoded                 encoded;
  struct dino_map               *map;

  encode (&encoded, "tiny", 56, KEEP_ALL);
  map = compute (&encoded, &options);
  for (size_t i = 0; i < N; i++)
    {
      const double expected = plain_distance (here + (tiny.first + i) * tiny.width, there + (tiny.first + i) * tiny.width, tiny.width);

      g_assert_cmpfloat_with_epsilon (map->values[i], expected, 1e-4);
    }
  g_assert_true (!map->is_signed && map->low >= 0);
  g_assert_nonnull (strstr (map->title, "blocks 1 and 0"));
  dino_map_unref (map);
  options.other_block = 1;
  map = compute (&encoded, &options);
  g_assert_cmpfloat_with_epsilon (map->high, 0, 1e-6);
  dino_map_unref (map);
  dino_features_unref (encoded.features);
}

/* Two models, of which one has registers before its patches. */
static void
test_norms_of_models (void)
{
  struct dino_difference_options options = { .measure = DINO_MEASURE_NORM, .block = 1, .other_block = 0 };
  g_autofree float              *here = reference_tokens (&tiny, 1), *there = reference_tokens (&registers, 0);
  struct encoded                 encoded, other;
  struct dino_map               *map;

  encode (&encoded, "tiny", 56, KEEP_ALL);
  encode (&other, "tiny-registers", 56, KEEP_ALL);
  options.other = other.features;
  map = compute (&encoded, &options);
  for (size_t i = 0; i < N; i++)
    {
      const double expected = plain_norm (here + (tiny.first + i) * tiny.width, tiny.width) - plain_norm (there + (registers.first + i) * registers.width, registers.width);

      g_assert_cmpfloat_with_epsilon (map->values[i], expected, 1e-3);
    }
  g_assert_true (map->is_signed && map->low == -map->high);
  g_assert_cmpstr (map->colormap, ==, "vik");
  dino_map_unref (map);
  dino_features_unref (encoded.features);
  dino_features_unref (other.features);
}

static double
mean_attention (const struct encoded *encoded, const Reference *reference, int block, size_t patch)
{
  const float *attention = dino_features_cls_attention (encoded->features, block);
  double       sum = 0;

  for (size_t head = 0; head < reference->n_heads; head++)
    sum += (double) attention[head * (reference->first + N) + reference->first + patch];
  return sum / (double) reference->n_heads;
}

static void
test_attention (void)
{
  struct dino_difference_options options = { .measure = DINO_MEASURE_CLS_ATTENTION, .block = 0, .other_block = 1 };
  struct encoded                 encoded, other;
  struct dino_map               *map;

  encode (&encoded, "tiny", 56, KEEP_ALL);
  encode (&other, "tiny-registers", 56, KEEP_ALL);
  options.other = other.features;
  map = compute (&encoded, &options);
  for (size_t i = 0; i < N; i++)
    g_assert_cmpfloat_with_epsilon (map->values[i], mean_attention (&encoded, &tiny, 0, i) - mean_attention (&other, &registers, 1, i), 1e-7);
  dino_map_unref (map);
  dino_features_unref (encoded.features);
  dino_features_unref (other.features);
}

static void
assert_refused (const struct encoded *encoded, struct dino_difference_options options, const char *words)
{
  struct dino_error error = { 0 };

  g_assert_null (dino_difference_map (encoded->features, &encoded->geometry, &options, &error));
  g_assert_nonnull (strstr (error.message, words));
}

static void
test_refused (void)
{
  struct encoded                 encoded, grid, deep, bare;
  struct dino_difference_options options = { .block = 1, .other_block = 1 };

  encode (&encoded, "tiny", 56, KEEP_ALL);
  encode_grid (&grid, "tiny-nonsquare", 4, 6, KEEP_ALL);
  encode (&deep, "tiny-deep", 70, KEEP_ALL);
  encode (&bare, "tiny", 56, DINO_KEEP_OUTPUT);
  options.other = grid.features;
  assert_refused (&encoded, options, "6 × 4");
  options.other = deep.features;
  assert_refused (&encoded, options, "5 × 5");
  options.other_block = -1;
  assert_refused (&encoded, options, "block -1");
  options.other = bare.features;
  options.other_block = 1;
  options.measure = DINO_MEASURE_NORM;
  assert_refused (&encoded, options, "not there");
  options.measure = DINO_MEASURE_CLS_ATTENTION;
  assert_refused (&encoded, options, "not there");
  dino_features_unref (encoded.features);
  dino_features_unref (grid.features);
  dino_features_unref (deep.features);
  dino_features_unref (bare.features);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/difference/blocks", test_blocks);
  g_test_add_func ("/difference/norms-of-models", test_norms_of_models);
  g_test_add_func ("/difference/attention", test_attention);
  g_test_add_func ("/difference/refused", test_refused);
  return g_test_run ();
}
