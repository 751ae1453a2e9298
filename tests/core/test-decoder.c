/* Training a decoder of patch tokens: the gradient of its objective is that of
 * finite differences, and bits do not depend on threads. The objective is the
 * file's own, so the file is a part of this one. */
#include "core/heads/decoder-train.c"

#include <glib.h>

#include "map-case.h"

/* More than a piece of 256 rows in some part, and no multiple of it. */
#define N ((size_t) 4500)
#define FEATURES ((size_t) 21)
#define CLASSES ((size_t) 3)
#define HIDDEN ((size_t) 5)

struct data
{
  float *features; /* [N, FEATURES] */
  int   *labels;   /* [N] */
};

/* Classes overlap, channels have different means and spreads. */
static void
data_init (struct data *data)
{
  struct dino_random random = dino_random (11);

  data->features = g_new (float, N *FEATURES);
  data->labels = g_new (int, N);
  for (size_t i = 0; i < N; i++)
    {
      data->labels[i] = (int) (i * i % 7 % CLASSES);
      for (size_t c = 0; c < FEATURES; c++)
        data->features[i * FEATURES + c] = (float) ((double) c - 4 + (1 + 0.3 * (double) c) * (dino_random_normal (&random) + (c % CLASSES == (size_t) data->labels[i])));
    }
}

static void
data_clear (struct data *data)
{
  g_free (data->features);
  g_free (data->labels);
}

static struct dino_decoder_samples
samples_of (const struct data *data)
{
  return (struct dino_decoder_samples){ data->features, data->labels, N, FEATURES, CLASSES };
}

static void
check_gradient (const struct dino_decoder_options *options)
{
  struct data                 data;
  struct dino_decoder_samples samples;
  struct trainer              trainer = { .samples = &samples, .options = options };
  struct dino_random          random = dino_random (3);
  g_autofree double          *x = NULL;
  g_autofree double          *gradient = NULL;
  g_autofree double          *unused = NULL;

  data_init (&data);
  samples = samples_of (&data);
  g_assert_true (trainer_init (&trainer, NULL));
  x = g_new (double, trainer.layout.n);
  gradient = g_new (double, trainer.layout.n);
  unused = g_new (double, trainer.layout.n);
  for (size_t i = 0; i < trainer.layout.n; i++)
    x[i] = 0.5 * dino_random_normal (&random);
  objective (&trainer, x, gradient);
  for (size_t i = 0; i < trainer.layout.n; i++)
    {
      const double place = x[i], step = 1e-5;
      double       above, below;

      x[i] = place + step;
      above = objective (&trainer, x, unused);
      x[i] = place - step;
      below = objective (&trainer, x, unused);
      x[i] = place;
      /* A ReLU's corner between the two adds no more than this for one row of N. */
      g_assert_cmpfloat_with_epsilon ((above - below) / (2 * step), gradient[i], 1e-6);
    }
  trainer_clear (&trainer);
  data_clear (&data);
}

static void
test_gradient (void)
{
  check_gradient (&(struct dino_decoder_options){ .l2 = 0.01 });
  check_gradient (&(struct dino_decoder_options){ .l2 = 0.3, .balanced = true });
  check_gradient (&(struct dino_decoder_options){ .n_hidden = HIDDEN, .l2 = 0.02 });
  check_gradient (&(struct dino_decoder_options){ .n_hidden = HIDDEN, .balanced = true });
}

/* Weights, then logits of all samples. */
static GBytes *
train (const struct data *data, size_t n_hidden, int n_threads)
{
  struct dino_team           *team = dino_team_new (n_threads, NULL);
  struct dino_decoder_options options = { .n_hidden = n_hidden, .l2 = 1e-3, .seed = 4, .max_rounds = 20, .team = team };
  struct dino_decoder_samples samples = samples_of (data);
  struct dino_decoder        *decoder;
  GByteArray                 *bytes = g_byte_array_new ();
  float                      *logits = g_new (float, N *CLASSES);

  g_assert_nonnull (team);
  decoder = dino_decoder_train (&samples, &options, NULL, NULL);
  g_assert_nonnull (decoder);
  g_assert_true (dino_decoder_logits (decoder, data->features, N, team, logits, NULL));
  g_byte_array_append (bytes, (const guint8 *) decoder->weight, (guint) (CLASSES * dino_decoder_width (decoder) * sizeof (float)));
  g_byte_array_append (bytes, (const guint8 *) decoder->bias, (guint) (CLASSES * sizeof (float)));
  if (n_hidden > 0)
    {
      g_byte_array_append (bytes, (const guint8 *) decoder->hidden_weight, (guint) (n_hidden * FEATURES * sizeof (float)));
      g_byte_array_append (bytes, (const guint8 *) decoder->hidden_bias, (guint) (n_hidden * sizeof (float)));
    }
  g_byte_array_append (bytes, (const guint8 *) logits, (guint) (N * CLASSES * sizeof (float)));
  g_free (logits);
  dino_decoder_free (decoder);
  dino_team_free (team);
  return g_byte_array_free_to_bytes (bytes);
}

static void
test_threads (void)
{
  struct data data;

  data_init (&data);
  for (size_t n_hidden = 0; n_hidden <= HIDDEN; n_hidden += HIDDEN)
    {
      g_autoptr (GBytes) one = train (&data, n_hidden, 1);

      for (int n_threads = 2; n_threads <= 3; n_threads++)
        {
          g_autoptr (GBytes) more = train (&data, n_hidden, n_threads);

          g_assert_true (g_bytes_equal (one, more));
        }
    }
  data_clear (&data);
}

static void
test_refused (void)
{
  struct data                 data;
  struct dino_decoder_samples samples;
  struct dino_decoder_options options = { 0 };
  struct dino_error           error = { 0 };

  data_init (&data);
  samples = samples_of (&data);
  for (size_t c = 0; c < FEATURES; c += 2)
    {
      error.code = DINO_CODE_NONE;
      data.features[5 * FEATURES + c] = INFINITY;
      g_assert_null (dino_decoder_train (&samples, &options, NULL, &error));
      g_assert_cmpint (error.code, ==, DINO_CODE_FORMAT);
      data.features[5 * FEATURES + c] = 0;
    }
  samples.n_classes = CLASSES + 1;
  g_assert_null (dino_decoder_train (&samples, &options, NULL, NULL));
  samples.n_classes = 1;
  error.code = DINO_CODE_NONE;
  g_assert_null (dino_decoder_train (&samples, &options, NULL, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  data_clear (&data);
}

/* Blocks side by side in the order given, patch by patch, without CLS and registers. */
static void
test_features (void)
{
  static const int  blocks[] = { 1, 0 };
  struct encoded    encoded;
  float            *rows;
  g_autofree float *tokens = NULL;
  size_t            width, first;

  encode (&encoded, "tiny-registers", 56, KEEP_ALL);
  width = (size_t) dino_model_config (dino_features_model (encoded.features))->hidden_size;
  first = dino_features_first_patch (encoded.features);
  tokens = g_new (float, dino_features_n_tokens (encoded.features) * width);
  rows = dino_decoder_features (encoded.features, blocks, 2, NULL);
  g_assert_nonnull (rows);
  for (size_t b = 0; b < 2; b++)
    {
      g_assert_true (dino_features_tokens (encoded.features, blocks[b], true, tokens, NULL));
      for (size_t i = 0; i < 16; i++)
        g_assert_cmpmem (rows + (2 * i + b) * width, width * sizeof *rows, tokens + (first + i) * width, width * sizeof *tokens);
    }
  dino_free (rows);
  g_assert_null (dino_decoder_features (encoded.features, (const int[]){ 7 }, 1, NULL));
  dino_features_unref (encoded.features);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decoder/gradient", test_gradient);
  g_test_add_func ("/decoder/features", test_features);
  g_test_add_func ("/decoder/threads", test_threads);
  g_test_add_func ("/decoder/refused", test_refused);
  return g_test_run ();
}
