/* The second branch of a block: out = out + scale * mlp (LayerNorm (out)). */
#pragma once

#include "core/encoder/linear.h"
#include "core/model/config.h"
#include "core/model/weights.h"

struct dino_mlp
{
  const struct dino_config        *config;
  const struct dino_block_weights *weights;
  size_t                           tokens;
  float                           *out; /* [T, D] */
};

/* Bytes of scratch that a thread needs. */
size_t dino_mlp_scratch (const struct dino_block_weights *weights, enum dino_isa isa);

/* Some tokens at a time, from LayerNorm to residual, so that the hidden layer
 * never leaves the cache. False when the progress function said no. */
bool dino_mlp_run (const struct dino_mlp *mlp, const struct dino_work *work);
