/* Query, key, value and attention of a block, recomputed from its input. */
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/attention.h"
#include "core/encoder/blas.h"
#include "core/encoder/features-private.h"
#include "core/encoder/linear.h"

/* The block's input after its first LayerNorm, [T, D]; dino_free() it. */
static float *
normed_input (const struct dino_features *features, int block, const struct dino_work *work, struct dino_error *error)
{
  const struct dino_config        *config = dino_model_config (dino_features_model (features));
  const struct dino_block_weights *weights;
  const size_t                     tokens = dino_features_n_tokens (features), width = (size_t) config->hidden_size;
  const float                     *state = dino_features_hidden_state (features, block);
  float                           *normed;

  if (block >= config->n_blocks || state == NULL)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The input of block %d is not there."), block);
      return NULL;
    }
  normed = dino_alloc (tokens * width, sizeof *normed, error);
  if (normed == NULL)
    return NULL;
  weights = &dino_model_weights (dino_features_model (features))->blocks[block];
  dino_norm_run (state, normed, tokens, width, weights->norm1_weight, weights->norm1_bias, config->layer_norm_eps, work);
  return normed;
}

/* Channels first … first+n-1 of a facet of all tokens, to out [T, stride]. */
static void
project (const struct dino_features *features,
         int                         block,
         enum dino_facet             facet,
         size_t                      first,
         size_t                      n,
         const float                *normed,
         float                      *out,
         size_t                      stride,
         const struct dino_work     *work)
{
  const struct dino_block_weights *weights = &dino_model_weights (dino_features_model (features))->blocks[block];
  const size_t                     width = (size_t) dino_model_config (dino_features_model (features))->hidden_size;
  const size_t                     row = (size_t) facet * width + first;
  const struct dino_linear         linear = {
            .input = normed,
            .input_stride = width,
            .rows = dino_features_n_tokens (features),
            .n_inputs = width,
            .n_outputs = n,
            .weight = weights->qkv_weight + row * width,
            .bias = weights->qkv_bias + row,
            .output = out,
            .output_stride = stride,
  };

  dino_linear_run (&linear, work);
}

static struct dino_work
work_of (const struct dino_features *features, struct dino_team *team)
{
  dino_blas_enter_thread ();
  return (struct dino_work){
    .team = team,
    .kernels = dino_kernels_for (dino_features_isa (features)),
    .total = 1,
  };
}

bool
dino_features_facet (const struct dino_features *features, int block, enum dino_facet facet, struct dino_team *team, float *out, struct dino_error *error)
{
  const struct dino_work work = work_of (features, team);
  const size_t           width = (size_t) dino_model_config (dino_features_model (features))->hidden_size;
  float                 *normed = normed_input (features, block, &work, error);

  if (normed == NULL)
    return false;
  project (features, block, facet, 0, width, normed, out, width, &work);
  dino_free (normed);
  return true;
}

bool
dino_features_attention (const struct dino_features *features,
                         int                         block,
                         int                         head,
                         int                         n_heads,
                         struct dino_team           *team,
                         float                      *out,
                         const struct dino_progress *progress,
                         struct dino_error          *error)
{
  const struct dino_config *config = dino_model_config (dino_features_model (features));
  const size_t              tokens = dino_features_n_tokens (features), size = (size_t) dino_config_head_size (config);
  struct dino_work          work = work_of (features, team);
  float                    *normed, *pair;
  size_t                    first, width;
  bool                      done;

  if (head < 0 || n_heads < 1 || head > config->n_heads - n_heads)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("%d heads from head %d on were asked for; the model has %d."), n_heads, head, config->n_heads);
  first = (size_t) head * size;
  width = (size_t) n_heads * size;
  normed = normed_input (features, block, &work, error);
  pair = normed != NULL ? dino_alloc (2 * tokens * width, sizeof *pair, error) : NULL;
  if (pair == NULL)
    {
      dino_free (normed);
      return false;
    }
  project (features, block, DINO_FACET_QUERY, first, width, normed, pair, 2 * width, &work);
  project (features, block, DINO_FACET_KEY, first, width, normed, pair + width, 2 * width, &work);
  work.progress = progress;
  done = dino_attention_run (&(struct dino_attention){ .query = pair,
                                                       .key = pair + width,
                                                       .stride = 2 * width,
                                                       .tokens = tokens,
                                                       .n_heads = (size_t) n_heads,
                                                       .head_size = size,
                                                       .all = out },
                             &work);
  dino_free (pair);
  dino_free (normed);
  return done || dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
}
