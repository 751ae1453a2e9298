/* The weights as the encoder wants them: float32, row-major, 64-byte aligned,
 * linear layers [out, in] so that y = x W^T + b. */
#pragma once

struct dino_block_weights
{
  const float *norm1_weight, *norm1_bias; /* [D] */
  const float *qkv_weight;                /* [3D, D]: query rows, then key, then value */
  const float *qkv_bias;                  /* [3D]; zeros when the model has none */
  const float *proj_weight, *proj_bias;   /* [D, D], [D]: attention output */
  const float *scale1;                    /* [D]: LayerScale of the attention branch */
  const float *norm2_weight, *norm2_bias; /* [D] */
  const float *mlp_in_weight;             /* [F, D], or [2F, D] for SwiGLU (gate half first) */
  const float *mlp_in_bias;               /* [F] or [2F] */
  const float *mlp_out_weight;            /* [D, F] */
  const float *mlp_out_bias;              /* [D] */
  const float *scale2;                    /* [D]: LayerScale of the MLP branch */
};

struct dino_weights
{
  const float                     *cls_token;    /* [D] */
  const float                     *registers;    /* [R, D], NULL without registers */
  const float                     *position;     /* [1 + side*side, D], row 0 for CLS */
  const float                     *patch_weight; /* [D, 3*patch*patch], columns in order (channel, y, x) */
  const float                     *patch_bias;   /* [D] */
  const struct dino_block_weights *blocks;       /* [L] */
  const float                     *norm_weight;  /* [D]: final LayerNorm */
  const float                     *norm_bias;    /* [D] */
};
