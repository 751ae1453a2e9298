/* Query, key, value and attention of a block, recomputed from its input. */
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/attention.h"
#include "core/encoder/blas.h"
#include "core/encoder/block.h"
#include "core/encoder/cut.h"
#include "core/encoder/features-private.h"

/* Queries and keys of all tokens, and what it takes to multiply them. */
struct pairs
{
  struct dino_block           block;
  struct dino_work            work;
  struct dino_attention_shape shape;
  size_t                      stride; /* elements */
  char                       *memory; /* [T + padding, stride] */
  char                       *packed;
};

static const struct dino_block_weights *
block_weights (const struct dino_features *features, int block)
{
  return &dino_model_weights (dino_features_model (features))->blocks[block];
}

/* A block whose input is there. */
static bool
find_block (struct dino_block *self, const struct dino_features *features, int block, struct dino_error *error)
{
  const struct dino_config *config = dino_model_config (dino_features_model (features));
  const float              *state = dino_features_hidden_state (features, block);

  if (block >= config->n_blocks || state == NULL)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The input of block %d is not there."), block);
  *self = (struct dino_block){ .config = config, .weights = block_weights (features, block), .tokens = dino_features_n_tokens (features), .in = state };
  return true;
}

/* Free its scratch with dino_free(). */
static bool
start_work (struct dino_work *work, const struct dino_features *features, struct dino_team *team, size_t scratch, struct dino_error *error)
{
  dino_blas_enter_thread ();
  *work = (struct dino_work){
    .team = team,
    .isa = dino_features_isa (features),
    .kernels = dino_kernels_for (dino_features_isa (features)),
    .scratch_size = dino_round_up (scratch, DINO_ALIGNMENT),
    .total = 1,
  };
  work->scratch = dino_alloc ((size_t) dino_team_threads (team), work->scratch_size, error);
  return work->scratch != NULL;
}

bool
dino_features_facet (const struct dino_features *features, int block, enum dino_facet facet, struct dino_team *team, float *out, struct dino_error *error)
{
  struct dino_block self;
  struct dino_work  work;

  if (!find_block (&self, features, block, error) ||
      !start_work (&work, features, team, dino_linear_scratch (&self.weights->qkv, dino_features_isa (features)), error))
    return false;
  dino_block_project (&self, (size_t) facet, 1, out, (size_t) self.config->hidden_size, false, &work);
  dino_free (work.scratch);
  return true;
}

static void
pairs_clear (struct pairs *pairs)
{
  dino_free (pairs->work.scratch);
  dino_free (pairs->memory);
  dino_free (pairs->packed);
}

/* Clear pairs in either case. */
static bool
pairs_init (struct pairs *pairs, const struct dino_features *features, int block, struct dino_team *team, struct dino_error *error)
{
  const enum dino_isa isa = dino_features_isa (features);
  enum dino_format    format;
  size_t              size, attention, linear;

  *pairs = (struct pairs){ 0 };
  if (!find_block (&pairs->block, features, block, error))
    return false;
  format = pairs->block.weights->qkv.format == DINO_FORMAT_F32 ? DINO_FORMAT_F32 : DINO_FORMAT_BF16;
  size = (size_t) dino_config_head_size (pairs->block.config);
  if (!dino_attention_shape (&pairs->shape, format, isa, pairs->block.tokens, (size_t) pairs->block.config->n_heads, size))
    return dino_error_set_memory (error, ~0ull);
  attention = dino_attention_scratch (&pairs->shape, isa);
  linear = dino_linear_scratch (&pairs->block.weights->qkv, isa);
  pairs->stride = dino_row_stride (2 * (size_t) pairs->block.config->hidden_size, format) / dino_format_size (format);
  if (!start_work (&pairs->work, features, team, attention > linear ? attention : linear, error))
    return false;
  pairs->memory = dino_alloc_zeroed (pairs->block.tokens + dino_row_padding (), pairs->stride * dino_format_size (format), error);
  pairs->packed = dino_alloc_zeroed (pairs->shape.n_heads, pairs->shape.head_bytes, error);
  return pairs->memory != NULL && pairs->packed != NULL;
}

/* Keys of all tokens, and queries of those that ask: all, or one. */
static bool
pairs_project (struct pairs *pairs, bool all, size_t token)
{
  const size_t      width = (size_t) pairs->block.config->hidden_size, size = dino_format_size (pairs->shape.format);
  const bool        narrow = pairs->shape.format == DINO_FORMAT_BF16;
  struct dino_block one = pairs->block;

  if (all)
    return dino_block_project (&pairs->block, 0, 2, pairs->memory, pairs->stride, narrow, &pairs->work);
  one.in += token * width;
  one.tokens = 1;
  return dino_block_project (&one, 0, 1, pairs->memory + token * pairs->stride * size, pairs->stride, narrow, &pairs->work) &&
         dino_block_project (&pairs->block, 1, 1, pairs->memory + width * size, pairs->stride, narrow, &pairs->work);
}

/* Probabilities of the heads from head on, to where attention says. */
static bool
pairs_run (struct pairs *pairs, struct dino_attention *attention, int head, int n_heads, const struct dino_progress *progress)
{
  const size_t size = dino_format_size (pairs->shape.format), first = (size_t) head * pairs->shape.head_size * size;

  pairs->work.progress = progress;
  if (!pairs_project (pairs, attention->of_row == NULL, attention->row))
    return false;
  pairs->shape.n_heads = (size_t) n_heads;
  attention->shape = &pairs->shape;
  attention->query = pairs->memory + first;
  attention->key = pairs->memory + (size_t) pairs->block.config->hidden_size * size + first;
  attention->stride = pairs->stride;
  attention->packed = pairs->packed;
  return dino_attention_run (attention, &pairs->work);
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
  struct dino_attention     attention = { .all = out };
  struct pairs              pairs;
  bool                      done;

  if (head < 0 || n_heads < 1 || head > config->n_heads - n_heads)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("%d heads from head %d on were asked for; the model has %d."), n_heads, head, config->n_heads);
  done = pairs_init (&pairs, features, block, team, error) &&
         (pairs_run (&pairs, &attention, head, n_heads, progress) || dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled.")));
  pairs_clear (&pairs);
  return done;
}

bool
dino_features_visit_attention (const struct dino_features *features,
                               int                         block,
                               size_t                      n_queries,
                               struct dino_team           *team,
                               dino_attention_visit_func   visit,
                               void                       *visit_data,
                               const struct dino_progress *progress,
                               struct dino_error          *error)
{
  const int             n_heads = dino_model_config (dino_features_model (features))->n_heads;
  struct dino_attention attention = { .visit = visit, .visit_data = visit_data, .n_visited = n_queries };
  struct pairs          pairs;
  bool                  done;

  if (n_queries < 1 || n_queries > dino_features_n_tokens (features))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("%zu tokens were asked for; there are %zu."), n_queries, dino_features_n_tokens (features));
  done = pairs_init (&pairs, features, block, team, error) &&
         (pairs_run (&pairs, &attention, 0, n_heads, progress) || dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled.")));
  pairs_clear (&pairs);
  return done;
}

bool
dino_features_token_attention (const struct dino_features *features,
                               int                         block,
                               size_t                      token,
                               enum dino_direction         direction,
                               struct dino_team           *team,
                               float                      *out,
                               const struct dino_progress *progress,
                               struct dino_error          *error)
{
  const int             n_heads = dino_model_config (dino_features_model (features))->n_heads;
  struct dino_attention attention = { .row = token, .column = token };
  struct pairs          pairs;
  bool                  done;

  if (token >= dino_features_n_tokens (features))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Token %zu was asked for; there are %zu."), token, dino_features_n_tokens (features));
  if (direction == DINO_DIRECTION_QUERY)
    attention.of_row = out;
  else
    attention.of_column = out;
  done = pairs_init (&pairs, features, block, team, error) &&
         (pairs_run (&pairs, &attention, 0, n_heads, progress) || dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled.")));
  pairs_clear (&pairs);
  return done;
}
