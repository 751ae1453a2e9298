/* Maps of attention against plain sums over what the published implementation gives. */
#include <glib.h>
#include <math.h>

#include "core/maps/attention-private.h"
#include "map-case.h"

static struct dino_map *
cls_map (const struct encoded *encoded, int block, int head, struct dino_error *error)
{
  const struct dino_cls_attention_options options = { .block = block, .head = head };

  return dino_cls_attention_map (encoded->features, &encoded->geometry, &options, NULL, error);
}

/* Attention of the case: [heads, T, T], of which CLS is row 0. */
static void
check_attention (const char *name, int side, int block, int n_heads, int first)
{
  g_autofree char  *tensor = g_strdup_printf ("attention.%d", block);
  g_autofree float *attention = golden_tensor (name, tensor, NULL);
  struct encoded    encoded;
  int               n = side / 14 * (side / 14), n_tokens = first + n;

  encode (&encoded, name, side, KEEP_ALL);
  for (int head = DINO_HEAD_MAX; head < n_heads; head++)
    {
      struct dino_map *map = cls_map (&encoded, block, head, NULL);

      g_assert_nonnull (map);
      g_assert_true (map->channels == 1 && map->width * map->height == n && !map->is_signed);
      for (int i = 0; i < n; i++)
        {
          double sum = 0, largest = 0, expected;

          for (int h = 0; h < n_heads; h++)
            {
              sum += attention[h * n_tokens * n_tokens + first + i];
              largest = fmax (largest, attention[h * n_tokens * n_tokens + first + i]);
            }
          expected = head == DINO_HEAD_MAX ? largest : head == DINO_HEAD_MEAN ? sum / n_heads
                                                                              : attention[head * n_tokens * n_tokens + first + i];
          g_assert_cmpfloat_with_epsilon (map->values[i], expected, 1e-6 + 1e-3 * expected);
        }
      dino_map_unref (map);
    }
  dino_features_unref (encoded.features);
}

static void
test_attention (void)
{
  check_attention ("tiny-deep", 70, 0, 3, 1);
  check_attention ("tiny-deep", 70, 4, 3, 1);
  check_attention ("tiny-registers", 56, 1, 2, 5);
}

static void
test_attention_texts (void)
{
  struct encoded    encoded;
  struct dino_map  *map;
  struct dino_error error = { 0 };

  encode (&encoded, "tiny-deep", 70, KEEP_ALL);
  map = cls_map (&encoded, 4, 2, NULL);
  g_assert_cmpstr (map->title, ==, "CLS attention of block 4, head 2");
  g_assert_nonnull (strstr (map->legend, "All patches together receive "));
  dino_map_unref (map);
  map = cls_map (&encoded, 0, DINO_HEAD_MEAN, NULL);
  g_assert_cmpstr (map->title, ==, "CLS attention of block 0, mean of 3 heads");
  dino_map_unref (map);
  g_assert_null (cls_map (&encoded, 5, 0, &error));
  g_assert_cmpstr (error.message, ==, "There is no block 5; this model has blocks 0 to 4.");
  g_assert_null (cls_map (&encoded, 0, 3, NULL));
  g_assert_null (cls_map (&encoded, 0, -3, NULL));
  encoded.geometry.rows = 4;
  g_assert_null (cls_map (&encoded, 0, 0, NULL));
  dino_features_unref (encoded.features);
  encode (&encoded, "tiny-deep", 70, DINO_KEEP_OUTPUT);
  g_assert_null (cls_map (&encoded, 0, 0, NULL));
  dino_features_unref (encoded.features);
}

/* One head's value of each token, or the heads' mean or maximum; values are [n_heads, n]. */
static double
fused (const double *values, int n_heads, int n, int head, int i)
{
  double sum = 0, largest = 0;

  for (int h = 0; h < n_heads; h++)
    {
      sum += values[h * n + i];
      largest = fmax (largest, values[h * n + i]);
    }
  return head == DINO_HEAD_MAX ? largest : head == DINO_HEAD_MEAN ? sum / n_heads
                                                                  : values[head * n + i];
}

/* values [T] of patches and cells of map. */
static void
assert_tokens (const struct dino_map *map, const double *values, int first, double absolute, double relative)
{
  g_assert_cmpint (map->n_cells, ==, first);
  for (int i = 0; i < first; i++)
    g_assert_cmpfloat_with_epsilon (map->cells[i].value, values[i], absolute + relative * fabs (values[i]));
  for (int i = 0; i < map->width * map->height; i++)
    g_assert_cmpfloat_with_epsilon (map->values[i], values[first + i], absolute + relative * fabs (values[first + i]));
}

/* Row and column of a patch in attention [heads, T, T]. */
static void
check_patch (const char *name, int rows, int columns, int n_heads, int first, int row, int column)
{
  g_autofree float  *attention = golden_tensor (name, "attention.1", NULL);
  int                n = first + rows * columns, token = first + row * columns + column;
  g_autofree double *values = g_new (double, n_heads *n);
  g_autofree double *expected = g_new (double, n);
  struct dino_team  *team = dino_team_new (2, NULL);
  struct encoded     encoded;

  encode_grid (&encoded, name, rows, columns, KEEP_ALL);
  for (enum dino_direction direction = DINO_DIRECTION_QUERY; direction <= DINO_DIRECTION_KEY; direction++)
    for (int head = DINO_HEAD_MAX; head < n_heads; head++)
      for (int log_scale = 0; log_scale < 2; log_scale++)
        {
          struct dino_patch_attention_options options = { .block = 1, .head = head, .row = row, .column = column, .direction = direction, .log_scale = log_scale, .team = team };
          struct dino_map                    *map;

          for (int h = 0; h < n_heads; h++)
            for (int i = 0; i < n; i++)
              values[h * n + i] = direction == DINO_DIRECTION_QUERY ? attention[(h * n + token) * n + i] : attention[(h * n + i) * n + token];
          for (int i = 0; i < n; i++)
            {
              double weight = fused (values, n_heads, n, head, i);

              expected[i] = log_scale ? log10 (fmax (weight, 1e-6)) : weight;
            }
          map = dino_patch_attention_map (encoded.features, &encoded.geometry, &options, NULL);
          g_assert_nonnull (map);
          g_assert_cmpstr (map->unit, ==, log_scale ? "log10 weight" : "weight");
          /* log10 (1 + 1e-3) is 4.3e-4. */
          assert_tokens (map, expected, first, log_scale ? 1e-3 : 1e-6, log_scale ? 0 : 1e-3);
          dino_map_unref (map);
        }
  dino_features_unref (encoded.features);
  dino_team_free (team);
}

static void
test_patch (void)
{
  check_patch ("tiny", 4, 4, 2, 1, 2, 1);
  check_patch ("tiny-deep", 5, 5, 3, 1, 0, 4);
  check_patch ("tiny-registers", 4, 4, 2, 5, 3, 0);
  check_patch ("tiny-nonsquare", 4, 6, 2, 1, 3, 5);
}

static void
test_patch_texts (void)
{
  struct dino_team                   *team = dino_team_new (1, NULL);
  struct dino_patch_attention_options options = { .block = 1, .head = 0, .row = 2, .column = 3, .team = team };
  struct dino_error                   error = { 0 };
  struct encoded                      encoded;
  struct dino_map                    *map;

  encode (&encoded, "tiny-registers", 56, KEEP_ALL);
  map = dino_patch_attention_map (encoded.features, &encoded.geometry, &options, NULL);
  g_assert_cmpstr (map->title, ==, "Attention of patch (2, 3), block 1, head 0");
  g_assert_cmpint (map->n_marks, ==, 1);
  g_assert_true (map->marks[0].row == 2 && map->marks[0].column == 3);
  g_assert_cmpstr (map->marks[0].label, ==, "query");
  g_assert_cmpstr (map->cells[0].label, ==, "CLS");
  g_assert_cmpstr (map->cells[4].label, ==, "R3");
  g_assert_nonnull (strstr (map->legend, "CLS token and the registers R0 to R3"));
  dino_map_unref (map);
  options.direction = DINO_DIRECTION_KEY;
  options.log_scale = true;
  map = dino_patch_attention_map (encoded.features, &encoded.geometry, &options, NULL);
  g_assert_cmpstr (map->title, ==, "Attention to patch (2, 3), block 1, head 0");
  g_assert_nonnull (strstr (map->legend, "under a millionth"));
  dino_map_unref (map);
  options.column = 4;
  g_assert_null (dino_patch_attention_map (encoded.features, &encoded.geometry, &options, &error));
  g_assert_cmpstr (error.message, ==, "There is no patch in row 2, column 4: this picture has rows 0 to 3 and columns 0 to 3.");
  options.column = 0;
  options.row = -1;
  g_assert_null (dino_patch_attention_map (encoded.features, &encoded.geometry, &options, NULL));
  options.row = 0;
  options.head = 2;
  g_assert_null (dino_patch_attention_map (encoded.features, &encoded.geometry, &options, NULL));
  options.head = 0;
  options.block = 2;
  g_assert_null (dino_patch_attention_map (encoded.features, &encoded.geometry, &options, NULL));
  dino_features_unref (encoded.features);
  dino_team_free (team);
}

static bool
refuse (void *data, int done, int total)
{
  return false;
}

static void
check_entropy (const char *name, int rows, int columns, int n_heads, int first)
{
  g_autofree float  *attention = golden_tensor (name, "attention.1", NULL);
  int                n = first + rows * columns;
  g_autofree double *values = g_new0 (double, n_heads *n);
  g_autofree double *expected = g_new (double, n);
  struct dino_team  *team = dino_team_new (2, NULL);
  struct encoded     encoded;

  for (int i = 0; i < n_heads * n; i++)
    for (int j = 0; j < n; j++)
      values[i] -= attention[i * n + j] * log2 (attention[i * n + j]);
  encode_grid (&encoded, name, rows, columns, KEEP_ALL);
  for (int head = DINO_HEAD_MAX; head < n_heads; head++)
    {
      const struct dino_head_entropy_options options = { .block = 1, .head = head, .team = team };
      struct dino_map                       *map = dino_head_entropy_map (encoded.features, &encoded.geometry, &options, NULL);

      for (int i = 0; i < n; i++)
        expected[i] = fused (values, n_heads, n, head, i);
      g_assert_nonnull (map);
      assert_tokens (map, expected, first, 1e-4, 0);
      g_assert_cmpfloat (map->low, >, 0);
      g_assert_cmpfloat (map->high, <=, log2 (n));
      g_assert_cmpstr (map->unit, ==, "bits");
      dino_map_unref (map);
    }
  dino_features_unref (encoded.features);
  dino_team_free (team);
}

static void
test_entropy (void)
{
  check_entropy ("tiny", 4, 4, 2, 1);
  check_entropy ("tiny-deep", 5, 5, 3, 1);
  check_entropy ("tiny-registers", 4, 4, 2, 5);
  check_entropy ("tiny-224crop", 16, 16, 2, 1);
}

static void
test_entropy_texts (void)
{
  struct dino_team                *team = dino_team_new (1, NULL);
  struct dino_progress             never = { .func = refuse };
  struct dino_head_entropy_options options = { .block = 1, .head = DINO_HEAD_MEAN, .team = team };
  struct dino_error                error = { 0 };
  struct encoded                   encoded;
  struct dino_map                 *map;

  encode (&encoded, "tiny-224crop", 224, KEEP_ALL);
  map = dino_head_entropy_map (encoded.features, &encoded.geometry, &options, NULL);
  g_assert_cmpstr (map->title, ==, "Entropy of attention, block 1, mean of 2 heads");
  g_assert_nonnull (strstr (map->legend, "all 257 tokens"));
  g_assert_nonnull (strstr (map->legend, "8.01 bits"));
  dino_map_unref (map);
  options.progress = &never;
  g_assert_null (dino_head_entropy_map (encoded.features, &encoded.geometry, &options, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_CANCELLED);
  options.progress = NULL;
  options.head = 2;
  g_assert_null (dino_head_entropy_map (encoded.features, &encoded.geometry, &options, NULL));
  dino_features_unref (encoded.features);
  dino_team_free (team);
}

/* The rule in words: from the weakest on, those by which the sum first exceeds what may go. */
static void
test_keep_mass (void)
{
  static const float values[6] = { 0.1f, 0.3f, 0.1f, 0.2f, 0.1f, 0.2f };
  uint8_t            kept[6];
  double             share;

  g_assert_cmpuint (dino_keep_mass (values, 6, 0.6, kept, &share, NULL), ==, 3);
  g_assert_cmpmem (kept, 6, ((uint8_t[]){ 0, 1, 0, 1, 0, 1 }), 6);
  g_assert_cmpfloat_with_epsilon (share, 0.7, 1e-6);
  /* Of equal values the first go first. */
  g_assert_cmpuint (dino_keep_mass (values, 6, 0.45, kept, &share, NULL), ==, 2);
  g_assert_cmpmem (kept, 6, ((uint8_t[]){ 0, 1, 0, 0, 0, 1 }), 6);
  g_assert_cmpuint (dino_keep_mass (values, 6, 0.85, kept, &share, NULL), ==, 5);
  g_assert_cmpmem (kept, 6, ((uint8_t[]){ 0, 1, 1, 1, 1, 1 }), 6);
  g_assert_cmpfloat_with_epsilon (share, 0.9, 1e-6);
  g_assert_cmpuint (dino_keep_mass (values, 6, 1, kept, &share, NULL), ==, 6);
  g_assert_cmpfloat (share, ==, 1);
  g_assert_cmpuint (dino_keep_mass (values, 6, 0, kept, &share, NULL), ==, 1);
  g_assert_cmpint (kept[1], ==, 1);
  g_assert_cmpfloat_with_epsilon (dino_sum_strongest (values, 6, 10), 1, 1e-6);
  g_assert_cmpfloat_with_epsilon (dino_sum_strongest (values, 6, 2), 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (dino_sum_strongest (values, 6, 3), 0.7, 1e-6);
}

/* numpy's words for the same: order = values.argsort (kind="stable"); kept = order[cumsum (values[order]) > (1 - mass) * sum]. */
static void
test_mass (void)
{
  g_autofree float                 *attention = golden_tensor ("tiny-224crop", "attention.1", NULL);
  struct dino_cls_attention_options options = { .block = 1, .head = 1, .has_mass = true, .mass = 0.6 };
  struct dino_attention_facts       facts;
  const float                      *row = attention + 257 * 257 + 1;
  struct encoded                    encoded;
  struct dino_map                  *map;
  double                            total = 0, held = 0;
  size_t                            n_kept = 0;

  encode (&encoded, "tiny-224crop", 224, KEEP_ALL);
  map = dino_cls_attention_map (encoded.features, &encoded.geometry, &options, &facts, NULL);
  g_assert_nonnull (map);
  for (int i = 0; i < 256; i++)
    total += row[i];
  for (int i = 0; i < 256; i++)
    {
      double weaker = 0;

      for (int j = 0; j < 256; j++)
        weaker += row[j] <= row[i] ? row[j] : 0;
      /* Not where rounding decides. */
      if (fabs (weaker - 0.4 * total) > 1e-5)
        g_assert_cmpint (map->valid[i], ==, weaker > 0.4 * total);
      held += map->valid[i] ? row[i] : 0;
      n_kept += map->valid[i];
    }
  g_assert_cmpuint (facts.n_kept, ==, n_kept);
  g_assert_cmpfloat_with_epsilon (facts.mass, held / total, 1e-4);
  g_assert_cmpfloat (facts.mass, >=, 0.6);
  g_assert_cmpfloat_with_epsilon (facts.patches_weight, total, 1e-4);
  g_assert_cmpfloat_with_epsilon (facts.cls_weight, row[-1], 1e-5);
  g_assert_cmpfloat_with_epsilon (map->cells[0].value, row[-1], 1e-5);
  g_assert_nonnull (strstr (map->legend, "(60.0 % was asked for)"));
  g_assert_cmpfloat (map->low, >, 0);
  dino_map_unref (map);
  options.mass = 1.5;
  g_assert_null (dino_cls_attention_map (encoded.features, &encoded.geometry, &options, &facts, NULL));
  dino_features_unref (encoded.features);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attention-maps/cls", test_attention);
  g_test_add_func ("/attention-maps/cls-texts", test_attention_texts);
  g_test_add_func ("/attention-maps/patch", test_patch);
  g_test_add_func ("/attention-maps/patch-texts", test_patch_texts);
  g_test_add_func ("/attention-maps/entropy", test_entropy);
  g_test_add_func ("/attention-maps/entropy-texts", test_entropy_texts);
  g_test_add_func ("/attention-maps/keep-mass", test_keep_mass);
  g_test_add_func ("/attention-maps/mass", test_mass);
  return g_test_run ();
}
