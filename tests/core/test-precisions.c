/* Every instruction set with weights laid out for it, every precision, several
 * pictures at once: equal bits where these are promised, and near float32. */
#include <string.h>

#include "core/encoder/batch.h"
#include "core/encoder/calibration.h"
#include "encoder-case.h"
#include "support.h"

static const struct
{
  const char *checkpoint;
  int         rows, columns;
} models[] = { { "tiny-1", 4, 4 }, { "tiny-deep-1", 5, 9 }, { "tiny-swiglu-1", 6, 6 }, { "tiny-registers-1", 7, 5 } };

static struct dino_model *
load (const char *checkpoint, enum dino_precision precision, enum dino_isa isa, struct dino_team *team)
{
  g_autofree char          *name = g_build_filename ("golden", "checkpoint", checkpoint, NULL);
  g_autofree char          *path = test_data (name);
  struct dino_model_options options = { .precision = precision, .isa = isa, .team = team };
  struct dino_error         error = { 0 };
  struct dino_model        *model = dino_model_load (path, &options, NULL, &error);

  assert_no_error (&error);
  return model;
}

static float *
picture (int rows, int columns, gsize seed)
{
  const gsize n = 3 * 14 * 14 * (gsize) (rows * columns);
  float      *pixels = dino_alloc (n, sizeof *pixels, NULL);

  for (gsize i = 0; i < n; i++)
    pixels[i] = (float) ((i * 7919 + i / 14 * 31 + seed * 1009) % 1009) / 300.0f - 1.6f;
  return pixels;
}

static void
assert_same_output (const struct dino_features *a, const struct dino_features *b)
{
  const gsize n = dino_features_n_tokens (a) * (gsize) dino_model_config (dino_features_model (a))->hidden_size * sizeof (float);

  g_assert_cmpmem (dino_features_last_hidden_state (a), n, dino_features_last_hidden_state (b), n);
}

/* The smallest cosine of a token. */
static double
worst_cosine (const struct dino_features *a, const struct dino_features *b)
{
  const gsize  width = (gsize) dino_model_config (dino_features_model (a))->hidden_size;
  const float *x = dino_features_last_hidden_state (a), *y = dino_features_last_hidden_state (b);
  double       worst = 1;

  for (gsize token = 0; token < dino_features_n_tokens (a); token++, x += width, y += width)
    {
      double xy = 0, xx = 0, yy = 0;

      for (gsize i = 0; i < width; i++)
        {
          xy += (double) x[i] * y[i];
          xx += (double) x[i] * x[i];
          yy += (double) y[i] * y[i];
        }
      worst = MIN (worst, xy / sqrt (xx * yy));
    }
  return worst;
}

static double
largest_difference (const struct dino_features *a, const struct dino_features *b)
{
  const gsize n = dino_features_n_tokens (a) * (gsize) dino_model_config (dino_features_model (a))->hidden_size;
  double      largest = 0;

  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, fabs ((double) dino_features_last_hidden_state (a)[i] - dino_features_last_hidden_state (b)[i]));
  return largest;
}

/* The best float32 there is, which test-encoder compares with the reference. */
static struct dino_features *
encode_exactly (gsize index, const float *pixels)
{
  struct dino_team     *team = new_team (1);
  struct dino_model    *model = load (models[index].checkpoint, DINO_PRECISION_FP32, dino_isa_detect (), team);
  struct dino_features *features = encode (model, pixels, models[index].rows, models[index].columns, dino_isa_detect (), team);

  dino_model_unref (model);
  dino_team_free (team);
  return features;
}

typedef struct
{
  enum dino_isa       isa;
  enum dino_precision precision;
} Case;

static void
test_threads (gconstpointer data)
{
  static const int threads[] = { 1, 2, 3, 5 };
  const Case      *test = data;

  for (gsize index = 0; index < G_N_ELEMENTS (models); index++)
    {
      float                *pixels = picture (models[index].rows, models[index].columns, index);
      struct dino_features *exact = encode_exactly (index, pixels), *first = NULL;
      enum dino_isa         isa;

      g_assert_true (dino_precision_isa (test->precision, test->isa, &isa));
      for (gsize t = 0; t < G_N_ELEMENTS (threads); t++)
        {
          struct dino_team     *team = new_team (threads[t]);
          struct dino_model    *model = load (models[index].checkpoint, test->precision, test->isa, team);
          struct dino_features *features = encode (model, pixels, models[index].rows, models[index].columns, test->isa, team);

          g_assert_cmpint (dino_model_isa (model), ==, isa);
          g_assert_cmpint (dino_model_precision (model), ==, test->precision);
          g_assert_null (dino_model_calibration_sha256 (model));
          if (first == NULL)
            first = dino_features_ref (features);
          assert_same_output (first, features);
          dino_features_unref (features);
          dino_model_unref (model);
          dino_team_free (team);
        }
      g_test_message ("%s: worst cosine %.7f, largest difference %.2g", models[index].checkpoint, worst_cosine (first, exact), largest_difference (first, exact));
      if (test->precision == DINO_PRECISION_FP32)
        g_assert_cmpfloat (largest_difference (first, exact), <=, 1e-4);
      else
        g_assert_cmpfloat (worst_cosine (first, exact), >=, test->precision == DINO_PRECISION_BF16 ? 0.9995 : 0.995);
      dino_features_unref (first);
      dino_features_unref (exact);
      dino_free (pixels);
    }
}

typedef struct
{
  gsize                 index; /* of models */
  struct dino_features *results[7];
  int                   stop_after;
  gint                  n_finished;
} Batch;

static float *
prepare_picture (void *data, size_t index, int *rows, int *columns, struct dino_error *error)
{
  Batch *batch = data;

  if (index == 4)
    {
      dino_error_set (error, DINO_CODE_FORMAT, "picture 4 is broken");
      return NULL;
    }
  *rows = models[batch->index].rows + (int) (index % 2);
  *columns = models[batch->index].columns;
  return picture (*rows, *columns, index);
}

static bool
finish_picture (void *data, size_t index, struct dino_features *features, const struct dino_error *error)
{
  Batch *batch = data;

  g_assert_true ((features == NULL) == (index == 4));
  g_assert_cmpint (error->code, ==, index == 4 ? DINO_CODE_FORMAT : DINO_CODE_NONE);
  batch->results[index] = features != NULL ? dino_features_ref (features) : NULL;
  return g_atomic_int_add (&batch->n_finished, 1) + 1 < batch->stop_after;
}

static void
test_batch (gconstpointer data)
{
  static const int groups[][2] = { { 1, 1 }, { 2, 1 }, { 3, 2 }, { 8, 1 } };
  const Case      *test = data;

  for (gsize index = 0; index < 2; index++)
    {
      struct dino_team  *team = new_team (1);
      struct dino_model *model = load (models[index].checkpoint, test->precision, test->isa, team);

      for (gsize g = 0; g < G_N_ELEMENTS (groups); g++)
        {
          struct dino_error        error = { 0 };
          Batch                    batch = { .index = index, .stop_after = G_MAXINT };
          struct dino_batch       *runner = dino_batch_new (model, groups[g][0], groups[g][1], test->isa, &error);
          struct dino_batch_source source = { .data = &batch, .n_pictures = 7, .prepare = prepare_picture, .finish = finish_picture };

          assert_no_error (&error);
          g_assert_true (dino_batch_run (runner, &source, NULL));
          g_assert_cmpint (batch.n_finished, ==, 7);
          for (gsize i = 0; i < 7; i++)
            if (i != 4)
              {
                const int             rows = models[index].rows + (int) (i % 2);
                float                *pixels = picture (rows, models[index].columns, i);
                struct dino_features *alone = encode (model, pixels, rows, models[index].columns, test->isa, team);

                assert_same_output (alone, batch.results[i]);
                dino_features_unref (alone);
                dino_features_unref (batch.results[i]);
                dino_free (pixels);
              }
          dino_batch_free (runner);
        }
      dino_model_unref (model);
      dino_team_free (team);
    }
}

static float *
prepare_three (void *data, size_t index, int *rows, int *columns, struct dino_error *error)
{
  return index < 3 ? prepare_picture (data, index, rows, columns, error) : NULL;
}

/* How many there are is known when there are no more. */
static void
test_batch_ends (void)
{
  struct dino_team        *team = new_team (1);
  struct dino_model       *model = load ("tiny-1", DINO_PRECISION_FP32, dino_isa_detect (), team);
  struct dino_error        error = { 0 };
  struct dino_batch       *runner = dino_batch_new (model, 2, 1, dino_isa_detect (), &error);
  Batch                    batch = { .stop_after = G_MAXINT };
  struct dino_batch_source source = { .data = &batch, .n_pictures = SIZE_MAX, .prepare = prepare_three, .finish = finish_picture };

  g_assert_true (dino_batch_run (runner, &source, NULL));
  g_assert_cmpint (batch.n_finished, ==, 3);
  for (int i = 0; i < 3; i++)
    dino_features_unref (batch.results[i]);
  dino_batch_free (runner);
  dino_model_unref (model);
  dino_team_free (team);
}

static bool
refuse (void *data, int done, int total)
{
  g_assert_cmpint (total, ==, 7);
  return done < 2;
}

static void
test_batch_stops (void)
{
  struct dino_team          *team = new_team (1);
  struct dino_model         *model = load ("tiny-1", DINO_PRECISION_FP32, dino_isa_detect (), team);
  struct dino_error          error = { 0 };
  struct dino_batch         *runner = dino_batch_new (model, 1, 1, dino_isa_detect (), &error);
  Batch                      batch = { .stop_after = 3 };
  struct dino_batch_source   source = { .data = &batch, .n_pictures = 7, .prepare = prepare_picture, .finish = finish_picture };
  const struct dino_progress progress = { .func = refuse };

  g_assert_false (dino_batch_run (runner, &source, NULL));
  g_assert_cmpint (batch.n_finished, ==, 3);
  for (int i = 0; i < 3; i++)
    dino_features_unref (batch.results[i]);
  batch = (Batch){ .stop_after = G_MAXINT };
  g_assert_false (dino_batch_run (runner, &source, &progress));
  g_assert_cmpint (batch.n_finished, ==, 2);
  for (int i = 0; i < 2; i++)
    dino_features_unref (batch.results[i]);
  dino_batch_free (runner);
  g_assert_null (dino_batch_new (model, 0, 1, dino_isa_detect (), &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  dino_model_unref (model);
  dino_team_free (team);
}

static struct dino_picture *
grey_picture (int width, int height, int seed)
{
  struct dino_picture *picture = dino_picture_new (width, height, 1, 8, NULL);

  for (int i = 0; i < width * height; i++)
    picture->samples8[i] = (uint8_t) (i * (7 + seed) + i / width * 13);
  g_assert_true (dino_picture_measure (picture, NULL));
  return picture;
}

/* Folding the ranges into LayerNorms changes rounding, never meaning. */
static void
test_calibration (void)
{
  struct dino_team         *team;
  struct dino_picture      *pictures[2];
  struct dino_error         error = { 0 };
  struct dino_model_options options = { .precision = DINO_PRECISION_INT8, .isa = dino_isa_detect () };
  struct dino_calibration  *calibration, *swapped;
  const gsize               index = 1;
  float                    *pixels;
  g_autofree char          *path = test_data ("golden/checkpoint/tiny-deep-1");

  if (!dino_precision_isa (DINO_PRECISION_INT8, options.isa, NULL))
    {
      g_test_skip ("this processor has no AVX-512 VNNI and BF16");
      return;
    }
  options.team = team = new_team (2);
  pictures[0] = grey_picture (80, 90, 1);
  pictures[1] = grey_picture (120, 70, 2);
  pixels = picture (models[index].rows, models[index].columns, index);
  calibration = dino_calibration_new (pictures, 2, options.isa, team, &error);
  assert_no_error (&error);
  swapped = dino_calibration_new ((struct dino_picture *[]){ pictures[1], pictures[0] }, 2, options.isa, team, &error);
  g_assert_cmpstr (dino_calibration_calibrator (calibration)->sha256, !=, dino_calibration_calibrator (swapped)->sha256);
  g_assert_null (dino_calibration_range (calibration, 1));
  options.calibrator = dino_calibration_calibrator (calibration);
  {
    struct dino_model    *model = dino_model_load (path, &options, NULL, &error);
    struct dino_features *exact = encode_exactly (index, pixels), *features;

    assert_no_error (&error);
    g_assert_cmpstr (dino_model_calibration_sha256 (model), ==, options.calibrator->sha256);
    for (int norm = 1; norm <= 2; norm++)
      for (int i = 0; i < 5 * 48; i++)
        g_assert_cmpfloat (dino_calibration_range (calibration, norm)[i], >, 0);
    features = encode (model, pixels, models[index].rows, models[index].columns, options.isa, team);
    g_test_message ("worst cosine %.7f", worst_cosine (features, exact));
    g_assert_cmpfloat (worst_cosine (features, exact), >=, 0.995);
    dino_features_unref (features);
    dino_features_unref (exact);
    dino_model_unref (model);
  }
  dino_calibration_free (calibration);
  dino_calibration_free (swapped);
  dino_picture_unref (pictures[0]);
  dino_picture_unref (pictures[1]);
  dino_free (pixels);
  dino_team_free (team);
}

/* What a token attends to, and what attends to it, are a row and a column of all attention. */
static void
test_token_attention (gconstpointer data)
{
  const Case           *test = data;
  struct dino_team     *team = new_team (3);
  struct dino_model    *model = load ("tiny-registers-1", test->precision, test->isa, team);
  float                *pixels = picture (7, 5, 1);
  struct dino_features *features = encode (model, pixels, 7, 5, test->isa, team);
  const gsize           tokens = dino_features_n_tokens (features);
  g_autofree float     *all = g_new (float, 2 * tokens * tokens), *some = g_new (float, 2 * tokens);
  struct dino_error     error = { 0 };

  for (int block = 0; block < 2; block++)
    {
      g_assert_true (dino_features_attention (features, block, 0, 2, team, all, NULL, &error));
      for (gsize token = 0; token < tokens; token += 3)
        for (int direction = DINO_DIRECTION_QUERY; direction <= DINO_DIRECTION_KEY; direction++)
          {
            g_assert_true (dino_features_token_attention (features, block, token, (enum dino_direction) direction, team, some, NULL, &error));
            for (gsize i = 0; i < 2 * tokens; i++)
              {
                const gsize head = i / tokens, other = i % tokens;
                const float expected = all[(head * tokens + (direction == DINO_DIRECTION_QUERY ? token : other)) * tokens + (direction == DINO_DIRECTION_QUERY ? other : token)];

                g_assert_cmpfloat (fabsf (some[i] - expected), <=, 1e-7f + 1e-5f * expected);
              }
          }
    }
  g_assert_false (dino_features_token_attention (features, 0, tokens, DINO_DIRECTION_KEY, team, some, NULL, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  dino_features_unref (features);
  dino_model_unref (model);
  dino_free (pixels);
  dino_team_free (team);
}

/* What the processor cannot do is refused before anything is read. */
static void
test_impossible (void)
{
  g_autofree char *path = test_data ("golden/checkpoint/tiny-1");

  for (int precision = DINO_PRECISION_BF16; precision <= DINO_PRECISION_INT8; precision++)
    for (int isa = DINO_ISA_GENERIC; isa <= DINO_ISA_AVX512; isa++)
      {
        const struct dino_model_options options = { .precision = (enum dino_precision) precision, .isa = (enum dino_isa) isa };
        struct dino_error               error = { 0 };

        g_assert_null (dino_model_load (path, &options, NULL, &error));
        g_assert_cmpint (error.code, ==, DINO_CODE_MODEL);
        g_assert_nonnull (strstr (error.message, dino_precision_name (options.precision)));
      }
}

static void
add (const char *name, void (*func) (gconstpointer), enum dino_isa isa, enum dino_precision precision)
{
  const Case       test = { isa, precision };
  g_autofree char *path = g_strdup_printf ("/precisions/%s/%s/%s", dino_isa_name (isa), dino_precision_name (precision), name);

  g_test_add_data_func_full (path, g_memdup2 (&test, sizeof test), func, g_free);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int isa = DINO_ISA_GENERIC; isa <= (int) dino_isa_detect (); isa++)
    for (int precision = 0; precision < DINO_N_PRECISIONS; precision++)
      if (dino_precision_isa ((enum dino_precision) precision, (enum dino_isa) isa, NULL))
        {
          add ("threads", test_threads, (enum dino_isa) isa, (enum dino_precision) precision);
          add ("batch", test_batch, (enum dino_isa) isa, (enum dino_precision) precision);
          add ("token-attention", test_token_attention, (enum dino_isa) isa, (enum dino_precision) precision);
        }
  g_test_add_func ("/precisions/batch-ends", test_batch_ends);
  g_test_add_func ("/precisions/batch-stops", test_batch_stops);
  g_test_add_func ("/precisions/calibration", test_calibration);
  g_test_add_func ("/precisions/impossible", test_impossible);
  return g_test_run ();
}
