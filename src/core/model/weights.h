/* The weights as the encoder wants them. Vectors are float32, 64-byte aligned;
 * matrices are packed for products y = x W^T + b. */
#pragma once

#include "core/gemm/matrix.h"

struct dino_block_weights
{
  const float       *norm1_weight, *norm1_bias; /* [D] */
  struct dino_matrix qkv;                       /* 3 [D, D]: query, key, value */
  const float       *qkv_bias;                  /* [3D]; zeros when the model has none */
  struct dino_matrix proj;                      /* [D, D]: attention output */
  const float       *proj_bias;                 /* [D] */
  const float       *scale1;                    /* [D]: LayerScale of the attention branch */
  const float       *norm2_weight, *norm2_bias; /* [D] */
  struct dino_matrix mlp_in;                    /* [F, D], or 2 [F, D] for SwiGLU: gate, value */
  const float       *mlp_in_bias;               /* [F] or [2F] */
  struct dino_matrix mlp_out;                   /* [D, F] */
  const float       *mlp_out_bias;              /* [D] */
  const float       *scale2;                    /* [D]: LayerScale of the MLP branch */
};

struct dino_weights
{
  const float                     *cls_token;   /* [D] */
  const float                     *registers;   /* [R, D], NULL without registers */
  const float                     *position;    /* [1 + side*side, D], row 0 for CLS */
  struct dino_matrix               patch;       /* [D, 3*patch*patch], columns in order (channel, y, x) */
  const float                     *patch_bias;  /* [D] */
  const struct dino_block_weights *blocks;      /* [L] */
  const float                     *norm_weight; /* [D]: final LayerNorm */
  const float                     *norm_bias;   /* [D] */
};
