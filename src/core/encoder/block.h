/* One transformer block. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/encoder/attention.h"
#include "core/encoder/linear.h"
#include "core/model/config.h"
#include "core/model/weights.h"

/* Scratch of the blocks of one model for one number of tokens. */
struct dino_block_scratch
{
  struct dino_attention_shape attention;
  size_t                      stride; /* elements of a row of qkv and of heads */
  size_t                      heads_stride;
  void                       *qkv;    /* [T + padding, stride]: queries, keys and values */
  void                       *heads;  /* [T + padding, heads_stride]: the heads' outputs side by side */
  char                       *packed; /* keys and values, packed */
  bool                        narrow; /* qkv is bfloat16; heads, too, unless 8 bits are made of them */
  bool                        narrow_heads;
};

/* Sizes in bytes. */
struct dino_block_sizes
{
  size_t qkv, heads, packed; /* of the members above */
  size_t thread;             /* of each thread's scratch */
  size_t total;              /* of the first three */
};

/* What blocks with such weights need for so many tokens; false when it cannot be counted. */
bool dino_block_measure (const struct dino_config *config, const struct dino_block_weights *weights, enum dino_isa isa, size_t tokens, struct dino_block_sizes *sizes);

/* Allocates; clear it in either case. Start with zeros. */
bool dino_block_scratch_init (struct dino_block_scratch *scratch, const struct dino_config *config, const struct dino_block_weights *weights, enum dino_isa isa, size_t tokens, struct dino_error *error);
void dino_block_scratch_clear (struct dino_block_scratch *scratch);

struct dino_block
{
  const struct dino_config        *config;
  const struct dino_block_weights *weights;
  struct dino_block_scratch       *scratch;
  size_t                           tokens;
  const float                     *in;            /* [T, D] */
  float                           *out;           /* [T, D], may be in */
  float                           *cls_attention; /* NULL, or [heads, T] */
};

/* False when the progress function said no; out is then unfinished. */
bool dino_block_run (const struct dino_block *block, const struct dino_work *work);

/* Its first half: out = in + scale1 * attention (LayerNorm (in)). */
bool dino_block_attend (const struct dino_block *block, const struct dino_work *work);

/* The queries, keys and values of a block's input, to output [T, output_stride], of groups
 * first_group … as of struct dino_linear. */
bool dino_block_project (const struct dino_block *block, size_t first_group, size_t n_groups, void *output, size_t output_stride, bool narrow, const struct dino_work *work);
