#include "core/encoder/block.h"

#include "core/encoder/attention.h"

size_t
dino_block_wide (const struct dino_config *config)
{
  const size_t qkv = 3 * (size_t) config->hidden_size, mlp = (size_t) config->mlp_size;

  return qkv > mlp ? qkv : mlp;
}

/* out = in + scale1 * proj (attention (LN1 (in))) */
static bool
run_attention_branch (const struct dino_block *block, const struct dino_work *work)
{
  const struct dino_block_weights *weights = block->weights;
  const size_t                     width = (size_t) block->config->hidden_size;
  const struct dino_linear         qkv = {
            .input = block->narrow,
            .input_stride = width,
            .rows = block->tokens,
            .n_inputs = width,
            .n_outputs = 3 * width,
            .weight = weights->qkv_weight,
            .bias = weights->qkv_bias,
            .output = block->wide,
            .output_stride = 3 * width,
  };
  const struct dino_attention attention = {
    .query = block->wide,
    .key = block->wide + width,
    .value = block->wide + 2 * width,
    .stride = 3 * width,
    .tokens = block->tokens,
    .n_heads = (size_t) block->config->n_heads,
    .head_size = (size_t) dino_config_head_size (block->config),
    .output = block->narrow,
    .first = block->cls_attention,
  };
  const struct dino_linear projection = {
    .input = block->narrow,
    .input_stride = width,
    .rows = block->tokens,
    .n_inputs = width,
    .n_outputs = width,
    .weight = weights->proj_weight,
    .bias = weights->proj_bias,
    .output = block->out,
    .output_stride = width,
    .finish = DINO_FINISH_RESIDUAL,
    .residual = block->in,
    .scale = weights->scale1,
  };

  return dino_norm_run (block->in, block->narrow, block->tokens, width, weights->norm1_weight, weights->norm1_bias,
                        block->config->layer_norm_eps, work) &&
         dino_linear_run (&qkv, work) &&
         dino_attention_run (&attention, work) &&
         dino_linear_run (&projection, work);
}

/* out = out + scale2 * mlp (LN2 (out)) */
static bool
run_mlp_branch (const struct dino_block *block, const struct dino_work *work)
{
  const struct dino_block_weights *weights = block->weights;
  const size_t                     width = (size_t) block->config->hidden_size, hidden = (size_t) block->config->mlp_size;
  const struct dino_linear         in = {
            .input = block->narrow,
            .input_stride = width,
            .rows = block->tokens,
            .n_inputs = width,
            .n_outputs = hidden,
            .weight = weights->mlp_in_weight,
            .bias = weights->mlp_in_bias,
            .output = block->wide,
            .output_stride = hidden,
            .finish = block->config->swiglu ? DINO_FINISH_SWIGLU : DINO_FINISH_GELU,
  };
  const struct dino_linear out = {
    .input = block->wide,
    .input_stride = hidden,
    .rows = block->tokens,
    .n_inputs = hidden,
    .n_outputs = width,
    .weight = weights->mlp_out_weight,
    .bias = weights->mlp_out_bias,
    .output = block->out,
    .output_stride = width,
    .finish = DINO_FINISH_RESIDUAL,
    .residual = block->out,
    .scale = weights->scale2,
  };

  return dino_norm_run (block->out, block->narrow, block->tokens, width, weights->norm2_weight, weights->norm2_bias,
                        block->config->layer_norm_eps, work) &&
         dino_linear_run (&in, work) &&
         dino_linear_run (&out, work);
}

bool
dino_block_run (const struct dino_block *block, const struct dino_work *work)
{
  return run_attention_branch (block, work) && run_mlp_branch (block, work);
}
