/* How alike tokens are. */
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/cosine.h"
#include "core/encoder/cut.h"
#include "core/encoder/features-private.h"
#include "core/encoder/kernels.h"
#include "core/encoder/loop.h"

/* Tokens that a thread compares at once. */
#define TOKENS 64

struct similarity_loop
{
  const struct dino_kernels *kernels;
  const float               *state; /* [T, D] */
  size_t                     width;
  const float               *norm_weight, *norm_bias; /* NULL: as they are */
  float                      eps;
  const float               *token;   /* [D] */
  float                     *scratch; /* [threads, D] */
  struct dino_cut            tokens;
  float                     *out;
};

/* The token as it is compared: in place, or normalised into row. */
static const float *
token_row (const struct similarity_loop *loop, size_t token, float *row)
{
  const float *values = loop->state + token * loop->width;

  if (loop->norm_weight == NULL)
    return values;
  loop->kernels->layer_norm (values, loop->width, row, loop->width, 1, loop->width, loop->norm_weight, loop->norm_bias, loop->eps);
  return row;
}

static void
similarity_item (void *data, size_t item, int thread)
{
  const struct similarity_loop *loop = data;
  const size_t                  first = dino_cut_start (&loop->tokens, item), end = first + dino_cut_size (&loop->tokens, item);
  float                        *row = loop->scratch + (size_t) thread * loop->width;

  for (size_t token = first; token < end; token++)
    loop->out[token] = dino_cosine (loop->token, token_row (loop, token, row), loop->width);
}

bool
dino_features_similarity (const struct dino_features *features, int block, bool norm, size_t token, struct dino_team *team, float *out, struct dino_error *error)
{
  const struct dino_config  *config = dino_model_config (dino_features_model (features));
  const struct dino_weights *weights = dino_model_weights (dino_features_model (features));
  const bool                 is_output = norm && block == config->n_blocks - 1 && dino_features_complete (features);
  struct similarity_loop     loop = {
        .kernels = dino_kernels_for (dino_features_isa (features)),
        .state = is_output ? dino_features_last_hidden_state (features) : dino_features_hidden_state (features, block + 1),
        .width = (size_t) config->hidden_size,
        .norm_weight = norm && !is_output ? weights->norm_weight : NULL,
        .norm_bias = weights->norm_bias,
        .eps = config->layer_norm_eps,
        .tokens = dino_cut (dino_features_n_tokens (features), TOKENS, 1),
        .out = out,
  };
  float *own;

  if (block < 0 || loop.state == NULL)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The tokens of block %d are not there."), block);
  if (token >= dino_features_n_tokens (features))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Token %zu was asked for; there are %zu."), token, dino_features_n_tokens (features));
  own = dino_alloc (dino_loop_threads (team) + 1, loop.width * sizeof *own, error);
  if (own == NULL)
    return false;
  loop.token = token_row (&loop, token, own);
  loop.scratch = own + loop.width;
  dino_loop_run (team, loop.tokens.count, similarity_item, &loop);
  dino_free (own);
  return true;
}
