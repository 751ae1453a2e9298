/* How alike representations are, against their definitions written out; and
 * the classes of pixels, and small copies, against plain loops. */
#include <math.h>
#include <string.h>

#include <glib.h>

#include "core/base/memory.h"
#include "core/heads/decoder-mask.h"
#include "core/heads/head-input.h"
#include "core/heads/patch-labels.h"
#include "core/picture/thumbnail.h"
#include "core/vectors/representation.h"

#define N 37

/* Rows that have something in common with others of the same seed. */
static float *
random_rows (size_t width, guint32 seed, double common)
{
  GRand *own = g_rand_new_with_seed (seed), *shared = g_rand_new_with_seed (99);
  float *rows = g_new (float, N *width);

  for (size_t i = 0; i < N; i++)
    {
      const double factor = g_rand_double_range (shared, -1, 1);

      for (size_t c = 0; c < width; c++)
        rows[i * width + c] = (float) (common * factor * cos ((double) c) + g_rand_double_range (own, -1, 1));
    }
  g_rand_free (own);
  g_rand_free (shared);
  dino_center_rows (rows, N, width);
  return rows;
}

static void
gram (const float *rows, size_t width, double kernel[N][N])
{
  for (size_t i = 0; i < N; i++)
    for (size_t j = 0; j < N; j++)
      {
        kernel[i][j] = 0;
        for (size_t c = 0; c < width; c++)
          kernel[i][j] += (double) rows[i * width + c] * (double) rows[j * width + c];
      }
}

/* tr (K L) of centred rows; or the estimator without bias of Song et al. 2012. */
static double
independence (double k[N][N], double l[N][N], bool debiased)
{
  double trace = 0, sum_k = 0, sum_l = 0, sum_both = 0;

  for (size_t i = 0; i < N; i++)
    for (size_t j = 0; j < N; j++)
      {
        if (debiased && i == j)
          continue;
        trace += k[i][j] * l[j][i];
        sum_k += k[i][j];
        sum_l += l[i][j];
        for (size_t m = 0; debiased && m < N; m++)
          if (m != j)
            sum_both += k[i][j] * l[j][m];
      }
  return debiased ? (trace + sum_k * sum_l / ((N - 1.0) * (N - 2.0)) - 2 / (N - 2.0) * sum_both) / (N * (N - 3.0)) : trace;
}

static double
plain_cka (const struct dino_representation *a, const struct dino_representation *b, bool debiased)
{
  static double k[N][N], l[N][N];

  gram (a->rows, a->width, k);
  gram (b->rows, b->width, l);
  return independence (k, l, debiased) / sqrt (independence (k, k, debiased) * independence (l, l, debiased));
}

static void
test_cka (void)
{
  static const size_t        widths[] = { 5, 64, 3, 130 };
  struct dino_representation all[4];
  struct dino_team          *team = dino_team_new (3, NULL);

  for (size_t i = 0; i < 4; i++)
    all[i] = (struct dino_representation){ random_rows (widths[i], (guint32) i, (double) i), widths[i] };
  for (int debiased = 0; debiased < 2; debiased++)
    {
      double alone[16], many[16], half[4];

      g_assert_true (dino_linear_cka (all, 4, all, 4, N, debiased, NULL, NULL, alone, NULL));
      g_assert_true (dino_linear_cka (all, 4, all, 4, N, debiased, team, NULL, many, NULL));
      g_assert_cmpmem (alone, sizeof alone, many, sizeof many);
      g_assert_true (dino_linear_cka (all, 2, all + 2, 2, N, debiased, team, NULL, half, NULL));
      for (size_t i = 0; i < 16; i++)
        g_assert_cmpfloat_with_epsilon (alone[i], plain_cka (&all[i / 4], &all[i % 4], debiased), 1e-10);
      for (size_t i = 0; i < 4; i++)
        g_assert_cmpfloat_with_epsilon (half[i], alone[i / 2 * 4 + 2 + i % 2], 1e-12);
    }
  for (size_t i = 0; i < 4; i++)
    g_free ((float *) all[i].rows);
  dino_team_free (team);
}

static bool
stop (void *data, int done, int total)
{
  return done < *(const int *) data;
}

static void
test_cka_special (void)
{
  g_autofree float                *rows = random_rows (5, 1, 0);
  g_autofree float                *nothing = g_new0 (float, N * 5);
  const struct dino_representation both[] = { { rows, 5 }, { nothing, 5 } };
  struct dino_error                error = { 0 };
  double                           out[4], rank = 9;
  int                              at = 0;

  g_assert_true (dino_linear_cka (both, 2, both, 2, N, false, NULL, NULL, out, NULL));
  g_assert_cmpfloat_with_epsilon (out[0], 1, 1e-12);
  g_assert_true (isnan (out[1]) && isnan (out[2]) && isnan (out[3]));
  g_assert_true (dino_effective_rank (&both[1], N, NULL, &rank, NULL));
  g_assert_cmpfloat (rank, ==, 0);
  g_assert_false (dino_linear_cka (both, 2, both, 2, N, false, NULL, &(struct dino_progress){ stop, &at }, out, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_CANCELLED);
  error = (struct dino_error){ 0 };
  g_assert_false (dino_neighbor_overlap (both, 2, both, 2, N, 3, NULL, &(struct dino_progress){ stop, &at }, out, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_CANCELLED);
}

static void
test_center (void)
{
  float rows[] = { 1, 10, 2, 20, 6, 60 };

  dino_center_rows (rows, 3, 2);
  g_assert_cmpmem (rows, sizeof rows, ((const float[]){ -2, -20, -1, -10, 3, 30 }), sizeof rows);
}

/* Channels without correlation: their lengths are the singular values. */
static void
test_rank (void)
{
  static const double lengths[][4] = { { 1, 1, 1, 1 }, { 3, 1, 0, 0 }, { 5, 4, 2, 1 }, { 7, 0, 0, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (size_t n = 8; n <= 40; n += 32)
      {
        const size_t                     width = n == 8 ? 30 : 6;
        g_autofree float                *rows = g_new0 (float, n *width);
        const struct dino_representation representation = { rows, width };
        struct dino_team                *team = dino_team_new (2, NULL);
        double                           sum = 0, entropy = 0, rank = 0, alone = 0;

        for (size_t c = 0; c < 4; c++)
          {
            rows[2 * c * width + c] = (float) lengths[i][c];
            rows[(2 * c + 1) * width + c] = -(float) lengths[i][c];
            sum += lengths[i][c];
          }
        for (size_t c = 0; c < 4; c++)
          if (lengths[i][c] > 0)
            entropy -= lengths[i][c] / sum * log (lengths[i][c] / sum);
        g_assert_true (dino_effective_rank (&representation, n, team, &rank, NULL));
        g_assert_true (dino_effective_rank (&representation, n, NULL, &alone, NULL));
        g_assert_cmpfloat_with_epsilon (rank, exp (entropy), 1e-6);
        g_assert_cmpfloat (rank, ==, alone);
        dino_team_free (team);
      }
}

static double
cosine (const float *a, const float *b, size_t width)
{
  double ab = 0, aa = 0, bb = 0;

  for (size_t c = 0; c < width; c++)
    {
      ab += (double) a[c] * (double) b[c];
      aa += (double) a[c] * (double) a[c];
      bb += (double) b[c] * (double) b[c];
    }
  return ab / sqrt (aa * bb);
}

static bool
is_among_nearest (const struct dino_representation *r, size_t of, size_t other, size_t k)
{
  const double wanted = cosine (r->rows + of * r->width, r->rows + other * r->width, r->width);
  size_t       nearer = 0;

  for (size_t i = 0; i < N; i++)
    if (i != of && i != other && cosine (r->rows + of * r->width, r->rows + i * r->width, r->width) > wanted)
      nearer++;
  return other != of && nearer < k;
}

static void
test_overlap (void)
{
  struct dino_representation pair[] = { { random_rows (5, 1, 3), 5 }, { random_rows (40, 2, 3), 40 } };
  struct dino_team          *team = dino_team_new (2, NULL);

  for (size_t k = 1; k < N; k += 7)
    {
      double out[4], again[4];
      size_t same = 0;

      for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
          same += is_among_nearest (&pair[0], i, j, k) && is_among_nearest (&pair[1], i, j, k);
      g_assert_true (dino_neighbor_overlap (pair, 2, pair, 2, N, k, team, NULL, out, NULL));
      g_assert_true (dino_neighbor_overlap (pair, 2, pair, 2, N, k, NULL, NULL, again, NULL));
      g_assert_cmpmem (out, sizeof out, again, sizeof again);
      g_assert_cmpfloat (out[0], ==, 1);
      g_assert_cmpfloat (out[3], ==, 1);
      g_assert_cmpfloat_with_epsilon (out[1], (double) same / (double) (N * k), 1e-12);
      g_assert_cmpfloat_with_epsilon (out[2], out[1], 1e-12);
    }
  g_free ((float *) pair[0].rows);
  g_free ((float *) pair[1].rows);
  dino_team_free (team);
}

/* The logit of a class between the centres of cells, clamped at the border. */
static double
plain_logit (const float *logits, size_t n_classes, size_t c, int columns, int rows, double x, double y)
{
  const double u = fmin (fmax (x, 0), columns - 1), v = fmin (fmax (y, 0), rows - 1);
  const int    x0 = (int) u, y0 = (int) v, x1 = MIN (x0 + 1, columns - 1), y1 = MIN (y0 + 1, rows - 1);
  const double fx = u - x0, fy = v - y0;

#define AT(a, b) ((double) logits[((size_t) (b) * (size_t) columns + (size_t) (a)) * n_classes + c])
  return (AT (x0, y0) * (1 - fx) + AT (x1, y0) * fx) * (1 - fy) + (AT (x0, y1) * (1 - fx) + AT (x1, y1) * fx) * fy;
#undef AT
}

/* Classes of every pixel where the best is clearly ahead; more than go at once. */
static void
check_mask (size_t n_classes, enum dino_smooth smooth)
{
  /* A picture of 40 × 30 of which the model saw the middle 24 × 24, as 3 × 3 patches. */
  const struct dino_geometry geometry = { .width = 40, .height = 30, .resized_width = 40, .resized_height = 30, .left = 8, .top = 3, .input_width = 24, .input_height = 24, .patch = 8, .rows = 3, .columns = 3 };
  g_autofree float          *logits = g_new (float, 9 * n_classes);
  g_autoptr (GRand)          random = g_rand_new_with_seed ((guint32) n_classes);
  struct dino_team          *team = dino_team_new (3, NULL);
  uint8_t                    mask[40 * 30], again[40 * 30];

  for (size_t i = 0; i < 9 * n_classes; i++)
    logits[i] = (float) g_rand_double_range (random, -5, 5);
  g_assert_true (dino_decoder_mask (logits, n_classes, &geometry, smooth, NULL, team, mask, NULL));
  g_assert_true (dino_decoder_mask (logits, n_classes, &geometry, smooth, NULL, NULL, again, NULL));
  g_assert_cmpmem (mask, sizeof mask, again, sizeof again);
  for (int y = 0; y < 30; y++)
    for (int x = 0; x < 40; x++)
      {
        const double u = (x + 0.5 - 8) / 8 - 0.5, v = (y + 0.5 - 3) / 8 - 0.5;
        double       best = -INFINITY, second = -INFINITY;
        size_t       at = DINO_NO_CLASS;

        for (size_t c = 0; c < n_classes; c++)
          {
            const double value = smooth == DINO_SMOOTH_CELLS ? plain_logit (logits, n_classes, c, 3, 3, floor (u + 0.5), floor (v + 0.5)) : plain_logit (logits, n_classes, c, 3, 3, u, v);

            second = value > best ? best : fmax (second, value);
            at = value > best ? c : at;
            best = fmax (best, value);
          }
        if (x < 8 || x >= 32 || y < 3 || y >= 27)
          g_assert_cmpint (mask[y * 40 + x], ==, DINO_NO_CLASS);
        else if (best - second > 1e-4)
          g_assert_cmpint (mask[y * 40 + x], ==, at);
      }
  dino_team_free (team);
}

static void
test_mask (void)
{
  for (size_t n_classes = 2; n_classes <= 8; n_classes++)
    {
      check_mask (n_classes, DINO_SMOOTH_CELLS);
      check_mask (n_classes, DINO_SMOOTH_BILINEAR);
    }
}

/* The lowest of equal classes. */
static void
test_mask_equal (void)
{
  const struct dino_geometry geometry = { .width = 4, .height = 4, .resized_width = 4, .resized_height = 4, .input_width = 4, .input_height = 4, .patch = 4, .rows = 1, .columns = 1 };
  const float                logits[] = { -2, -1, -1, -3, -1 };
  struct dino_error          error = { 0 };
  uint8_t                    mask[16];

  g_assert_true (dino_decoder_mask (logits, 5, &geometry, DINO_SMOOTH_BILINEAR, NULL, NULL, mask, NULL));
  for (int i = 0; i < 16; i++)
    g_assert_cmpint (mask[i], ==, 1);
  g_assert_false (dino_decoder_mask (logits, 5, &geometry, DINO_SMOOTH_GUIDED, NULL, NULL, mask, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
}

static void
test_mean_patch (void)
{
  float tokens[5 * 300], mean[300];

  for (int t = 0; t < 5; t++)
    for (int c = 0; c < 300; c++)
      tokens[t * 300 + c] = (float) (t * t + c);
  dino_mean_patch (tokens, 5, 2, 300, mean);
  for (int c = 0; c < 300; c++)
    g_assert_cmpfloat_with_epsilon (mean[c], c + 29 / 3.0, 1e-4);
  g_assert_true (dino_head_needs_hidden_states (DINO_HEAD_LAST4_CLS, -1, 12));
  g_assert_true (dino_head_needs_hidden_states (DINO_HEAD_CLS, 10, 12));
  g_assert_true (dino_head_needs_hidden_states (DINO_HEAD_CLS, 0, 12));
  g_assert_false (dino_head_needs_hidden_states (DINO_HEAD_CLS, 11, 12));
  g_assert_false (dino_head_needs_hidden_states (DINO_HEAD_CLS, -1, 12));
}

static struct dino_picture *
grey_picture (int width, int height, int channels)
{
  struct dino_picture *picture = dino_picture_new (width, height, channels, 8, NULL);

  for (int i = 0; i < width * height * channels; i++)
    picture->samples8[i] = (uint8_t) (i / channels / width * 16 + i % channels);
  g_assert_true (dino_picture_measure (picture, NULL));
  return picture;
}

static void
test_thumbnail (void)
{
  static const struct
  {
    int width, height, side, small_width, small_height;
  } rows[] = {
    { 4, 8, 4, 2, 4 },
    { 8, 4, 4, 4, 2 },
    { 8, 4, 8, 8, 4 },
    { 8, 4, 100, 8, 4 },
    { 8, 3, 4, 4, 2 },
    { 60, 1, 3, 3, 1 },
    { 1, 15, 5, 1, 5 },
  };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (rows); i++)
    {
      const guint            row = i / 2;
      struct dino_picture   *picture = grey_picture (rows[row].width, rows[row].height, i % 2 ? 3 : 1);
      struct dino_thumbnail *thumbnail = dino_thumbnail_new (picture, rows[row].side, NULL);

      g_assert_cmpint (thumbnail->width, ==, rows[row].small_width);
      g_assert_cmpint (thumbnail->height, ==, rows[row].small_height);
      for (int k = 0; i % 2 == 0 && k < thumbnail->width * thumbnail->height; k++)
        g_assert_true (thumbnail->pixels[3 * k] == thumbnail->pixels[3 * k + 1] && thumbnail->pixels[3 * k] == thumbnail->pixels[3 * k + 2]);
      if (rows[row].side >= rows[row].width && rows[row].side >= rows[row].height)
        for (int k = 0; k < 3 * rows[row].width * rows[row].height; k++)
          g_assert_cmpint (thumbnail->pixels[k], ==, picture->samples8[i % 2 ? k : k / 3]);
      dino_free (thumbnail);
      dino_picture_unref (picture);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/representation/cka", test_cka);
  g_test_add_func ("/representation/cka/special", test_cka_special);
  g_test_add_func ("/representation/center", test_center);
  g_test_add_func ("/representation/rank", test_rank);
  g_test_add_func ("/representation/overlap", test_overlap);
  g_test_add_func ("/representation/mask", test_mask);
  g_test_add_func ("/representation/mask/equal", test_mask_equal);
  g_test_add_func ("/representation/mean-patch", test_mean_patch);
  g_test_add_func ("/representation/thumbnail", test_thumbnail);
  return g_test_run ();
}
