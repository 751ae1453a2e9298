/* Similarity and norms of small reference cases, against plain loops. */
#include "encoder-case.h"

#include "core/encoder/cosine.h"
#include "core/maps/similarity.h"
#include "core/maps/token-norm.h"
#include "golden.h"

typedef struct
{
  struct dino_model    *model;
  struct dino_team     *team;
  struct dino_features *features;
  struct dino_geometry  geometry;
  size_t                width, first;
} Case;

static void
open_case (Case *test, const char *name, const char *checkpoint, int rows, int columns)
{
  g_autofree char  *relative = g_strdup_printf ("golden/checkpoint/%s", checkpoint);
  g_autofree char  *path = test_data (relative);
  g_autofree float *pixel_values = golden_tensor (name, "pixel_values", NULL);

  test->model = load_model (path);
  test->team = new_team (2);
  test->features = encode (test->model, pixel_values, rows, columns, DINO_ISA_GENERIC, test->team);
  g_assert_true (dino_geometry_init_raw (&test->geometry, 14, 14 * columns, 14 * rows, NULL));
  test->width = (size_t) dino_model_config (test->model)->hidden_size;
  test->first = dino_features_first_patch (test->features);
}

static void
close_case (Case *test)
{
  dino_features_unref (test->features);
  dino_team_free (test->team);
  dino_model_unref (test->model);
}

static double
plain_cosine (const float *a, const float *b, size_t n)
{
  double ab = 0, aa = 0, bb = 0;

  for (size_t i = 0; i < n; i++)
    {
      ab += (double) a[i] * (double) b[i];
      aa += (double) a[i] * (double) a[i];
      bb += (double) b[i] * (double) b[i];
    }
  return ab / sqrt (aa * bb);
}

/* Of any length, also of one that does not fill all lanes. */
static void
test_cosine (void)
{
  float a[40], b[40];

  for (int i = 0; i < 40; i++)
    {
      a[i] = (float) (1 + i % 7);
      b[i] = (float) (i % 5 - 1.5);
    }
  for (size_t n = 1; n <= 40; n++)
    g_assert_cmpfloat_with_epsilon ((double) dino_cosine (a, b, n), plain_cosine (a, b, n), 1e-6);
  g_assert_cmpfloat (dino_cosine (a, b, 0), ==, 0);
}

static const float *
patch_of (const Case *test, const float *tokens, int row, int column)
{
  return tokens + (test->first + (size_t) (row * test->geometry.columns + column)) * test->width;
}

static void
assert_similar (const Case *test, const struct dino_similarity_options *options, const float *tokens, const Case *source, const float *source_tokens)
{
  struct dino_error error = { 0 };
  struct dino_map  *map = dino_similarity_map (test->features, &test->geometry, options, &error);

  assert_no_error (&error);
  for (int row = 0; row < map->height; row++)
    for (int column = 0; column < map->width; column++)
      {
        double mean = 0;

        for (int i = 0; i < options->n_pins; i++)
          mean += plain_cosine (patch_of (test, tokens, row, column), patch_of (source, source_tokens, options->pins[i].row, options->pins[i].column), test->width) / options->n_pins;
        g_assert_cmpfloat_with_epsilon ((double) map->values[row * map->width + column], mean, 1e-5);
      }
  g_assert_true (map->is_signed && map->low == -map->high);
  g_assert_cmpint (map->n_marks, ==, options->source == NULL ? options->n_pins : 0);
  /* Several are numbered from 1, one needs no number. */
  for (int i = 0; i < map->n_marks; i++)
    {
      g_autofree char *number = g_strdup_printf ("%d", i + 1);

      g_assert_cmpstr (map->marks[i].label, ==, options->n_pins > 1 ? number : "");
      g_assert_cmpint (map->marks[i].row, ==, options->pins[i].row);
      g_assert_cmpint (map->marks[i].column, ==, options->pins[i].column);
    }
  g_assert_true ((strstr (map->legend, "Mean over 3 pinned patches.") != NULL) == (options->n_pins == 3));
  dino_map_unref (map);
}

/* Tokens and facets; one patch and several; registers are no patches. */
static void
test_compared (gconstpointer data)
{
  const char                    *name = data;
  g_autofree char               *checkpoint = g_strdup_printf ("%s-1", name);
  const struct dino_patch        pins[] = { { 1, 2 }, { 0, 0 }, { 3, 1 } };
  struct dino_similarity_options options = { .block = 1, .norm = true, .pins = pins, .n_pins = 1 };
  const enum dino_facet          facets[] = { DINO_FACET_QUERY, DINO_FACET_KEY, DINO_FACET_VALUE };
  g_autofree float              *tokens = NULL;
  struct dino_error              error = { 0 };
  Case                           test;

  open_case (&test, name, checkpoint, 4, 4);
  tokens = g_new (float, dino_features_n_tokens (test.features) * test.width);
  for (int block = 0; block < 2; block++)
    for (int norm = 0; norm < 2; norm++)
      {
        g_assert_true (dino_features_tokens (test.features, block, norm, tokens, &error));
        options.block = block;
        options.norm = norm;
        options.n_pins = 1 + 2 * norm;
        options.team = norm ? test.team : NULL;
        assert_similar (&test, &options, tokens, &test, tokens);
      }
  for (int facet = 0; facet < 3; facet++)
    {
      g_assert_true (dino_features_facet (test.features, 1, facets[facet], test.team, tokens, &error));
      options.compared = DINO_COMPARED_QUERY + facet;
      options.team = test.team;
      assert_similar (&test, &options, tokens, &test, tokens);
    }
  close_case (&test);
}

/* The pins of another picture with another grid. */
static void
test_source (void)
{
  const struct dino_patch        pins[] = { { 3, 5 } };
  struct dino_similarity_options options = { .block = 1, .norm = true, .pins = pins, .n_pins = 1 };
  Case                           test, other;
  g_autofree float              *tokens = NULL, *other_tokens = NULL;

  open_case (&test, "tiny", "tiny-1", 4, 4);
  open_case (&other, "tiny-nonsquare", "tiny-1", 4, 6);
  tokens = g_new (float, dino_features_n_tokens (test.features) * test.width);
  other_tokens = g_new (float, dino_features_n_tokens (other.features) * other.width);
  g_assert_true (dino_features_tokens (test.features, 1, true, tokens, NULL));
  g_assert_true (dino_features_tokens (other.features, 1, true, other_tokens, NULL));
  options.source = other.features;
  assert_similar (&test, &options, tokens, &other, other_tokens);
  close_case (&other);
  close_case (&test);
}

static void
assert_refused (const Case *test, struct dino_similarity_options options, const char *word)
{
  struct dino_error error = { 0 };

  g_assert_null (dino_similarity_map (test->features, &test->geometry, &options, &error));
  g_assert_nonnull (strstr (error.message, word));
}

static void
test_refused (void)
{
  const struct dino_patch              inside = { 3, 3 }, below = { 4, 0 }, left = { 0, -1 };
  const struct dino_similarity_options options = { .block = 1, .norm = true, .pins = &inside, .n_pins = 1 };
  struct dino_similarity_options       wrong = options;
  Case                                 test, other;

  open_case (&test, "tiny", "tiny-1", 4, 4);
  open_case (&other, "tiny-deep", "tiny-deep-1", 5, 5);
  wrong.pins = &below;
  assert_refused (&test, wrong, "row 4");
  wrong.pins = &left;
  assert_refused (&test, wrong, "column -1");
  wrong = options;
  wrong.n_pins = 0;
  assert_refused (&test, wrong, "no patch");
  wrong = options;
  wrong.block = 2;
  assert_refused (&test, wrong, "block 2");
  wrong = options;
  wrong.source = other.features;
  assert_refused (&test, wrong, "48");
  close_case (&other);
  close_case (&test);
}

static double
plain_norm (const float *token, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += (double) token[i] * (double) token[i];
  return sqrt (sum);
}

static int
compare_doubles (const void *a, const void *b)
{
  const double one = *(const double *) a, other = *(const double *) b;

  return (one > other) - (one < other);
}

static void
test_norm (gconstpointer data)
{
  const char              *name = data;
  g_autofree char         *checkpoint = g_strdup_printf ("%s-1", name);
  Case                     test;
  struct dino_norm_summary summary;
  struct dino_error        error = { 0 };

  open_case (&test, name, checkpoint, 4, 4);
  for (int block = 0; block < 2; block++)
    {
      const float     *state = dino_features_hidden_state (test.features, block + 1);
      struct dino_map *map = dino_norm_map (test.features, &test.geometry, block, false, &summary, &error);
      double           norms[16], deviations[16], median;
      g_autofree char *sentence = NULL;

      assert_no_error (&error);
      for (int i = 0; i < 16; i++)
        {
          norms[i] = plain_norm (patch_of (&test, state, i / 4, i % 4), test.width);
          g_assert_cmpfloat_with_epsilon ((double) map->values[i], norms[i], 1e-5 * norms[i]);
        }
      qsort (norms, 16, sizeof *norms, compare_doubles);
      median = (norms[7] + norms[8]) / 2;
      for (int i = 0; i < 16; i++)
        deviations[i] = fabs (norms[i] - median);
      qsort (deviations, 16, sizeof *deviations, compare_doubles);
      g_assert_cmpfloat_with_epsilon (summary.median, median, 1e-4);
      g_assert_cmpfloat_with_epsilon (summary.threshold, median + 5 * 1.4826 * (deviations[7] + deviations[8]) / 2, 1e-3);
      g_assert_true (map->low == map->values[0] || map->low <= map->high);
      sentence = g_strdup_printf ("Median %.1f; outliers above %.1f (median", floor (summary.median * 10 + 0.5) / 10, floor (summary.threshold * 10 + 0.5) / 10);
      g_assert_nonnull (strstr (map->legend, sentence));
      dino_map_unref (map);
    }
  g_assert_null (dino_norm_map (test.features, &test.geometry, 2, false, NULL, &error));
  g_assert_nonnull (strstr (error.message, "block 2"));
  close_case (&test);
}

/* A token that was made long by hand is found, marked and clipped. */
static void
test_outlier (void)
{
  const int                place = 2 * 16 + 5;
  Case                     test;
  struct dino_norm_summary summary;
  struct dino_map         *map, *clipped;
  float                   *token, largest = 0;

  open_case (&test, "tiny-224crop", "tiny-224crop-1", 16, 16);
  token = (float *) patch_of (&test, dino_features_hidden_state (test.features, 2), 2, 5);
  for (size_t i = 0; i < test.width; i++)
    token[i] *= 50;
  map = dino_norm_map (test.features, &test.geometry, 1, false, &summary, NULL);
  clipped = dino_norm_map (test.features, &test.geometry, 1, true, NULL, NULL);
  g_assert_cmpint (summary.n_outliers, >=, 1);
  g_assert_true (map->high == map->values[place]);
  g_assert_cmpint (map->n_marks, ==, MIN (summary.n_outliers, DINO_NORM_MAX_MARKS));
  for (int i = 0; i < map->n_marks; i++)
    g_assert_cmpfloat (map->values[map->marks[i].row * 16 + map->marks[i].column], >, summary.threshold);
  for (int i = 0; i < 256; i++)
    largest = MAX (largest, clipped->values[i]);
  /* Three of 256 lie above the 99th percentile. */
  g_assert_true (clipped->values[place] == largest && largest < map->values[place]);
  g_assert_true (clipped->high == largest);
  g_assert_nonnull (strstr (clipped->legend, "99th percentile"));
  g_assert_null (strstr (map->legend, "99th percentile"));
  dino_map_unref (map);
  dino_map_unref (clipped);
  close_case (&test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/similarity/compared/tiny", "tiny", test_compared);
  g_test_add_data_func ("/similarity/compared/registers", "tiny-registers", test_compared);
  g_test_add_func ("/similarity/cosine", test_cosine);
  g_test_add_func ("/similarity/source", test_source);
  g_test_add_func ("/similarity/refused", test_refused);
  g_test_add_data_func ("/norm/tiny", "tiny", test_norm);
  g_test_add_data_func ("/norm/registers", "tiny-registers", test_norm);
  g_test_add_func ("/norm/outlier", test_outlier);
  return g_test_run ();
}
