#include "core/heads/decoder.h"

#include <cblas.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/blas.h"
#include "core/encoder/loop.h"

/* Rows of one product: fixed, so that bits do not depend on the threads. */
#define ROWS ((size_t) 64)

struct dino_decoder *
dino_decoder_new (size_t n_features, size_t n_hidden, size_t n_classes, struct dino_error *error)
{
  struct dino_decoder *decoder;
  const size_t         width = n_hidden > 0 ? n_hidden : n_features;

  if (n_features < 1 || n_features > DINO_DECODER_MAX_FEATURES || n_hidden > DINO_DECODER_MAX_HIDDEN ||
      n_classes < DINO_DECODER_MIN_CLASSES || n_classes > DINO_DECODER_MAX_CLASSES)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A decoder of %zu numbers, %zu hidden units and %zu classes is not possible: there can be up to %d hidden units and %d to %d classes."),
                      n_features, n_hidden, n_classes, DINO_DECODER_MAX_HIDDEN, DINO_DECODER_MIN_CLASSES, DINO_DECODER_MAX_CLASSES);
      return NULL;
    }
  decoder = dino_alloc_zeroed (1, sizeof *decoder, error);
  if (decoder == NULL)
    return NULL;
  decoder->n_features = n_features;
  decoder->n_hidden = n_hidden;
  decoder->n_classes = n_classes;
  decoder->weight = dino_alloc_zeroed (n_classes, width * sizeof (float), error);
  decoder->bias = dino_alloc_zeroed (n_classes, sizeof (float), error);
  if (n_hidden > 0)
    {
      decoder->hidden_weight = dino_alloc_zeroed (n_hidden, n_features * sizeof (float), error);
      decoder->hidden_bias = dino_alloc_zeroed (n_hidden, sizeof (float), error);
    }
  if (decoder->weight != NULL && decoder->bias != NULL && (n_hidden == 0 || (decoder->hidden_weight != NULL && decoder->hidden_bias != NULL)))
    return decoder;
  dino_decoder_free (decoder);
  return NULL;
}

void
dino_decoder_free (struct dino_decoder *decoder)
{
  if (decoder == NULL)
    return;
  dino_free (decoder->hidden_weight);
  dino_free (decoder->hidden_bias);
  dino_free (decoder->weight);
  dino_free (decoder->bias);
  dino_free (decoder);
}

size_t
dino_decoder_width (const struct dino_decoder *decoder)
{
  return decoder->n_hidden > 0 ? decoder->n_hidden : decoder->n_features;
}

struct logits_loop
{
  const struct dino_decoder *decoder;
  const float               *features;
  size_t                     n;
  float                     *hidden; /* [threads; ROWS, n_hidden] */
  float                     *logits;
};

/* out [rows, n_outputs] = x [rows, n_inputs] weight^T + bias. */
static void
add_product (const float *x, size_t rows, size_t n_inputs, const float *weight, const float *bias, size_t n_outputs, float *out)
{
  for (size_t i = 0; i < rows; i++)
    memcpy (out + i * n_outputs, bias, n_outputs * sizeof *out);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) rows, (int) n_outputs, (int) n_inputs, 1, x, (int) n_inputs, weight, (int) n_inputs, 1, out, (int) n_outputs);
}

static void
logits_item (void *data, size_t item, int thread)
{
  const struct logits_loop  *loop = data;
  const struct dino_decoder *decoder = loop->decoder;
  const size_t               first = item * ROWS, rows = loop->n - first < ROWS ? loop->n - first : ROWS;
  const float               *x = loop->features + first * decoder->n_features;
  float                     *logits = loop->logits + first * decoder->n_classes;

  if (decoder->n_hidden > 0)
    {
      float *hidden = loop->hidden + (size_t) thread * ROWS * decoder->n_hidden;

      add_product (x, rows, decoder->n_features, decoder->hidden_weight, decoder->hidden_bias, decoder->n_hidden, hidden);
      for (size_t i = 0; i < rows * decoder->n_hidden; i++)
        hidden[i] = hidden[i] > 0 ? hidden[i] : 0;
      x = hidden;
    }
  add_product (x, rows, dino_decoder_width (decoder), decoder->weight, decoder->bias, decoder->n_classes, logits);
}

bool
dino_decoder_logits (const struct dino_decoder *decoder, const float *features, size_t n, struct dino_team *team, float *logits, struct dino_error *error)
{
  struct logits_loop loop = { .decoder = decoder, .features = features, .n = n, .logits = logits };

  if (decoder->n_hidden > 0)
    {
      loop.hidden = dino_alloc (dino_loop_threads (team) * ROWS, decoder->n_hidden * sizeof (float), error);
      if (loop.hidden == NULL)
        return false;
    }
  dino_blas_enter_thread ();
  dino_loop_run (team, (n + ROWS - 1) / ROWS, logits_item, &loop);
  dino_free (loop.hidden);
  return true;
}

float *
dino_decoder_features (const struct dino_features *features, const int *blocks, size_t n_blocks, struct dino_error *error)
{
  const size_t width = (size_t) dino_model_config (dino_features_model (features))->hidden_size;
  const size_t n = (size_t) dino_features_rows (features) * (size_t) dino_features_columns (features);
  const size_t stride = n_blocks * width;
  float       *tokens = dino_alloc (dino_features_n_tokens (features), width * sizeof *tokens, error);
  float       *rows = tokens != NULL ? dino_alloc (n, stride * sizeof *rows, error) : NULL;
  bool         good = rows != NULL;

  for (size_t b = 0; good && b < n_blocks; b++)
    {
      const float *patches = tokens != NULL ? tokens + dino_features_first_patch (features) * width : NULL;

      good = dino_features_tokens (features, blocks[b], true, tokens, error);
      for (size_t i = 0; good && i < n; i++)
        memcpy (rows + i * stride + b * width, patches + i * width, width * sizeof *rows);
    }
  dino_free (tokens);
  if (good)
    return rows;
  dino_free (rows);
  return NULL;
}
