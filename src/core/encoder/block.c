#include "core/encoder/block.h"

#include "core/base/memory.h"
#include "core/encoder/cut.h"
#include "core/encoder/mlp.h"

static size_t
larger (size_t a, size_t b)
{
  return a > b ? a : b;
}

/* The format of queries, keys and values: what is not float32 throughout has
 * its attention in bfloat16. */
static enum dino_format
attention_format (const struct dino_block_weights *weights)
{
  return weights->qkv.format == DINO_FORMAT_F32 ? DINO_FORMAT_F32 : DINO_FORMAT_BF16;
}

/* The projection quantises rows itself, from floats. */
static enum dino_format
heads_format (const struct dino_block_weights *weights)
{
  return weights->proj.format == DINO_FORMAT_BF16 ? DINO_FORMAT_BF16 : DINO_FORMAT_F32;
}

bool
dino_block_measure (const struct dino_config *config, const struct dino_block_weights *weights, enum dino_isa isa, size_t tokens, struct dino_block_sizes *sizes)
{
  const size_t                width = (size_t) config->hidden_size;
  struct dino_attention_shape shape;
  size_t                      rows;

  if (!dino_add (tokens, dino_row_padding (), &rows) ||
      !dino_attention_shape (&shape, attention_format (weights), isa, tokens, (size_t) config->n_heads, (size_t) dino_config_head_size (config)) ||
      !dino_multiply (rows, dino_row_stride (3 * width, attention_format (weights)), &sizes->qkv) ||
      !dino_multiply (rows, dino_row_stride (weights->proj.depth, heads_format (weights)), &sizes->heads) ||
      !dino_multiply (shape.n_heads, shape.head_bytes, &sizes->packed))
    return false;
  sizes->thread = larger (dino_attention_scratch (&shape, isa), dino_mlp_scratch (weights, isa));
  sizes->thread = larger (sizes->thread, larger (dino_linear_scratch (&weights->qkv, isa), dino_linear_scratch (&weights->proj, isa)));
  return dino_add (sizes->qkv, sizes->heads, &sizes->total) && dino_add (sizes->total, sizes->packed, &sizes->total);
}

bool
dino_block_scratch_init (struct dino_block_scratch *scratch, const struct dino_config *config, const struct dino_block_weights *weights, enum dino_isa isa, size_t tokens, struct dino_error *error)
{
  struct dino_block_sizes sizes;

  if (!dino_block_measure (config, weights, isa, tokens, &sizes))
    return dino_error_set_memory (error, ~0ull);
  dino_attention_shape (&scratch->attention, attention_format (weights), isa, tokens, (size_t) config->n_heads, (size_t) dino_config_head_size (config));
  scratch->narrow = attention_format (weights) == DINO_FORMAT_BF16;
  scratch->narrow_heads = heads_format (weights) == DINO_FORMAT_BF16;
  scratch->stride = dino_row_stride (3 * (size_t) config->hidden_size, attention_format (weights)) / dino_format_size (attention_format (weights));
  scratch->heads_stride = dino_row_stride (weights->proj.depth, heads_format (weights)) / dino_format_size (heads_format (weights));
  /* Zeros where nothing is ever written: rows and columns of the padding. */
  return (scratch->qkv = dino_alloc_zeroed (sizes.qkv, 1, error)) != NULL &&
         (scratch->heads = dino_alloc_zeroed (sizes.heads, 1, error)) != NULL &&
         (scratch->packed = dino_alloc_zeroed (sizes.packed, 1, error)) != NULL;
}

void
dino_block_scratch_clear (struct dino_block_scratch *scratch)
{
  dino_free (scratch->qkv);
  dino_free (scratch->heads);
  dino_free (scratch->packed);
  *scratch = (struct dino_block_scratch){ 0 };
}

bool
dino_block_project (const struct dino_block *block, size_t first_group, size_t n_groups, void *output, size_t output_stride, bool narrow, const struct dino_work *work)
{
  const struct dino_block_weights *weights = block->weights;
  const struct dino_linear         linear = {
            .rows = {
                .values = block->in,
                .stride = (size_t) block->config->hidden_size,
                .norm_weight = weights->norm1_weight,
                .norm_bias = weights->norm1_bias,
                .eps = block->config->layer_norm_eps,
    },
            .n_rows = block->tokens,
            .matrix = &weights->qkv,
            .bias = weights->qkv_bias,
            .first_group = first_group,
            .n_groups = n_groups,
            .output = output,
            .output_stride = output_stride,
            .narrow = narrow,
  };

  return dino_linear_run (&linear, work);
}

static bool
run_heads (const struct dino_block *block, const struct dino_work *work)
{
  const struct dino_block_scratch *scratch = block->scratch;
  const size_t                     bytes = (size_t) block->config->hidden_size * dino_format_size (scratch->attention.format);
  const struct dino_attention      attention = {
         .shape = &scratch->attention,
         .query = scratch->qkv,
         .key = (const char *) scratch->qkv + bytes,
         .value = (const char *) scratch->qkv + 2 * bytes,
         .stride = scratch->stride,
         .packed = scratch->packed,
         .output = scratch->heads,
         .output_stride = scratch->heads_stride,
         .narrow = scratch->narrow_heads,
         .of_row = block->cls_attention,
  };

  return dino_attention_run (&attention, work);
}

/* out = in + scale1 * proj (heads) */
static bool
run_projection (const struct dino_block *block, const struct dino_work *work)
{
  const struct dino_block_weights *weights = block->weights;
  const struct dino_block_scratch *scratch = block->scratch;
  const size_t                     width = (size_t) block->config->hidden_size;
  const bool                       quantise = weights->proj.format == DINO_FORMAT_S8;
  const struct dino_linear         linear = {
            .rows = {
                .values = quantise ? scratch->heads : NULL,
                .stride = scratch->heads_stride,
                .ready = scratch->heads,
                .ready_stride = scratch->heads_stride * dino_format_size (weights->proj.format),
    },
            .n_rows = block->tokens,
            .matrix = &weights->proj,
            .bias = weights->proj_bias,
            .n_groups = 1,
            .finish = DINO_FINISH_RESIDUAL,
            .output = block->out,
            .output_stride = width,
            .residual = block->in,
            .scale = weights->scale1,
  };

  return dino_linear_run (&linear, work);
}

bool
dino_block_attend (const struct dino_block *block, const struct dino_work *work)
{
  return dino_block_project (block, 0, 3, block->scratch->qkv, block->scratch->stride, block->scratch->narrow, work) &&
         run_heads (block, work) && run_projection (block, work);
}

bool
dino_block_run (const struct dino_block *block, const struct dino_work *work)
{
  const struct dino_mlp mlp = { .config = block->config, .weights = block->weights, .tokens = block->tokens, .out = block->out };

  return dino_block_attend (block, work) && dino_mlp_run (&mlp, work);
}
