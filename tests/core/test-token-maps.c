/* PCA maps of small reference cases, from the picture's tensor on. */
#include <glib.h>
#include <math.h>

#include "core/maps/pca-colors.h"
#include "core/maps/token-maps.h"
#include "map-case.h"

/* |d| <= 1e-3 of the largest value. */
static void
assert_scores (const float *values, size_t step, const double *expected, size_t count, double largest)
{
  for (size_t i = 0; i < count; i++)
    g_assert_cmpfloat_with_epsilon (values[i * step], expected[i], 1e-3 * largest);
}

/* scikit-learn's numbers on the case's own tokens: see test-pca.c. */
static void
test_pca_rgb (void)
{
  static const double     first[3] = { 3.3465929666382475, -1.9714471818574666, 2.4530379534426676 };
  struct dino_pca_options options = { .block = 1, .norm = true, .component = DINO_PCA_RGB };
  struct encoded          encoded;
  struct dino_pca        *fitted;
  struct dino_map        *map;

  encode (&encoded, "tiny-224crop", 224, DINO_KEEP_OUTPUT);
  map = dino_pca_map (encoded.features, &encoded.geometry, &options, &fitted, NULL, NULL);
  g_assert_nonnull (map);
  g_assert_true (map->width == 16 && map->height == 16 && map->channels == 3);
  g_assert_true (map->seen.x1 == 224 && map->seen.y1 == 224);
  g_assert_null (map->valid);
  g_assert_false (map->is_signed);
  assert_scores (map->values, 1, first, 3, 4.4);
  g_assert_cmpfloat_with_epsilon (MAX (-map->low3[0], map->high3[0]), 5.74940407, 1e-3);
  g_assert_cmpfloat_with_epsilon (MAX (-map->low3[2], map->high3[2]), 4.44873861, 1e-3);
  g_assert_cmpstr (map->component_names[0], ==, "PC1 21.1 %");
  g_assert_cmpstr (map->component_names[2], ==, "PC3 11.6 %");
  g_assert_cmpstr (map->title, ==, "PCA of block 1: PC1 21.1 %, PC2 12.5 %, PC3 11.6 %");
  g_assert_nonnull (strstr (map->legend, "256 patches"));
  g_assert_cmpint (fitted->n_components, ==, 3);
  g_assert_cmpfloat_with_epsilon (fitted->variance_ratio[0], 0.21105, 1e-4);
  dino_pca_free (fitted);
  dino_map_unref (map);
  dino_features_unref (encoded.features);
}

/* Which components lie behind the colours, and where these end. */
static void
test_pca_percentile (void)
{
  struct dino_pca_options options = { .block = 1, .norm = true, .component = DINO_PCA_RGB, .percentile = true };
  struct encoded          encoded;
  struct dino_map        *map;

  encode (&encoded, "tiny-224crop", 224, DINO_KEEP_OUTPUT);
  map = dino_pca_map (encoded.features, &encoded.geometry, &options, NULL, NULL, NULL);
  g_assert_nonnull (map);
  g_assert_nonnull (strstr (map->legend, "run from the 1st to the 99th percentile of components 1, 2 and 3."));
  g_assert_cmpfloat (MAX (-map->low3[0], map->high3[0]), <, 5.74);
  dino_map_unref (map);
  options.percentile = false;
  map = dino_pca_map (encoded.features, &encoded.geometry, &options, NULL, NULL, NULL);
  g_assert_nonnull (strstr (map->legend, "run from the smallest to the largest value of components 1, 2 and 3."));
  dino_map_unref (map);
  dino_features_unref (encoded.features);
}

/* Of two channels the values of both pictures that count, the first ones too. */
static void
test_pca_range (void)
{
  static const float    first[] = { -9, 20, 1, 2, 100, -100 }, second[] = { 3, -7, 4, 5, 60, 60 };
  static const guint8   mask[] = { 1, 1, 0 };
  struct dino_pca_range range = { .channels = 2, .room = 4 };
  struct dino_map       map = { .is_signed = false };

  g_assert_true (dino_pca_range_init (&range, NULL));
  dino_pca_range_add (&range, first, mask, 3);
  g_assert_cmpuint (range.n, ==, 2);
  /* There is room for no more than two of these. */
  dino_pca_range_add (&range, second, NULL, 3);
  g_assert_cmpuint (range.n, ==, 4);
  dino_pca_range_finish (&range, &map);
  g_assert_cmpfloat (map.low3[0], ==, -9);
  g_assert_cmpfloat (map.high3[0], ==, 4);
  g_assert_cmpfloat (map.low3[1], ==, -7);
  g_assert_cmpfloat (map.high3[1], ==, 20);
  g_assert_cmpfloat (map.low, ==, -9);
  g_assert_cmpfloat (map.high, ==, 20);
  map.is_signed = true;
  dino_pca_range_finish (&range, &map);
  g_assert_cmpfloat (map.low3[0], ==, -9);
  g_assert_cmpfloat (map.high3[0], ==, 9);
  dino_pca_range_clear (&range);
  g_assert_null (range.values);
}

static void
test_pca_component (void)
{
  struct dino_pca_options options = { .block = 1, .norm = true, .component = 1 };
  struct encoded          encoded;
  struct dino_map        *map;

  encode (&encoded, "tiny-224crop", 224, DINO_KEEP_OUTPUT);
  map = dino_pca_map (encoded.features, &encoded.geometry, &options, NULL, NULL, NULL);
  g_assert_nonnull (map);
  g_assert_cmpint (map->channels, ==, 1);
  g_assert_true (map->is_signed && map->low == -map->high);
  g_assert_cmpfloat_with_epsilon (map->high, 4.56730961, 1e-3);
  assert_scores (map->values + 100, 1, (double[]){ 1.9105303999236036 }, 1, 4.5);
  g_assert_true (g_str_has_prefix (map->title, "PC2 12.5 %"));
  g_assert_cmpstr (map->colormap, ==, "vik");
  dino_map_unref (map);
  dino_features_unref (encoded.features);
}

static void
test_pca_foreground (void)
{
  static const double     last[3] = { 0.8257217541151527, -1.1444323442553799, -0.8605025164613413 };
  struct dino_pca_options options = { .block = 1, .norm = true, .component = DINO_PCA_RGB, .has_foreground = true, .foreground = 0.5 };
  struct encoded          encoded;
  struct dino_pca        *fitted;
  struct dino_map        *map;
  struct dino_error       error = { 0 };
  int                     valid = 0;

  encode (&encoded, "tiny-224crop", 224, DINO_KEEP_OUTPUT);
  map = dino_pca_map (encoded.features, &encoded.geometry, &options, &fitted, NULL, NULL);
  g_assert_nonnull (map);
  for (int i = 0; i < 256; i++)
    valid += map->valid[i] != 0;
  g_assert_cmpint (valid, ==, 108);
  g_assert_true (map->valid[0] == 1 && map->valid[254] == 1 && map->valid[255] == 0);
  assert_scores (map->values + 254 * 3, 1, last, 3, 4);
  g_assert_cmpuint (fitted->n_samples, ==, 108);
  g_assert_nonnull (strstr (map->legend, "108 of 256"));
  dino_map_unref (map);

  /* A basis that is given is used as it is, and decides the foreground itself. */
  options.basis = fitted;
  options.foreground = 0;
  map = dino_pca_map (encoded.features, &encoded.geometry, &options, NULL, NULL, NULL);
  g_assert_nonnull (map);
  for (int i = 0; i < 256; i++)
    g_assert_true ((map->valid[i] != 0) == (map->values[i * 3] > 0));
  assert_scores (map->values + 254 * 3, 1, last, 3, 4);
  dino_map_unref (map);
  options.basis = NULL;
  options.foreground = 42.5;
  g_assert_null (dino_pca_map (encoded.features, &encoded.geometry, &options, NULL, NULL, &error));
  g_assert_cmpstr (error.message, ==, "No patch's first component is above 42.5.");
  dino_pca_free (fitted);
  dino_features_unref (encoded.features);
}

static void
test_pca_basis (void)
{
  struct dino_pca_options options = { .block = 1, .norm = true, .component = DINO_PCA_RGB };
  struct encoded          encoded;
  struct dino_pca        *fitted, *copy;
  struct dino_map        *map, *again;

  encode (&encoded, "tiny-registers", 56, KEEP_ALL);
  map = dino_pca_map (encoded.features, &encoded.geometry, &options, &fitted, NULL, NULL);
  g_assert_nonnull (map);
  options.basis = fitted;
  again = dino_pca_map (encoded.features, &encoded.geometry, &options, &copy, NULL, NULL);
  g_assert_nonnull (again);
  g_assert_cmpmem (map->values, 16 * 3 * sizeof (float), again->values, 16 * 3 * sizeof (float));
  g_assert_true (copy != fitted);
  g_assert_cmpmem (copy->components, 3 * 32 * sizeof (double), fitted->components, 3 * 32 * sizeof (double));
  options.component = 3;
  g_assert_null (dino_pca_map (encoded.features, &encoded.geometry, &options, NULL, NULL, NULL));
  fitted->n_channels = 31;
  options.component = 0;
  g_assert_null (dino_pca_map (encoded.features, &encoded.geometry, &options, NULL, NULL, NULL));
  dino_map_unref (map);
  dino_map_unref (again);
  dino_pca_free (fitted);
  dino_pca_free (copy);
  dino_features_unref (encoded.features);
}

/* Blocks count from 0; without norm the tokens are those of the block itself. */
static void
test_pca_blocks (void)
{
  struct dino_pca_options options = { .block = 2, .norm = false, .component = 0 };
  struct encoded          encoded;
  struct dino_map        *map;
  struct dino_pca_fit    *sums = dino_pca_fit_new (48, NULL, NULL);
  g_autofree float       *tokens = golden_tensor ("tiny-deep", "hidden.3", NULL);
  struct dino_pca        *pca;
  float                   expected[25];

  encode (&encoded, "tiny-deep", 70, KEEP_ALL);
  map = dino_pca_map (encoded.features, &encoded.geometry, &options, NULL, NULL, NULL);
  dino_pca_fit_add (sums, tokens + 48, 25, NULL, NULL);
  pca = dino_pca_fit_finish (sums, 1, NULL);
  g_assert_true (dino_pca_project (pca, tokens + 48, 25, expected, NULL));
  for (int i = 0; i < 25; i++)
    g_assert_cmpfloat_with_epsilon (map->values[i], expected[i], 1e-3 * map->high);
  dino_map_unref (map);
  options.block = 5;
  g_assert_null (dino_pca_map (encoded.features, &encoded.geometry, &options, NULL, NULL, NULL));
  options.block = -1;
  g_assert_null (dino_pca_map (encoded.features, &encoded.geometry, &options, NULL, NULL, NULL));
  options.block = 1;
  options.component = -2;
  g_assert_null (dino_pca_map (encoded.features, &encoded.geometry, &options, NULL, NULL, NULL));
  dino_pca_free (pca);
  dino_pca_fit_free (sums);
  dino_features_unref (encoded.features);
}

/* Smallest and largest wherever they stand, and a bin for each value. */
static void
test_pca_count (void)
{
  static const float    values[][4] = { { -1, 2, 3, 0 }, { 3, 2, -1, 0 }, { 2, 0, 3, -1 } };
  struct dino_pca_facts facts;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      dino_pca_count (values[i], 4, &facts);
      g_assert_cmpfloat (facts.low, ==, -1);
      g_assert_cmpfloat (facts.high, ==, 3);
      g_assert_cmpuint (facts.histogram[0], ==, 1);
      g_assert_cmpuint (facts.histogram[DINO_PCA_BINS / 4], ==, 1);
      g_assert_cmpuint (facts.histogram[DINO_PCA_BINS / 4 * 3], ==, 1);
      g_assert_cmpuint (facts.histogram[DINO_PCA_BINS - 1], ==, 1);
    }
  dino_pca_count (values[0] + 1, 1, &facts);
  g_assert_cmpfloat (facts.low, ==, 2);
  g_assert_cmpfloat (facts.high, ==, 2);
  g_assert_cmpuint (facts.histogram[0], ==, 1);
  dino_pca_count (NULL, 0, &facts);
  g_assert_cmpfloat (facts.high, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token-maps/pca-rgb", test_pca_rgb);
  g_test_add_func ("/token-maps/pca-percentile", test_pca_percentile);
  g_test_add_func ("/token-maps/pca-range", test_pca_range);
  g_test_add_func ("/token-maps/pca-component", test_pca_component);
  g_test_add_func ("/token-maps/pca-foreground", test_pca_foreground);
  g_test_add_func ("/token-maps/pca-count", test_pca_count);
  g_test_add_func ("/token-maps/pca-basis", test_pca_basis);
  g_test_add_func ("/token-maps/pca-blocks", test_pca_blocks);
  return g_test_run ();
}
