#include "core/encoder/encoder.h"

#include <stdint.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/blas.h"
#include "core/encoder/block.h"
#include "core/encoder/cut.h"
#include "core/encoder/embedding.h"
#include "core/encoder/features-private.h"
#include "core/encoder/kernels.h"

/* BLAS counts in int; a picture of 14,000 x 14,000 pixels has as many patches of 14. */
#define MAX_TOKENS ((size_t) 1 << 20)

struct dino_encoder
{
  struct dino_model         *model;
  struct dino_team          *team;
  const struct dino_kernels *kernels;
  enum dino_isa              isa; /* of the products */
  int                        rows, columns;
  size_t                     tokens;
  float                     *constant; /* [T, D]: what the embedding adds to every picture's patches */
  struct dino_block_scratch  block;
  char                      *scratch; /* [threads, scratch_size] */
  size_t                     scratch_size;
};

/* Bytes, but for the tokens. */
struct sizes
{
  size_t tokens, constant, thread, scratch;
  size_t bytes; /* of the whole, the constant included */
};

/* The instruction set that an encoder of model works with when asked for isa. */
static enum dino_isa
choose_isa (const struct dino_model *model, enum dino_isa isa)
{
  const enum dino_isa best = dino_model_isa (model);

  /* There is no other way to multiply what is packed for these. */
  if (dino_model_precision (model) != DINO_PRECISION_FP32)
    isa = isa < DINO_ISA_AVX512_BF16 ? DINO_ISA_AVX512_BF16 : isa;
  return isa < best ? isa : best;
}

/* False when it is nothing, too large to be counted, or for BLAS. */
static bool
measure (const struct dino_model *model, int rows, int columns, enum dino_isa isa, int threads, struct sizes *sizes)
{
  const struct dino_config  *config = dino_model_config (model);
  const struct dino_weights *weights = dino_model_weights (model);
  struct dino_block_sizes    block;
  size_t                     n_patches, embedding;

  if (rows < 1 || columns < 1 || !dino_multiply ((size_t) rows, (size_t) columns, &n_patches) ||
      !dino_add (n_patches, 1 + (size_t) config->n_registers, &sizes->tokens) || sizes->tokens > MAX_TOKENS ||
      !dino_block_measure (config, &weights->blocks[0], isa, sizes->tokens, &block))
    return false;
  embedding = dino_embedding_scratch (weights, isa);
  /* Threads shall not write to one cache line. */
  sizes->thread = dino_round_up (block.thread > embedding ? block.thread : embedding, DINO_ALIGNMENT);
  return dino_multiply (sizes->tokens, (size_t) config->hidden_size * sizeof (float), &sizes->constant) &&
         dino_multiply (sizes->thread, (size_t) threads, &sizes->scratch) &&
         dino_add (sizes->constant, block.total, &sizes->bytes) &&
         dino_add (sizes->bytes, sizes->scratch, &sizes->bytes);
}

size_t
dino_encoder_memory (const struct dino_model *model, int rows, int columns, int threads)
{
  struct sizes sizes;

  return measure (model, rows, columns, dino_model_isa (model), threads, &sizes) ? sizes.bytes : SIZE_MAX;
}

static bool
allocate (struct dino_encoder *encoder, const struct sizes *sizes, struct dino_error *error)
{
  const struct dino_block_weights *weights = dino_model_weights (encoder->model)->blocks;

  encoder->tokens = sizes->tokens;
  encoder->scratch_size = sizes->thread;
  return (encoder->constant = dino_alloc (sizes->constant, 1, error)) != NULL &&
         dino_block_scratch_init (&encoder->block, dino_model_config (encoder->model), weights, encoder->isa, encoder->tokens, error) &&
         (encoder->scratch = dino_alloc_zeroed (sizes->scratch, 1, error)) != NULL;
}

struct dino_encoder *
dino_encoder_new (struct dino_model *model, int rows, int columns, enum dino_isa isa, struct dino_team *team, struct dino_error *error)
{
  const struct dino_config *config = dino_model_config (model);
  struct dino_encoder      *encoder;
  struct sizes              sizes;

  if (rows < 1 || columns < 1)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A picture must have at least one patch, not %d x %d."), columns, rows);
      return NULL;
    }
  if (!measure (model, rows, columns, choose_isa (model, isa), dino_team_threads (team), &sizes))
    {
      dino_error_set (error, DINO_CODE_LIMIT, _ ("A picture of %d x %d patches is larger than the encoder can take (%zu tokens)."), columns, rows, MAX_TOKENS);
      return NULL;
    }
  encoder = dino_alloc_zeroed (1, sizeof *encoder, error);
  if (encoder == NULL)
    return NULL;
  encoder->model = dino_model_ref (model);
  encoder->team = team;
  encoder->isa = choose_isa (model, isa);
  encoder->kernels = dino_kernels_for (encoder->isa);
  encoder->rows = rows;
  encoder->columns = columns;
  if (!allocate (encoder, &sizes, error) ||
      !dino_embedding_constant (config, dino_model_weights (model), rows, columns, encoder->constant, error))
    {
      dino_encoder_free (encoder);
      return NULL;
    }
  return encoder;
}

void
dino_encoder_free (struct dino_encoder *encoder)
{
  if (encoder == NULL)
    return;
  dino_free (encoder->constant);
  dino_block_scratch_clear (&encoder->block);
  dino_free (encoder->scratch);
  dino_model_unref (encoder->model);
  dino_free (encoder);
}

enum dino_isa
dino_encoder_isa (const struct dino_encoder *encoder)
{
  return encoder->isa;
}

static bool
embed (const struct dino_encoder *encoder, const float *pixel_values, struct dino_features *features, const struct dino_work *work)
{
  const struct dino_embedding embedding = {
    .config = dino_model_config (encoder->model),
    .weights = dino_model_weights (encoder->model),
    .rows = encoder->rows,
    .columns = encoder->columns,
    .constant = encoder->constant,
  };

  return dino_embedding_run (&embedding, pixel_values, dino_features_stream (features, 0), work);
}

static bool
run_block (struct dino_encoder *encoder, int index, struct dino_features *features, const struct dino_work *work)
{
  const struct dino_block block = {
    .config = dino_model_config (encoder->model),
    .weights = &dino_model_weights (encoder->model)->blocks[index],
    .tokens = encoder->tokens,
    .in = dino_features_stream (features, index),
    .out = dino_features_stream (features, index + 1),
    .cls_attention = dino_features_cls_rows (features, index),
    .scratch = &encoder->block,
  };

  return dino_block_run (&block, work);
}

static bool
finish (const struct dino_encoder *encoder, struct dino_features *features, const struct dino_work *work)
{
  const struct dino_config  *config = dino_model_config (encoder->model);
  const struct dino_weights *weights = dino_model_weights (encoder->model);

  return dino_norm_run (dino_features_stream (features, config->n_blocks), dino_features_output (features), encoder->tokens,
                        (size_t) config->hidden_size, weights->norm_weight, weights->norm_bias, config->layer_norm_eps, work);
}

/* False when the progress function said no, or the weights are lost. */
static bool
forward (struct dino_encoder *encoder, const float *pixel_values, struct dino_features *features, struct dino_work *work)
{
  const int n_blocks = work->total;

  if (!dino_progress_report (work->progress, 0, n_blocks) || !embed (encoder, pixel_values, features, work))
    return false;
  dino_features_advance (features, 1, false);
  for (int index = 0; index < n_blocks; index++)
    {
      work->done = index;
      if (!run_block (encoder, index, features, work) || dino_model_is_damaged (encoder->model))
        return false;
      dino_features_advance (features, index + 2, false);
      if (index + 1 < n_blocks && !dino_progress_report (work->progress, index + 1, n_blocks))
        return false;
    }
  if (!finish (encoder, features, work) || dino_model_is_damaged (encoder->model))
    return false;
  dino_features_advance (features, n_blocks + 1, true);
  /* All is done: it is too late to cancel. */
  dino_progress_report (work->progress, n_blocks, n_blocks);
  return true;
}

bool
dino_encoder_run (struct dino_encoder        *encoder,
                  const float                *pixel_values,
                  struct dino_features       *features,
                  const struct dino_progress *progress,
                  struct dino_error          *error)
{
  struct dino_work work = {
    .team = encoder->team,
    .kernels = encoder->kernels,
    .isa = encoder->isa,
    .scratch = encoder->scratch,
    .scratch_size = encoder->scratch_size,
    .progress = progress,
    .total = dino_model_config (encoder->model)->n_blocks,
  };

  if (dino_features_model (features) != encoder->model || dino_features_rows (features) != encoder->rows ||
      dino_features_columns (features) != encoder->columns)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The features are of another model or picture size than the encoder."));
  dino_blas_enter_thread ();
  dino_features_set_isa (features, encoder->isa);
  dino_features_advance (features, 0, false);
  if (forward (encoder, pixel_values, features, &work))
    return true;
  if (dino_model_is_damaged (encoder->model))
    return dino_error_set (error, DINO_CODE_MODEL, _ ("The packed weights of “%s” were cut short while they were in use; load the model again."),
                           dino_model_name (encoder->model));
  return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
}
