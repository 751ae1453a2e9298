/* Linear layers and LayerNorm of all tokens, divided among a team. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/progress.h"
#include "core/encoder/kernels.h"
#include "core/encoder/team.h"

/* What the threads of a loop share: who works, with what, and whom to tell. */
struct dino_work
{
  struct dino_team           *team;
  const struct dino_kernels  *kernels;
  float                      *scratch; /* scratch_size floats for each thread */
  size_t                      scratch_size;
  const struct dino_progress *progress;
  int                         done, total;
};

/* What follows the product while it is still in the cache. */
enum dino_finish
{
  DINO_FINISH_NONE,
  DINO_FINISH_GELU,
  DINO_FINISH_SWIGLU,  /* weight and bias have 2 n_outputs rows: gates, then values */
  DINO_FINISH_RESIDUAL /* output = residual + scale * product */
};

/* output = finish (input weight^T + bias) for rows rows; input [rows,
 * n_inputs], weight [n_outputs, n_inputs], bias [n_outputs]. Strides in floats. */
struct dino_linear
{
  const float     *input;
  size_t           input_stride;
  size_t           rows, n_inputs, n_outputs;
  const float     *weight, *bias;
  float           *output;
  size_t           output_stride; /* of residual, too */
  enum dino_finish finish;
  const float     *residual, *scale;
};

/* Floats of scratch that a thread needs for any layer with that many rows. */
size_t dino_linear_scratch (size_t rows);

/* False when the progress function said no. */
bool dino_linear_run (const struct dino_linear *linear, const struct dino_work *work);

/* LayerNorm of [rows, width]; in and out may be the same. */
bool dino_norm_run (const float *in, float *out, size_t rows, size_t width, const float *weight, const float *bias, float eps, const struct dino_work *work);

/* One tile on the calling thread: output = output + input weight^T, weight
 * [n_outputs, n_inputs]. */
void dino_product_add (size_t       rows,
                       size_t       n_outputs,
                       size_t       n_inputs,
                       const float *input,
                       size_t       input_stride,
                       const float *weight,
                       float       *output,
                       size_t       output_stride);
