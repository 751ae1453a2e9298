/* One transformer block. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/encoder/linear.h"
#include "core/model/config.h"
#include "core/model/weights.h"

struct dino_block
{
  const struct dino_config        *config;
  const struct dino_block_weights *weights;
  size_t                           tokens;
  const float                     *in;            /* [T, D] */
  float                           *out;           /* [T, D], may be in */
  float                           *cls_attention; /* NULL, or [heads, T] */
  float                           *narrow;        /* scratch [T, D] */
  float                           *wide;          /* scratch [T, max (3D, F)] */
};

/* Floats in a row of struct dino_block's wide. */
size_t dino_block_wide (const struct dino_config *config);

/* False when the progress function said no; out is then unfinished. */
bool dino_block_run (const struct dino_block *block, const struct dino_work *work);
