/* Principal components against scikit-learn's numbers and against a plain
 * eigenvalue solver. */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>

#include "core/encoder/blas.h"
#include "core/maps/pca.h"
#include "golden.h"

/* Tokens whose channels have unlike spreads and a large mean. */
static float *
random_tokens (size_t n, size_t channels, guint32 seed)
{
  GRand *random = g_rand_new_with_seed (seed);
  float *tokens = g_new (float, n *channels);

  for (size_t i = 0; i < n; i++)
    {
      double common = g_rand_double_range (random, -2, 2);

      for (size_t c = 0; c < channels; c++)
        tokens[i * channels + c] = (float) (100 + common * cos ((double) c) + g_rand_double_range (random, -1, 1) / (1 + (double) c));
    }
  g_rand_free (random);
  return tokens;
}

static struct dino_pca *
fit (const float *tokens, size_t n, int channels, const uint8_t *mask, int n_components, struct dino_error *error)
{
  struct dino_pca_fit *sums = dino_pca_fit_new (channels, NULL, error);
  struct dino_pca     *pca = NULL;

  if (sums != NULL && dino_pca_fit_add (sums, tokens, n, mask, error))
    pca = dino_pca_fit_finish (sums, n_components, error);
  dino_pca_fit_free (sums);
  return pca;
}

/* Numbers of scikit-learn's PCA (full SVD, double) on the patches of a
 * reference case, the largest loading made positive. */
static void
test_scikit_learn (void)
{
  static const double ratios[3] = { 0.21105230487054544, 0.12482730490619996, 0.11621590304683857 };
  static const double variances[3] = { 5.157108379479938, 3.0501819940536588, 2.8397605408730278 };
  static const double scores[3][3] = {
    { 3.3465929666382475, -1.9714471818574666, 2.4530379534426676 },
    { 3.726757253105631, 1.9105303999236036, 0.6997088894709721 },
    { -2.1546880983081347, 0.8863736067959471, 0.6444515965749841 },
  };
  static const size_t patches[3] = { 0, 100, 255 };
  g_autofree float   *tokens = golden_tensor ("tiny-224crop", "last_hidden_state", NULL);
  g_autofree float   *projected = g_new (float, 256 * 3);
  struct dino_pca    *pca = fit (tokens + 32, 256, 32, NULL, 3, NULL);

  g_assert_nonnull (pca);
  g_assert_true (pca->n_components == 3 && pca->n_channels == 32 && pca->n_samples == 256);
  g_assert_true (dino_pca_project (pca, tokens + 32, 256, projected, NULL));
  for (int k = 0; k < 3; k++)
    {
      g_assert_cmpfloat_with_epsilon (pca->variance_ratio[k], ratios[k], 1e-12);
      g_assert_cmpfloat_with_epsilon (pca->variance[k], variances[k], 1e-11);
      for (int i = 0; i < 3; i++)
        g_assert_cmpfloat_with_epsilon (projected[patches[i] * 3 + (size_t) k], scores[i][k], 1e-6);
    }
  dino_pca_free (pca);
}

/* The same restricted to patches whose first component is above 0.5. */
static void
test_masked (void)
{
  static const double ratios[3] = { 0.1513261964812738, 0.1315774194678411, 0.11989357295330551 };
  static const double last[3] = { 0.8257217541151527, -1.1444323442553799, -0.8605025164613413 };
  g_autofree float   *tokens = golden_tensor ("tiny-224crop", "last_hidden_state", NULL);
  float               scores[256], projected[3];
  uint8_t             mask[256];
  struct dino_pca    *pca = fit (tokens + 32, 256, 32, NULL, 1, NULL);

  g_assert_true (dino_pca_project (pca, tokens + 32, 256, scores, NULL));
  dino_pca_free (pca);
  for (int i = 0; i < 256; i++)
    mask[i] = scores[i] > 0.5;
  pca = fit (tokens + 32, 256, 32, mask, 3, NULL);
  g_assert_cmpuint (pca->n_samples, ==, 108);
  g_assert_true (dino_pca_project (pca, tokens + 32 * 255, 1, projected, NULL));
  for (int k = 0; k < 3; k++)
    {
      g_assert_cmpfloat_with_epsilon (pca->variance_ratio[k], ratios[k], 1e-12);
      g_assert_cmpfloat_with_epsilon (projected[k], last[k], 1e-6);
    }
  dino_pca_free (pca);
}

/* Jacobi's method on a small symmetric matrix: its eigenvalues on the diagonal, vectors in columns. */
static void
jacobi (double *a, double *vectors, int n)
{
  for (int i = 0; i < n * n; i++)
    vectors[i] = i % (n + 1) == 0;
  for (int sweep = 0; sweep < 60; sweep++)
    for (int p = 0; p < n; p++)
      for (int q = p + 1; q < n; q++)
        {
          double angle = 0.5 * atan2 (2 * a[p * n + q], a[q * n + q] - a[p * n + p]);
          double c = cos (angle), s = sin (angle);

          for (int k = 0; k < n; k++)
            {
              double x = a[k * n + p], y = a[k * n + q];

              a[k * n + p] = c * x - s * y;
              a[k * n + q] = s * x + c * y;
            }
          for (int k = 0; k < n; k++)
            {
              double x = a[p * n + k], y = a[q * n + k];

              a[p * n + k] = c * x - s * y;
              a[q * n + k] = s * x + c * y;
            }
          for (int k = 0; k < n; k++)
            {
              double x = vectors[k * n + p], y = vectors[k * n + q];

              vectors[k * n + p] = c * x - s * y;
              vectors[k * n + q] = s * x + c * y;
            }
        }
}

enum
{
  CHANNELS = 9,
  N = 700
};

static void
plain_covariance (const float *tokens, double mean[CHANNELS], double covariance[CHANNELS * CHANNELS])
{
  for (int c = 0; c < CHANNELS; c++)
    {
      mean[c] = 0;
      for (int i = 0; i < N; i++)
        mean[c] += tokens[i * CHANNELS + c] / (double) N;
    }
  for (int a = 0; a < CHANNELS; a++)
    for (int b = 0; b < CHANNELS; b++)
      {
        covariance[a * CHANNELS + b] = 0;
        for (int i = 0; i < N; i++)
          covariance[a * CHANNELS + b] += (tokens[i * CHANNELS + a] - mean[a]) * (tokens[i * CHANNELS + b] - mean[b]) / (N - 1);
      }
}

/* Added in two pieces, all components, against the plain solver. */
static void
test_all_components (void)
{
  g_autofree float    *tokens = random_tokens (N, CHANNELS, 7);
  double               mean[CHANNELS], matrix[CHANNELS * CHANNELS], vectors[CHANNELS * CHANNELS];
  struct dino_pca_fit *sums = dino_pca_fit_new (CHANNELS, NULL, NULL);
  struct dino_pca     *pca;
  double               total = 0;

  g_assert_true (dino_pca_fit_add (sums, tokens, 300, NULL, NULL));
  g_assert_true (dino_pca_fit_add (sums, tokens + 300 * CHANNELS, N - 300, NULL, NULL));
  pca = dino_pca_fit_finish (sums, CHANNELS, NULL);
  dino_pca_fit_free (sums);
  plain_covariance (tokens, mean, matrix);
  jacobi (matrix, vectors, CHANNELS);
  for (int k = 0; k < CHANNELS; k++)
    {
      const double *component = pca->components + k * CHANNELS;
      int           match = 0, largest = 0;
      double        product = 0;

      for (int j = 0; j < CHANNELS; j++)
        if (fabs (matrix[j * CHANNELS + j] - pca->variance[k]) < fabs (matrix[match * CHANNELS + match] - pca->variance[k]))
          match = j;
      g_assert_cmpfloat_with_epsilon (pca->variance[k], matrix[match * CHANNELS + match], 1e-10);
      for (int c = 0; c < CHANNELS; c++)
        {
          product += component[c] * vectors[c * CHANNELS + match];
          if (fabs (component[c]) > fabs (component[largest]))
            largest = c;
        }
      g_assert_cmpfloat_with_epsilon (fabs (product), 1, 1e-10);
      g_assert_cmpfloat (component[largest], >, 0);
      g_assert_cmpfloat_with_epsilon (pca->mean[k], mean[k], 1e-11);
      g_assert_true (k == 0 || pca->variance[k] <= pca->variance[k - 1]);
      total += pca->variance_ratio[k];
    }
  g_assert_cmpfloat_with_epsilon (total, 1, 1e-12);
  dino_pca_free (pca);
}

static void
test_repeatable (void)
{
  g_autofree float *tokens = random_tokens (N, CHANNELS, 3);
  char              first[DINO_SHA256_LENGTH], second[DINO_SHA256_LENGTH];
  struct dino_pca  *pca = fit (tokens, N, CHANNELS, NULL, 3, NULL);
  struct dino_pca  *again = fit (tokens, N, CHANNELS, NULL, 3, NULL);

  g_assert_cmpmem (pca->components, 3 * CHANNELS * sizeof (double), again->components, 3 * CHANNELS * sizeof (double));
  g_assert_true (dino_pca_sha256 (pca, first, NULL));
  again->components[5] *= 1.001;
  g_assert_true (dino_pca_sha256 (again, second, NULL));
  g_assert_cmpstr (first, !=, second);
  dino_pca_free (pca);
  dino_pca_free (again);
}

static void
assert_equal_bits (const struct dino_pca *a, const struct dino_pca *b)
{
  const gsize components = (gsize) a->n_components, channels = (gsize) a->n_channels;

  g_assert_cmpuint (a->n_samples, ==, b->n_samples);
  g_assert_cmpmem (a->mean, channels * sizeof (double), b->mean, channels * sizeof (double));
  g_assert_cmpmem (a->components, components * channels * sizeof (double), b->components, components * channels * sizeof (double));
  g_assert_cmpmem (a->variance, components * sizeof (double), b->variance, components * sizeof (double));
  g_assert_cmpmem (a->variance_ratio, components * sizeof (double), b->variance_ratio, components * sizeof (double));
}

/* C v = lambda v, C v summed token by token. */
static void
assert_eigenvector (const struct dino_pca *pca, int k, const float *tokens, size_t n, const uint8_t *mask)
{
  const size_t       channels = (size_t) pca->n_channels;
  const double      *component = pca->components + (size_t) k * channels;
  g_autofree double *image = g_new0 (double, channels);

  for (size_t i = 0; i < n; i++)
    {
      double score = 0;

      for (size_t c = 0; c < channels; c++)
        score += (tokens[i * channels + c] - pca->mean[c]) * component[c];
      for (size_t c = 0; mask[i] != 0 && c < channels; c++)
        image[c] += score * (tokens[i * channels + c] - pca->mean[c]) / (double) (pca->n_samples - 1);
    }
  for (size_t c = 0; c < channels; c++)
    g_assert_cmpfloat_with_epsilon (image[c], pca->variance[k] * component[c], 1e-9 * pca->variance[0]);
}

/* Several tiles of channels, several batches, some tokens left out. */
static void
test_threads (void)
{
  static const int    threads[] = { 1, 2, 3, 5 };
  const size_t        n = 1400, channels = 500;
  g_autofree float   *tokens = random_tokens (n, channels, 11);
  g_autofree uint8_t *mask = g_malloc (n);
  struct dino_pca    *alone;

  for (size_t i = 0; i < n; i++)
    mask[i] = i % 7 != 3;
  alone = fit (tokens, n, (int) channels, mask, 3, NULL);
  g_assert_cmpuint (alone->n_samples, ==, 1200);
  for (int k = 0; k < 3; k++)
    assert_eigenvector (alone, k, tokens, n, mask);
  for (size_t t = 0; t < 3 * G_N_ELEMENTS (threads); t++)
    {
      struct dino_team    *team = dino_team_new (threads[t % G_N_ELEMENTS (threads)], NULL);
      struct dino_pca_fit *sums = dino_pca_fit_new ((int) channels, team, NULL);
      struct dino_pca     *pca;

      g_assert_true (dino_pca_fit_add (sums, tokens, n, mask, NULL));
      pca = dino_pca_fit_finish (sums, 3, NULL);
      assert_equal_bits (alone, pca);
      dino_pca_free (pca);
      dino_pca_fit_free (sums);
      dino_team_free (team);
    }
  dino_pca_free (alone);
}

static void
check_refused (const float *tokens, size_t n, int channels, const uint8_t *mask, int n_components)
{
  struct dino_error error = { 0 };

  g_assert_null (fit (tokens, n, channels, mask, n_components, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  g_assert_cmpstr (error.message, !=, "");
  g_test_message ("%s", error.message);
}

/* One number that is none, wherever it stands; a token that does not count may have it. */
static void
test_finite (void)
{
  g_autofree float *tokens = random_tokens (50, 7, 3);
  uint8_t           mask[50];

  for (size_t i = 0; i < 50 * 7; i += 29)
    {
      const float          kept = tokens[i];
      struct dino_pca_fit *sums = dino_pca_fit_new (7, NULL, NULL);
      struct dino_error    error = { 0 };

      tokens[i] = i % 2 ? (float) NAN : (float) INFINITY;
      g_assert_false (dino_pca_fit_add (sums, tokens, 50, NULL, &error));
      g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
      dino_pca_fit_free (sums);
      check_refused (tokens, 50, 7, NULL, 2);
      memset (mask, 1, sizeof mask);
      check_refused (tokens, 50, 7, mask, 2);
      mask[i / 7] = 0;
      {
        struct dino_pca *pca = fit (tokens, 50, 7, mask, 2, NULL);

        g_assert_nonnull (pca);
        g_assert_cmpint (pca->n_samples, ==, 49);
        dino_pca_free (pca);
      }
      tokens[i] = kept;
    }
}

/* Tokens of 200 channels in a plane: there are two components, not three. */
static void
test_low_rank (void)
{
  enum
  {
    WIDTH = 200,
    TOKENS = 300
  };
  g_autofree float *tokens = g_new (float, TOKENS *WIDTH);
  double            along[2] = { 0 };
  struct dino_pca  *pca;

  for (int i = 0; i < TOKENS; i++)
    for (int c = 0; c < WIDTH; c++)
      tokens[i * WIDTH + c] = (float) (c == 17 ? 3 * (i % 5) : c == 90 ? i % 3
                                                                       : 1);
  check_refused (tokens, TOKENS, WIDTH, NULL, 3);
  pca = fit (tokens, TOKENS, WIDTH, NULL, 2, NULL);
  for (int k = 0; k < 2; k++)
    along[k] = pca->components[k * WIDTH + (k == 0 ? 17 : 90)];
  g_assert_cmpfloat_with_epsilon (along[0], 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (along[1], 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (pca->variance[0], 18.0 * TOKENS / (TOKENS - 1), 1e-9);
  g_assert_cmpfloat_with_epsilon (pca->variance_ratio[0] + pca->variance_ratio[1], 1, 1e-12);
  dino_pca_free (pca);
  for (int i = 0; i < TOKENS * WIDTH; i++)
    tokens[i] = (float) (i % WIDTH) * 0.1f;
  check_refused (tokens, TOKENS, WIDTH, NULL, 1);
}

/* scikit-learn's basis of the demonstration encoder's case, on the tokens that
 * the case keeps. */
static void
test_projection (void)
{
  /* The case's "rows": token 0 is CLS. */
  static const size_t   rows[] = { 0, 1, 2, 5, 37, 38, 96, 187, 278, 369, 460, 551, 642, 685, 700, 733, 824, 915, 1000, 1006, 1097, 1188, 1279, 1333, 1368, 1369 };
  g_autofree float     *tokens = golden_tensor ("demo-radiograph", "last_hidden_state.rows", NULL);
  g_autofree float     *mean = golden_tensor ("demo-radiograph", "pca.mean", NULL);
  g_autofree float     *components = golden_tensor ("demo-radiograph", "pca.components", NULL);
  g_autofree float     *expected = golden_tensor ("demo-radiograph", "pca.projection", NULL);
  g_autofree double    *mean64 = g_new (double, 192);
  g_autofree double    *components64 = g_new (double, 3 * 192);
  const struct dino_pca pca = { .n_components = 3, .n_channels = 192, .mean = mean64, .components = components64 };
  float                 projected[G_N_ELEMENTS (rows) * 3];

  for (int c = 0; c < 192; c++)
    mean64[c] = mean[c];
  for (int c = 0; c < 3 * 192; c++)
    components64[c] = components[c];
  g_assert_true (dino_pca_project (&pca, tokens, G_N_ELEMENTS (rows), projected, NULL));
  for (size_t i = 1; i < G_N_ELEMENTS (rows); i++)
    for (size_t k = 0; k < 3; k++)
      g_assert_cmpfloat_with_epsilon (projected[i * 3 + k], expected[(rows[i] - 1) * 3 + k], 1e-4);
}

static void
test_refused (void)
{
  g_autofree float *tokens = random_tokens (20, 4, 5);
  const uint8_t     nothing[20] = { 0 };
  uint8_t           all[20];
  float             flat[20 * 4], line[20 * 4], score;
  struct dino_pca  *pca = fit (tokens, 20, 4, NULL, 1, NULL);

  memset (all, 1, sizeof all);
  for (int i = 0; i < 80; i++)
    {
      flat[i] = 0.1f;
      line[i] = (float) (i / 4) * 0.3f * (float) (i % 4);
    }
  check_refused (tokens, 20, 0, NULL, 1);
  check_refused (tokens, 20, DINO_PCA_MAX_CHANNELS + 1, NULL, 1);
  check_refused (tokens, 20, 4, NULL, 5);
  check_refused (tokens, 20, 4, NULL, 0);
  check_refused (tokens, 3, 4, NULL, 3);
  check_refused (tokens, 20, 4, nothing, 1);
  check_refused (tokens, 0, 4, NULL, 1);
  check_refused (flat, 20, 4, NULL, 1);
  check_refused (line, 20, 4, NULL, 2);
  tokens[7 * 4] = NAN;
  check_refused (tokens, 20, 4, NULL, 1);
  check_refused (tokens, 20, 4, all, 1);
  g_assert_false (dino_pca_project (pca, tokens + 7 * 4, 1, &score, NULL));
  dino_pca_free (pca);
  tokens[7 * 4] = INFINITY;
  all[7] = 0;
  pca = fit (tokens, 20, 4, all, 1, NULL);
  g_assert_nonnull (pca);
  g_assert_cmpuint (pca->n_samples, ==, 19);
  dino_pca_free (pca);
}

static char *
write_file (const char *header, const float *values, size_t count)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint64                length = GUINT64_TO_LE (strlen (header));
  char                  *path = NULL;
  int                    fd = g_file_open_tmp ("dinoscope-basis-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
  g_byte_array_append (bytes, (const guint8 *) header, (guint) strlen (header));
  g_byte_array_append (bytes, (const guint8 *) values, (guint) (count * sizeof *values));
  g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
  g_close (fd, NULL);
  return path;
}

#define BASIS(mean, components, variance)                                                   \
  "{\"mean\":{\"dtype\":\"F32\",\"shape\":[" mean "],\"data_offsets\":[0,12]},"             \
  "\"components\":{\"dtype\":\"F32\",\"shape\":[" components "],\"data_offsets\":[12,36]}," \
  "\"variance\":{\"dtype\":\"F32\",\"shape\":[" variance "],\"data_offsets\":[36,44]},"     \
  "\"variance_ratio\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[44,52]}}"

static void
test_read (void)
{
  const float      values[13] = { 1, 2, 3, 0.6f, 0.8f, 0, 0, 0, 1, 5, 4, 0.5f, 0.25f };
  g_autofree char *path = write_file (BASIS ("3", "2,3", "2"), values, 13);
  struct dino_pca *pca = dino_pca_read (path, NULL);
  g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) values, 9 * sizeof (float));
  char             text[DINO_SHA256_LENGTH];
  float            scores[2];

  g_assert_nonnull (pca);
  g_assert_true (pca->n_components == 2 && pca->n_channels == 3 && pca->n_samples == 0);
  g_assert_true (pca->components[1] == 0.8f && pca->variance[1] == 4 && pca->variance_ratio[0] == 0.5);
  g_assert_true (dino_pca_project (pca, (float[]){ 2, 3, 1 }, 1, scores, NULL));
  g_assert_cmpfloat_with_epsilon (scores[0], 1.4, 1e-6);
  g_assert_cmpfloat (scores[1], ==, -2);
  g_assert_true (dino_pca_sha256 (pca, text, NULL));
  g_assert_cmpstr (text, ==, sum);
  dino_pca_free (pca);
  g_unlink (path);
}

static void
test_read_refused (void)
{
  static const struct
  {
    const char *header;
    float       last;
  } cases[] = {
    { BASIS ("3", "3,2", "2"), 0 },
    { BASIS ("3", "6", "2"), 0 },
    { BASIS ("1,3", "2,3", "2"), 0 },
    { BASIS ("3", "2,3", "2,1"), 0 },
    { BASIS ("3", "2,3", "2"), NAN },
    { "{\"components\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},\"other\":{\"dtype\":\"F32\",\"shape\":[7],\"data_offsets\":[24,52]}}", 0 },
    { "{\"mean\":{\"dtype\":\"F32\",\"shape\":[13],\"data_offsets\":[0,52]}}", 0 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      float             values[13] = { 0 };
      g_autofree char  *path = NULL;
      struct dino_error error = { 0 };

      values[12] = cases[i].last;
      path = write_file (cases[i].header, values, 13);
      g_assert_null (dino_pca_read (path, &error));
      g_test_message ("%s", error.message);
      g_assert_cmpint (error.code, ==, DINO_CODE_FORMAT);
      g_assert_nonnull (strstr (error.message, path));
      g_unlink (path);
    }
  g_assert_null (dino_pca_read ("/nonexistent/basis.safetensors", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dino_blas_single_threaded ();
  g_test_add_func ("/pca/scikit-learn", test_scikit_learn);
  g_test_add_func ("/pca/masked", test_masked);
  g_test_add_func ("/pca/all-components", test_all_components);
  g_test_add_func ("/pca/repeatable", test_repeatable);
  g_test_add_func ("/pca/threads", test_threads);
  g_test_add_func ("/pca/finite", test_finite);
  g_test_add_func ("/pca/low-rank", test_low_rank);
  g_test_add_func ("/pca/projection", test_projection);
  g_test_add_func ("/pca/refused", test_refused);
  g_test_add_func ("/pca/read", test_read);
  g_test_add_func ("/pca/read-refused", test_read_refused);
  return g_test_run ();
}
