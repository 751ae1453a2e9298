/* Groups, silhouettes, duplicates and planes of many vectors. */
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/random.h"
#include "core/encoder/cosine.h"
#include "core/model/half.h"
#include "core/vectors/duplicates.h"
#include "core/vectors/kmeans.h"
#include "core/vectors/nearest.h"
#include "core/vectors/products.h"
#include "core/vectors/silhouette.h"
#include "core/vectors/tsne.h"
#include "encoder-case.h"

#define WIDTH ((size_t) 37)

/* Clouds of points, [n, WIDTH]. */
static float *
clouds (size_t n, int n_clouds, uint64_t seed)
{
  struct dino_random random = dino_random (seed);
  float             *values = g_new (float, n *WIDTH);

  for (size_t i = 0; i < n; i++)
    for (size_t c = 0; c < WIDTH; c++)
      values[i * WIDTH + c] = (float) (3 + dino_random_normal (&random) + (c % (size_t) n_clouds == i % (size_t) n_clouds ? 4 : 0));
  return values;
}

static double
squared (const float *a, const float *b)
{
  double sum = 0;

  for (size_t c = 0; c < WIDTH; c++)
    sum += ((double) a[c] - (double) b[c]) * ((double) a[c] - (double) b[c]);
  return sum;
}

struct seen
{
  const float *values;
  const float *factors;
  double       worst;
  uint8_t     *counts; /* [n, n] */
  size_t       n;
};

static void
see_tile (void *data, const struct dino_product_tile *tile, int thread)
{
  struct seen *seen = data;

  for (size_t i = 0; i < tile->n_rows; i++)
    for (size_t j = 0; j < tile->n_columns; j++)
      {
        const size_t row = tile->row + i, column = tile->column + j;
        double       sum = 0;

        for (size_t c = 0; c < WIDTH; c++)
          sum += (double) (seen->values[row * WIDTH + c] - 3) * (double) (seen->values[column * WIDTH + c] - 3);
        seen->worst = fmax (seen->worst, fabs (sum * (double) seen->factors[row] * (double) seen->factors[column] - (double) tile->values[i * tile->stride + j]));
        seen->counts[row * seen->n + column]++;
      }
}

/* Every pair once, of rows and blocks that are not whole. */
static void
test_products (void)
{
  const size_t             n = 1100;
  g_autofree float        *values = clouds (n, 3, 1);
  g_autofree float        *factors = g_new (float, n), *mean = g_new (float, WIDTH);
  g_autofree uint8_t      *counts = g_new0 (uint8_t, n * n);
  struct seen              seen = { .values = values, .factors = factors, .counts = counts, .n = n };
  struct dino_operand_rows rows = { .points = dino_points (values, n, WIDTH), .mean = mean, .factors = factors };
  struct dino_error        error = { 0 };

  for (size_t c = 0; c < WIDTH; c++)
    mean[c] = 3;
  for (size_t i = 0; i < n; i++)
    factors[i] = 1 / (1 + (float) (i % 7));
  g_assert_true (dino_products_visit (&rows, &rows, false, NULL, NULL, see_tile, &seen, &error));
  assert_no_error (&error);
  g_assert_cmpfloat (seen.worst, <, 1e-3);
  for (size_t i = 0; i < n * n; i++)
    g_assert_cmpuint (counts[i], ==, 1);
  memset (counts, 0, n * n);
  g_assert_true (dino_products_visit (&rows, &rows, true, NULL, NULL, see_tile, &seen, &error));
  for (size_t i = 0; i < n; i++)
    for (size_t j = i; j < n; j++)
      g_assert_cmpuint (counts[i * n + j], ==, 1);
}

/* Against plain loops, and rows of half precision as the same numbers. */
static void
test_nearest (void)
{
  const size_t         n = 300, k = 9;
  g_autofree float    *values = clouds (n, 3, 2);
  g_autofree uint16_t *halves = g_new (uint16_t, n * WIDTH);
  struct dino_points   points = dino_points (values, n, WIDTH), half = { .rows = halves, .n = n, .width = WIDTH, .half = true };
  struct dino_error    error = { 0 };
  struct dino_nearest *found, *found_half;

  /* Numbers that float16 has. */
  for (size_t i = 0; i < n * WIDTH; i++)
    {
      halves[i] = (uint16_t) (0x3c00 + (int) (values[i] * 50) % 700);
      values[i] = dino_float_from_f16 (halves[i]);
    }
  found = dino_nearest_new (&points, k, NULL, NULL, &error);
  found_half = dino_nearest_new (&half, k, NULL, NULL, &error);
  assert_no_error (&error);
  g_assert_cmpmem (found->rows, n * k * sizeof *found->rows, found_half->rows, n * k * sizeof *found->rows);
  for (size_t i = 0; i < n; i++)
    {
      const double farthest = found->squares[i * k + k - 1];
      size_t       nearer = 0;

      for (size_t j = 0; j < n; j++)
        nearer += j != i && squared (values + i * WIDTH, values + j * WIDTH) < farthest * (1 - 1e-6);
      g_assert_cmpuint (nearer, <=, k - 1);
      for (size_t j = 0; j < k; j++)
        {
          g_assert_cmpuint (found->rows[i * k + j], !=, i);
          g_assert_cmpfloat_with_epsilon (found->squares[i * k + j], squared (values + i * WIDTH, values + found->rows[i * k + j] * WIDTH), 1e-3);
          g_assert_true (j == 0 || found->squares[i * k + j] >= found->squares[i * k + j - 1]);
        }
    }
  dino_nearest_free (found);
  dino_nearest_free (found_half);
  g_assert_null (dino_nearest_new (&points, n, NULL, NULL, &error));
}

static struct dino_kmeans *
group (const float *values, size_t n, int k, size_t batch, struct dino_team *team)
{
  const struct dino_points         points = dino_points (values, n, WIDTH);
  const struct dino_kmeans_options options = { .n_groups = k, .seed = 3, .n_starts = 3, .max_rounds = 100, .batch = batch, .team = team };
  struct dino_error                error = { 0 };
  struct dino_kmeans              *found = dino_kmeans_new (&points, &options, &error);

  assert_no_error (&error);
  return found;
}

/* Each way of assigning: one by one, by products, by mini-batches. */
static void
test_groups (void)
{
  static const struct
  {
    int    k;
    size_t batch;
  } cases[] = { { 5, 0 }, { 20, 0 }, { 5, 256 }, { 20, 256 } };
  const size_t      n = 3000;
  g_autofree float *values = clouds (n, 5, 3);
  struct dino_team *team = new_team (3);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      struct dino_kmeans *alone = group (values, n, cases[i].k, cases[i].batch, NULL), *together = group (values, n, cases[i].k, cases[i].batch, team);
      double              inertia = 0;

      g_assert_cmpmem (alone->labels, n * sizeof (int), together->labels, n * sizeof (int));
      g_assert_true (alone->inertia == together->inertia);
      for (size_t row = 0; row < n; row++)
        {
          const double own = squared (values + row * WIDTH, alone->centers + (size_t) alone->labels[row] * WIDTH);

          inertia += own;
          for (int other = 0; cases[i].batch == 0 && other < cases[i].k; other++)
            g_assert_cmpfloat (own, <=, squared (values + row * WIDTH, alone->centers + (size_t) other * WIDTH) + 1e-3);
          /* Five clouds far apart are five groups. */
          g_assert_true (cases[i].k != 5 || alone->labels[row] == alone->labels[row % 5]);
        }
      g_assert_cmpfloat (fabs (alone->inertia - inertia), <, cases[i].batch == 0 ? 1e-4 * inertia : 0.05 * inertia);
      dino_kmeans_free (alone);
      dino_kmeans_free (together);
    }
  dino_team_free (team);
}

/* Rows of half precision are widened by each thread for itself: the groups of the same numbers. */
static void
test_groups_half (void)
{
  const size_t                     n = 700;
  g_autofree float                *values = clouds (n, 5, 3);
  g_autofree uint16_t             *halves = g_new (uint16_t, n * WIDTH);
  struct dino_team                *team = new_team (3);
  const struct dino_kmeans_options options = { .n_groups = 5, .seed = 3, .n_starts = 3, .max_rounds = 100, .team = team };
  const struct dino_points         half = { .rows = halves, .n = n, .width = WIDTH, .half = true };
  struct dino_kmeans              *found, *expected;
  struct dino_error                error = { 0 };

  for (size_t i = 0; i < n * WIDTH; i++)
    {
      halves[i] = (uint16_t) (0x3c00 + (int) (values[i] * 50) % 700);
      values[i] = dino_float_from_f16 (halves[i]);
    }
  found = dino_kmeans_new (&half, &options, &error);
  assert_no_error (&error);
  expected = group (values, n, 5, 0, NULL);
  g_assert_cmpmem (found->labels, n * sizeof (int), expected->labels, n * sizeof (int));
  g_assert_cmpfloat (found->inertia, ==, expected->inertia);
  dino_kmeans_free (found);
  dino_kmeans_free (expected);
  dino_team_free (team);
}

static bool
stop_after (void *data, int done, int total)
{
  return --*(int *) data > 0;
}

static void
test_cancel (void)
{
  const size_t                     n = 2000;
  g_autofree float                *values = clouds (n, 4, 4);
  const struct dino_points         points = dino_points (values, n, WIDTH);
  int                              left = 5;
  const struct dino_progress       progress = { stop_after, &left };
  const struct dino_kmeans_options options = { .n_groups = 30, .n_starts = 10, .max_rounds = 100, .progress = &progress };
  const struct dino_tsne_options   tsne = { .perplexity = 30, .n_rounds = 1000, .progress = &progress };
  struct dino_error                error = { 0 };

  g_assert_null (dino_kmeans_new (&points, &options, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_CANCELLED);
  left = 20;
  error = (struct dino_error){ 0 };
  g_assert_null (dino_tsne_new (&points, &tsne, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_CANCELLED);
}

/* Against plain loops; a sample of more points comes near to all of them. */
static void
test_silhouette (void)
{
  const size_t             n = 200;
  g_autofree float        *values = clouds (n, 4, 5);
  const struct dino_points points = dino_points (values, n, WIDTH);
  int                      labels[200];
  struct dino_error        error = { 0 };
  struct dino_silhouette  *found;

  for (size_t i = 0; i < n; i++)
    labels[i] = i == 7 ? 4 : (int) (i % 4);
  found = dino_silhouette_new (&points, labels, 5, 1, NULL, NULL, &error);
  assert_no_error (&error);
  for (size_t i = 0; i < n; i++)
    {
      double sums[5] = { 0 }, sizes[5] = { 0 }, b = INFINITY, a;

      for (size_t j = 0; j < n; j++)
        {
          sums[labels[j]] += sqrt (squared (values + i * WIDTH, values + j * WIDTH));
          sizes[labels[j]]++;
        }
      for (int other = 0; other < 5; other++)
        b = other != labels[i] ? fmin (b, sums[other] / sizes[other]) : b;
      a = sums[labels[i]] / (sizes[labels[i]] - 1);
      g_assert_cmpuint (found->rows[i], ==, i);
      g_assert_cmpfloat_with_epsilon ((double) found->values[i], i == 7 ? 0 : (b - a) / fmax (a, b), 1e-4);
    }
  dino_silhouette_free (found);
  memset (labels, 0, sizeof labels);
  g_assert_null (dino_silhouette_new (&points, labels, 2, 1, NULL, NULL, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
}

static void
test_duplicates (void)
{
  const size_t             n = 150;
  g_autofree float        *values = clouds (n, 3, 6);
  const struct dino_points points = dino_points (values, n, WIDTH);
  struct dino_error        error = { 0 };
  struct dino_duplicates  *found;

  memset (values + 20 * WIDTH, 0, WIDTH * sizeof *values);
  memset (values + 21 * WIDTH, 0, WIDTH * sizeof *values);
  for (size_t c = 0; c < WIDTH; c++)
    {
      values[140 * WIDTH + c] = 2 * values[3 * WIDTH + c];
      values[90 * WIDTH + c] = values[3 * WIDTH + c] + (c == 0 ? 0.5f : 0);
    }
  found = dino_duplicates_new (&points, 0.999, NULL, NULL, &error);
  assert_no_error (&error);
  g_assert_cmpuint (found->n_pairs, ==, 3);
  g_assert_cmpuint (found->pairs[0].first, ==, 3);
  g_assert_cmpuint (found->pairs[0].second, ==, 140);
  g_assert_cmpfloat_with_epsilon ((double) found->pairs[0].cosine, 1, 1e-6);
  dino_duplicates_free (found);
  /* The most alike first, and each as a plain loop finds it. */
  found = dino_duplicates_new (&points, 0.9, NULL, NULL, &error);
  g_assert_cmpuint (found->n_pairs, >, 20);
  for (size_t i = 0; i < found->n_pairs; i++)
    {
      const struct dino_pair *pair = &found->pairs[i];

      g_assert_cmpuint (pair->first, <, pair->second);
      g_assert_true (i == 0 || found->pairs[i - 1].cosine >= pair->cosine);
      g_assert_cmpfloat_with_epsilon ((double) pair->cosine, 1 - dino_cosine_distance (values + pair->first * WIDTH, values + pair->second * WIDTH, WIDTH), 1e-6);
    }
  dino_duplicates_free (found);
  /* All the same: not all pairs of them. */
  for (size_t i = 0; i < n * WIDTH; i++)
    values[i] = 1;
  found = dino_duplicates_new (&points, 0.999, NULL, NULL, &error);
  g_assert_cmpuint (found->n_found, ==, n * (n - 1) / 2);
  g_assert_cmpuint (found->n_pairs, <, found->n_found);
  for (size_t i = 1; i < found->n_pairs; i++)
    {
      const struct dino_pair *before = &found->pairs[i - 1], *pair = &found->pairs[i];

      g_assert_true (before->first < pair->first || (before->first == pair->first && before->second < pair->second));
    }
  dino_duplicates_free (found);
}

/* Equal ones by row, also where the second lies a tile of columns further on. */
static void
test_duplicates_order (void)
{
  static const size_t      expected[][2] = { { 0, 1050 }, { 5, 7 }, { 2, 3 } };
  const size_t             n = DINO_PRODUCT_COLUMNS + 76;
  g_autofree float        *values = g_new0 (float, n * 3);
  const struct dino_points points = dino_points (values, n, 3);
  struct dino_duplicates  *found;

  values[3 * 0] = values[3 * 1050] = 1;
  values[3 * 5 + 1] = values[3 * 7 + 1] = 2;
  values[3 * 2 + 2] = values[3 * 3 + 2] = 1;
  values[3 * 3 + 1] = 0.03f;
  found = dino_duplicates_new (&points, 0.999, NULL, NULL, NULL);
  g_assert_nonnull (found);
  g_assert_cmpuint (found->n_pairs, ==, 3);
  for (size_t i = 0; i < 3; i++)
    {
      g_assert_cmpuint (found->pairs[i].first, ==, expected[i][0]);
      g_assert_cmpuint (found->pairs[i].second, ==, expected[i][1]);
    }
  g_assert_cmpfloat (found->pairs[1].cosine, ==, 1);
  g_assert_cmpfloat (found->pairs[2].cosine, <, 1);
  dino_duplicates_free (found);
}

static struct dino_tsne *
lay_out (const struct dino_points *points, bool tree, struct dino_team *team)
{
  const struct dino_tsne_options options = { .perplexity = 10, .n_rounds = 400, .tree = tree, .team = team };
  struct dino_error              error = { 0 };
  struct dino_tsne              *found = dino_tsne_new (points, &options, &error);

  assert_no_error (&error);
  return found;
}

/* Clouds stay clouds, all pairs and tree come to much the same, equal bits for
 * one and three threads. */
static void
test_tsne (void)
{
  const size_t             n = 240;
  g_autofree float        *values = clouds (n, 4, 7);
  const struct dino_points points = dino_points (values, n, WIDTH);
  struct dino_team        *team = new_team (3);
  double                   divergences[2];

  for (int tree = 0; tree < 2; tree++)
    {
      struct dino_tsne *alone = lay_out (&points, tree, NULL), *together = lay_out (&points, tree, team);

      g_assert_cmpmem (alone->plane, n * 2 * sizeof (float), together->plane, n * 2 * sizeof (float));
      g_assert_true (alone->divergence == together->divergence);
      divergences[tree] = alone->divergence;
      for (size_t i = 0; i < n; i++)
        {
          size_t nearest = i == 0;
          double best = INFINITY;

          for (size_t j = 0; j < n; j++)
            {
              const double dx = (double) alone->plane[2 * i] - (double) alone->plane[2 * j], dy = (double) alone->plane[2 * i + 1] - (double) alone->plane[2 * j + 1];

              if (j != i && dx * dx + dy * dy < best)
                {
                  best = dx * dx + dy * dy;
                  nearest = j;
                }
            }
          g_assert_cmpuint (nearest % 4, ==, i % 4);
        }
      dino_tsne_free (alone);
      dino_tsne_free (together);
    }
  g_assert_cmpfloat (divergences[0], >, 0);
  g_assert_cmpfloat (fabs (divergences[0] - divergences[1]), <, 0.1 * divergences[0]);
  dino_team_free (team);
}

/* Points that are all one, or few: finite places, or a clear refusal. */
static void
test_degenerate (void)
{
  float             values[8 * 37];
  double            ratios[2];
  float             plane[16];
  struct dino_error error = { 0 };

  for (size_t i = 0; i < G_N_ELEMENTS (values); i++)
    values[i] = 0.5f;
  for (size_t n = 1; n <= 8; n++)
    {
      const struct dino_points       points = dino_points (values, n, WIDTH);
      const struct dino_tsne_options options = { .perplexity = 30, .n_rounds = 50 };
      struct dino_tsne              *tsne;

      g_assert_true (dino_principal_plane (&points, NULL, plane, ratios, &error));
      for (size_t i = 0; i < 2 * n; i++)
        g_assert_cmpfloat ((double) plane[i], ==, 0);
      error = (struct dino_error){ 0 };
      tsne = dino_tsne_new (&points, &options, &error);
      g_assert_true ((tsne != NULL) == (n >= DINO_TSNE_MIN_POINTS));
      for (size_t i = 0; tsne != NULL && i < 2 * n; i++)
        g_assert_true (isfinite (tsne->plane[i]));
      dino_tsne_free (tsne);
      error = (struct dino_error){ 0 };
    }
  values[40] = NAN;
  g_assert_false (dino_points_check (&(struct dino_points){ .rows = values, .n = 2, .width = WIDTH }, &error));
  g_assert_nonnull (strstr (error.message, "Row 1 "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vectors/products", test_products);
  g_test_add_func ("/vectors/nearest", test_nearest);
  g_test_add_func ("/vectors/groups", test_groups);
  g_test_add_func ("/vectors/groups-half", test_groups_half);
  g_test_add_func ("/vectors/cancel", test_cancel);
  g_test_add_func ("/vectors/silhouette", test_silhouette);
  g_test_add_func ("/vectors/duplicates", test_duplicates);
  g_test_add_func ("/vectors/duplicates-order", test_duplicates_order);
  g_test_add_func ("/vectors/tsne", test_tsne);
  g_test_add_func ("/vectors/degenerate", test_degenerate);
  return g_test_run ();
}
