/* Rollout against whole matrices multiplied in plain loops over what the published implementation gives. */
#include <glib.h>
#include <math.h>

#include "core/maps/rollout.h"
#include "map-case.h"

/* Fused weights of block, [n, n]. */
static double *
fused_attention (const char *name, int block, int n_heads, int n, enum dino_fusion fusion)
{
  g_autofree char  *tensor = g_strdup_printf ("attention.%d", block);
  g_autofree float *attention = golden_tensor (name, tensor, NULL);
  double           *fused = g_new (double, n *n);

  for (int i = 0; i < n * n; i++)
    {
      double sum = 0, largest = 0, smallest = 1;

      for (int h = 0; h < n_heads; h++)
        {
          double weight = attention[h * n * n + i];

          sum += weight;
          largest = fmax (largest, weight);
          smallest = fmin (smallest, weight);
        }
      fused[i] = fusion == DINO_FUSION_MEAN ? sum / n_heads : fusion == DINO_FUSION_MAX ? largest
                                                                                        : smallest;
    }
  return fused;
}

static int
compare (const void *a, const void *b)
{
  return *(const double *) a < *(const double *) b ? -1 : *(const double *) a > *(const double *) b;
}

static void
discard (double *fused, int n, double share)
{
  g_autofree double *sorted = g_new (double, n *(n - 1));
  int                n_discarded = (int) (share * n * (n - 1)), at = 0;

  for (int i = 0; i < n * n; i++)
    if (i % n != 0)
      sorted[at++] = fused[i];
  qsort (sorted, (size_t) at, sizeof *sorted, compare);
  for (int i = 0; i < n * n && n_discarded > 0; i++)
    if (i % n != 0 && fused[i] <= sorted[n_discarded - 1])
      fused[i] = 0;
}

/* The whole of R = A R, first block first; its first row is left in result [n]. */
static void
roll_out (const char *name, int n_blocks, int n_heads, int n, enum dino_fusion fusion, double share, double *result)
{
  g_autofree double *rolled = g_new0 (double, n *n);

  for (int i = 0; i < n; i++)
    rolled[i * n + i] = 1;
  for (int block = 0; block < n_blocks; block++)
    {
      g_autofree double *fused = fused_attention (name, block, n_heads, n, fusion);
      double            *next = g_new0 (double, n *n);

      discard (fused, n, share);
      for (int i = 0; i < n; i++)
        {
          double sum = 0;

          for (int j = 0; j < n; j++)
            {
              fused[i * n + j] = (fused[i * n + j] + (i == j)) / 2;
              sum += fused[i * n + j];
            }
          for (int j = 0; j < n; j++)
            for (int k = 0; k < n; k++)
              next[i * n + k] += fused[i * n + j] / sum * rolled[j * n + k];
        }
      g_free (rolled);
      rolled = next;
    }
  memcpy (result, rolled, (size_t) n * sizeof *result);
}

static void
check_values (const struct dino_map *map, const double *expected, int first)
{
  double sum = 0;

  g_assert_cmpint (map->n_cells, ==, first);
  for (int i = 0; i < first + map->width * map->height; i++)
    {
      double value = i < first ? map->cells[i].value : map->values[i - first];

      g_assert_cmpfloat_with_epsilon (value, expected[i], 1e-6 + 1e-3 * expected[i]);
      sum += value;
    }
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
}

static void
check_rollout (const char *name, int rows, int columns, int n_blocks, int n_heads, int first)
{
  static const double shares[] = { 0, 0.5, 0.9 };
  int                 n = first + rows * columns;
  g_autofree double  *expected = g_new (double, n);
  struct dino_team   *team = dino_team_new (2, NULL);
  struct encoded      encoded;

  encode_grid (&encoded, name, rows, columns, KEEP_ALL);
  for (enum dino_fusion fusion = DINO_FUSION_MEAN; fusion <= DINO_FUSION_MIN; fusion++)
    for (size_t share = 0; share < G_N_ELEMENTS (shares); share++)
      for (int block = 0; block < n_blocks; block++)
        {
          const struct dino_rollout_options options = { .fusion = fusion, .discard = shares[share], .block = block, .team = team };
          struct dino_map                  *map = dino_rollout_map (encoded.features, &encoded.geometry, &options, NULL);

          g_assert_nonnull (map);
          roll_out (name, block + 1, n_heads, n, fusion, shares[share], expected);
          check_values (map, expected, first);
          dino_map_unref (map);
        }
  dino_features_unref (encoded.features);
  dino_team_free (team);
}

static void
test_rollout (void)
{
  check_rollout ("tiny", 4, 4, 2, 2, 1);
  check_rollout ("tiny-deep", 5, 5, 5, 3, 1);
  check_rollout ("tiny-nonsquare", 4, 6, 2, 2, 1);
}

static void
test_registers (void)
{
  check_rollout ("tiny-registers", 4, 4, 2, 2, 5);
  check_rollout ("tiny-registers-nonsquare", 7, 4, 2, 2, 5);
}

/* More tokens than a strip of queries or a cut of columns has. */
static void
test_strips (void)
{
  check_rollout ("tiny-224crop", 16, 16, 2, 2, 1);
}

static void
test_discard (void)
{
  static const float matrix[9] = { 0.1f, 0.3f, 0.2f, 0, 0.2f, 0.4f, 0.1f, 0.2f, 0.5f };
  float              values[9];

  memcpy (values, matrix, sizeof values);
  g_assert_true (dino_rollout_discard (values, 3, 0, NULL, NULL));
  g_assert_cmpmem (values, sizeof values, matrix, sizeof matrix);
  /* Of three equal ones the first two go; the first column stays. */
  g_assert_true (dino_rollout_discard (values, 3, 2, NULL, NULL));
  g_assert_cmpmem (values, sizeof values, ((float[]){ 0.1f, 0.3f, 0, 0, 0, 0.4f, 0.1f, 0.2f, 0.5f }), sizeof values);
  memcpy (values, matrix, sizeof values);
  g_assert_true (dino_rollout_discard (values, 3, 6, NULL, NULL));
  g_assert_cmpmem (values, sizeof values, ((float[]){ 0.1f, 0, 0, 0, 0, 0, 0.1f, 0, 0 }), sizeof values);
}

static void
test_equal_bits (void)
{
  struct dino_rollout_options options = { .fusion = DINO_FUSION_MEAN, .discard = 0.3, .block = 1 };
  struct dino_map            *maps[2];
  struct encoded              encoded;

  encode (&encoded, "tiny-224crop", 224, KEEP_ALL);
  for (int i = 0; i < 2; i++)
    {
      options.team = dino_team_new (1 + 2 * i, NULL);
      maps[i] = dino_rollout_map (encoded.features, &encoded.geometry, &options, NULL);
      g_assert_nonnull (maps[i]);
      dino_team_free (options.team);
    }
  g_assert_cmpmem (maps[0]->values, 256 * sizeof (float), maps[1]->values, 256 * sizeof (float));
  dino_map_unref (maps[0]);
  dino_map_unref (maps[1]);
  dino_features_unref (encoded.features);
}

struct watch
{
  int n_calls, limit, last, total;
};

static bool
watch (void *data, int done, int total)
{
  struct watch *watched = data;

  g_assert_cmpint (done, >=, watched->last);
  watched->last = done;
  watched->total = total;
  return watched->n_calls++ < watched->limit;
}

/* What is done is told block by block; at any call it can be ended. */
static void
test_progress (void)
{
  struct watch                watched = { .limit = 10000 };
  const struct dino_progress  progress = { .func = watch, .data = &watched };
  struct dino_rollout_options options = { .block = 4, .progress = &progress };
  struct dino_error           error = { 0 };
  struct encoded              encoded;
  struct dino_map            *map;
  int                         n_calls;

  options.team = dino_team_new (2, NULL);
  encode (&encoded, "tiny-deep", 70, KEEP_ALL);
  map = dino_rollout_map (encoded.features, &encoded.geometry, &options, NULL);
  g_assert_nonnull (map);
  dino_map_unref (map);
  g_assert_cmpint (watched.total, ==, 5);
  g_assert_cmpint (watched.last, ==, 4);
  /* Others may come, now and then, but those of the five blocks always do. */
  n_calls = 5;
  for (int limit = 0; limit < n_calls; limit++)
    {
      watched = (struct watch){ .limit = limit };
      error = (struct dino_error){ 0 };
      g_assert_null (dino_rollout_map (encoded.features, &encoded.geometry, &options, &error));
      g_assert_cmpint (error.code, ==, DINO_CODE_CANCELLED);
      g_assert_cmpint (watched.n_calls, ==, limit + 1);
    }
  dino_features_unref (encoded.features);
  dino_team_free (options.team);
}

static void
test_texts (void)
{
  struct dino_rollout_options options = { .fusion = DINO_FUSION_MIN, .discard = 0.25, .block = 3, .team = dino_team_new (1, NULL) };
  struct dino_error           error = { 0 };
  struct encoded              encoded;
  struct dino_map            *map;

  encode (&encoded, "tiny-deep", 70, KEEP_ALL);
  map = dino_rollout_map (encoded.features, &encoded.geometry, &options, NULL);
  g_assert_cmpstr (map->title, ==, "Rollout of blocks 0 to 3, minimum of 3 heads");
  g_assert_nonnull (strstr (map->legend, "The lowest 25.0 % of each block's weights count as 0, but none on the CLS token."));
  dino_map_unref (map);
  options.discard = 1;
  g_assert_null (dino_rollout_map (encoded.features, &encoded.geometry, &options, &error));
  options.discard = 0;
  options.block = 5;
  g_assert_null (dino_rollout_map (encoded.features, &encoded.geometry, &options, NULL));
  dino_features_unref (encoded.features);
  encode (&encoded, "tiny-deep", 70, DINO_KEEP_CLS_ATTENTION);
  options.block = 4;
  g_assert_null (dino_rollout_map (encoded.features, &encoded.geometry, &options, NULL));
  dino_features_unref (encoded.features);
  dino_team_free (options.team);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rollout/plain", test_rollout);
  g_test_add_func ("/rollout/registers", test_registers);
  g_test_add_func ("/rollout/strips", test_strips);
  g_test_add_func ("/rollout/discard", test_discard);
  g_test_add_func ("/rollout/equal-bits", test_equal_bits);
  g_test_add_func ("/rollout/progress", test_progress);
  g_test_add_func ("/rollout/texts", test_texts);
  return g_test_run ();
}
