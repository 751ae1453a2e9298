/* What is asked of features after the run: tokens, facets, attention of some heads, snapshots. */
#include <string.h>

#include "core/encoder/blas.h"
#include "core/encoder/kernels-reference.h"
#include "encoder-case.h"
#include "support.h"

struct fixture
{
  struct dino_model    *model;
  struct dino_team     *team;
  struct dino_features *features;
  gsize                 tokens, width;
};

/* tiny-deep: 5 blocks, 3 heads of 16 channels, 5 x 5 patches. */
static void
set_up (struct fixture *fixture, gconstpointer data)
{
  g_autofree char         *checkpoint = test_data ("golden/checkpoint/tiny-deep-1"), *path = test_data ("golden/tiny-deep/expected.safetensors");
  struct dino_safetensors *expected = open_expected (path);
  gsize                    n;
  g_autofree float        *pixel_values = expected_values (expected, "pixel_values", &n);

  fixture->model = load_model (checkpoint);
  fixture->team = new_team (2);
  fixture->features = encode (fixture->model, pixel_values, 5, 5, dino_isa_detect (), fixture->team);
  fixture->tokens = dino_features_n_tokens (fixture->features);
  fixture->width = 48;
  dino_safetensors_free (expected);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  dino_features_unref (fixture->features);
  dino_team_free (fixture->team);
  dino_model_unref (fixture->model);
}

static void
test_shape (struct fixture *fixture, gconstpointer data)
{
  g_autofree char      *path = test_data ("golden/checkpoint/tiny-registers-1");
  struct dino_model    *registers = load_model (path);
  struct dino_features *features = dino_features_new (registers, 3, 7, 0, NULL);

  g_assert_cmpuint (fixture->tokens, ==, 26);
  g_assert_cmpuint (dino_features_first_patch (fixture->features), ==, 1);
  g_assert_true (dino_features_model (fixture->features) == fixture->model);
  g_assert_cmpint (dino_features_rows (features), ==, 3);
  g_assert_cmpint (dino_features_columns (features), ==, 7);
  g_assert_cmpuint (dino_features_n_tokens (features), ==, 26);
  g_assert_cmpuint (dino_features_first_patch (features), ==, 5);
  g_assert_cmpint (dino_features_blocks_done (features), ==, 0);
  dino_features_unref (features);
  dino_model_unref (registers);
}

static void
test_tokens (struct fixture *fixture, gconstpointer data)
{
  const struct dino_weights *weights = dino_model_weights (fixture->model);
  const float                eps = dino_model_config (fixture->model)->layer_norm_eps;
  const gsize                n = fixture->tokens * fixture->width;
  g_autofree float          *tokens = g_new (float, n);
  struct dino_error          error = { 0 };

  for (int block = 0; block < 5; block++)
    {
      const float *state = dino_features_hidden_state (fixture->features, block + 1);

      g_assert_true (dino_features_tokens (fixture->features, block, false, tokens, &error));
      g_assert_cmpmem (tokens, n * sizeof (float), state, n * sizeof (float));
      g_assert_true (dino_features_tokens (fixture->features, block, true, tokens, &error));
      for (gsize token = 0; token < fixture->tokens; token++)
        {
          double expected[48];

          dino_reference_layer_norm (state + token * 48, expected, 48, weights->norm_weight, weights->norm_bias, (double) eps);
          for (int i = 0; i < 48; i++)
            g_assert_cmpfloat (fabs (tokens[token * 48 + i] - expected[i]), <=, 1e-5);
        }
    }
  g_assert_cmpmem (tokens, n * sizeof (float), dino_features_last_hidden_state (fixture->features), n * sizeof (float));
  for (int block = -2; block <= 6; block++)
    if (block < 0 || block > 4)
      {
        g_assert_false (dino_features_tokens (fixture->features, block, true, tokens, &error));
        g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
        error = (struct dino_error){ 0 };
      }
}

/* x W^T + b of the normalised input, in double. */
static void
test_facets (struct fixture *fixture, gconstpointer data)
{
  g_autofree float *facet = g_new (float, fixture->tokens * fixture->width);
  struct dino_error error = { 0 };

  for (int block = 0; block < 5; block++)
    for (gsize f = DINO_FACET_QUERY; f <= DINO_FACET_VALUE; f++)
      {
        const struct dino_block_weights *weights = &dino_model_weights (fixture->model)->blocks[block];

        dino_features_facet (fixture->features, block, (enum dino_facet) f, fixture->team, facet, &error);
        assert_no_error (&error);
        for (gsize token = 0; token < fixture->tokens; token++)
          {
            double normed[48];

            dino_reference_layer_norm (dino_features_hidden_state (fixture->features, block) + token * 48, normed, 48,
                                       weights->norm1_weight, weights->norm1_bias, 1e-6);
            for (gsize i = 0; i < 48; i++)
              {
                const gsize row = f * 48 + i;
                double      sum = weights->qkv_bias[row];

                for (gsize k = 0; k < 48; k++)
                  sum += normed[k] * dino_matrix_value (&weights->qkv, row, k);
                g_assert_cmpfloat (fabs (facet[token * 48 + i] - sum), <=, 1e-5);
              }
          }
      }
}

/* Against dino_features_tokens(), in double. */
static void
test_similarity (struct fixture *fixture, gconstpointer data)
{
  const gsize       n = fixture->tokens * 48;
  g_autofree float *tokens = g_new (float, n), *got = g_new (float, fixture->tokens), *alone = g_new (float, fixture->tokens);
  struct dino_team *single = dino_team_new (1, NULL);
  struct dino_error error = { 0 };

  for (int block = 0; block < 5; block++)
    for (int norm = 0; norm < 2; norm++)
      for (gsize token = 0; token < fixture->tokens; token += 5)
        {
          g_assert_true (dino_features_tokens (fixture->features, block, norm, tokens, &error));
          g_assert_true (dino_features_similarity (fixture->features, block, norm, token, fixture->team, got, &error));
          g_assert_true (dino_features_similarity (fixture->features, block, norm, token, single, alone, &error));
          g_assert_cmpmem (got, fixture->tokens * sizeof *got, alone, fixture->tokens * sizeof *alone);
          for (gsize other = 0; other < fixture->tokens; other++)
            {
              double ab = 0, aa = 0, bb = 0;

              for (gsize i = 0; i < 48; i++)
                {
                  const double a = tokens[token * 48 + i], b = tokens[other * 48 + i];

                  ab += a * b;
                  aa += a * a;
                  bb += b * b;
                }
              g_assert_cmpfloat (fabs (got[other] - ab / sqrt (aa * bb)), <=, 1e-6);
            }
        }
  g_assert_false (dino_features_similarity (fixture->features, 5, true, 0, fixture->team, got, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  error = (struct dino_error){ 0 };
  g_assert_false (dino_features_similarity (fixture->features, 0, true, fixture->tokens, fixture->team, got, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  dino_team_free (single);
}

/* Enough tokens that several threads get some. */
static void
test_similarity_threads (struct fixture *fixture, gconstpointer data)
{
  static const int threads[] = { 1, 2, 3, 5 };
  enum
  {
    SIDE = 30,
    PIXELS = SIDE * 14
  };
  g_autofree float     *pixels = g_new (float, 3 * PIXELS * PIXELS);
  g_autofree float     *alone = g_new (float, SIDE *SIDE + 1), *got = g_new (float, SIDE *SIDE + 1);
  struct dino_features *features;

  for (int i = 0; i < 3 * PIXELS * PIXELS; i++)
    pixels[i] = (float) (i % 1009 * 79 % 1013) / 500 - 1;
  features = encode (fixture->model, pixels, SIDE, SIDE, dino_isa_detect (), fixture->team);
  for (gsize t = 0; t < 5 * G_N_ELEMENTS (threads); t++)
    {
      struct dino_team *team = new_team (threads[t % G_N_ELEMENTS (threads)]);

      g_assert_true (dino_features_similarity (features, 2, true, 417, team, t == 0 ? alone : got, NULL));
      if (t > 0)
        g_assert_cmpmem (alone, (SIDE * SIDE + 1) * sizeof (float), got, (SIDE * SIDE + 1) * sizeof (float));
      dino_team_free (team);
    }
  dino_features_unref (features);
}

/* Some heads alone are the same part of all heads. */
static void
test_heads (struct fixture *fixture, gconstpointer data)
{
  const gsize       n = fixture->tokens * fixture->tokens;
  g_autofree float *all = g_new (float, 3 * n), *some = g_new (float, 2 * n + 1);
  struct dino_error error = { 0 };

  dino_features_attention (fixture->features, 2, 0, 3, fixture->team, all, NULL, &error);
  assert_no_error (&error);
  some[2 * n] = 42.0f;
  dino_features_attention (fixture->features, 2, 1, 2, fixture->team, some, NULL, &error);
  assert_no_error (&error);
  assert_near ("heads 1 and 2", some, all + n, 2 * n, 1e-6, 0);
  g_assert_true (some[2 * n] == 42.0f);
  dino_features_attention (fixture->features, 2, 0, 1, fixture->team, some, NULL, &error);
  assert_no_error (&error);
  assert_near ("head 0", some, all, n, 1e-6, 0);
  for (gsize row = 0; row < 3 * fixture->tokens; row++)
    {
      double sum = 0;

      for (gsize i = 0; i < fixture->tokens; i++)
        sum += all[row * fixture->tokens + i];
      g_assert_cmpfloat (fabs (sum - 1), <=, 1e-5);
    }
}

static bool
say_no (void *data, int done, int total)
{
  return false;
}

static void
test_refused (struct fixture *fixture, gconstpointer data)
{
  static const int           wrong[][3] = { { -1, 0, 1 }, { 5, 0, 1 }, { 0, -1, 1 }, { 0, 0, 0 }, { 0, 3, 1 }, { 0, 1, 3 }, { 0, G_MAXINT, 1 }, { 0, 1, G_MAXINT } };
  const struct dino_progress progress = { .func = say_no };
  struct dino_features      *bare = dino_features_new (fixture->model, 5, 5, 0, NULL);
  g_autofree float          *out = g_new (float, 3 * fixture->tokens * fixture->tokens);
  struct dino_error          error = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_false (dino_features_attention (fixture->features, wrong[i][0], wrong[i][1], wrong[i][2], fixture->team, out, NULL, &error));
      g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
      error = (struct dino_error){ 0 };
    }
  g_assert_false (dino_features_facet (fixture->features, 5, DINO_FACET_KEY, fixture->team, out, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  error = (struct dino_error){ 0 };
  g_assert_false (dino_features_facet (bare, 0, DINO_FACET_KEY, fixture->team, out, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  error = (struct dino_error){ 0 };
  /* The team asks now and then, not at once. */
  g_usleep (30000);
  g_assert_false (dino_features_attention (fixture->features, 0, 0, 3, fixture->team, out, &progress, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_CANCELLED);
  dino_features_unref (bare);
}

/* A snapshot outlives the features and the model's other owners. */
static void
test_snapshot (struct fixture *fixture, gconstpointer data)
{
  struct dino_features *snapshot = dino_features_snapshot (fixture->features, NULL);
  const float          *state = dino_features_hidden_state (fixture->features, 3);

  g_assert_true (dino_features_hidden_state (snapshot, 3) == state);
  g_assert_true (dino_features_complete (snapshot));
  dino_features_unref (fixture->features);
  dino_model_unref (fixture->model);
  g_assert_true (isfinite (dino_features_hidden_state (snapshot, 5)[0]));
  g_assert_cmpint (dino_model_config (dino_features_model (snapshot))->n_blocks, ==, 5);
  fixture->features = snapshot;
  fixture->model = dino_model_ref (dino_features_model (snapshot));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dino_blas_single_threaded ();
  g_test_add ("/features/shape", struct fixture, NULL, set_up, test_shape, tear_down);
  g_test_add ("/features/tokens", struct fixture, NULL, set_up, test_tokens, tear_down);
  g_test_add ("/features/facets", struct fixture, NULL, set_up, test_facets, tear_down);
  g_test_add ("/features/heads", struct fixture, NULL, set_up, test_heads, tear_down);
  g_test_add ("/features/similarity", struct fixture, NULL, set_up, test_similarity, tear_down);
  g_test_add ("/features/similarity-threads", struct fixture, NULL, set_up, test_similarity_threads, tear_down);
  g_test_add ("/features/refused", struct fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/features/snapshot", struct fixture, NULL, set_up, test_snapshot, tear_down);
  return g_test_run ();
}
