/* What a block does besides matrix products, for one instruction set.
 *
 * A row's result depends on the row alone, never on its place in memory, on
 * its neighbours or on the thread: each sum has a fixed number of partial sums
 * that are added in a fixed order. Rows start every stride elements. Nothing
 * is read or written outside [rows, width]. */
#pragma once

#include <stddef.h>

#include "core/encoder/cpu.h"

struct dino_kernels
{
  enum dino_isa isa;

  /* LayerNorm: out = (in - mean) / sqrt (variance + eps) * weight + bias, with
   * the biased variance in a second pass; in and out, [rows, width] without
   * gaps, may be the same. */
  void (*layer_norm) (const float *in, float *out, size_t rows, size_t width, const float *weight, const float *bias, float eps);

  /* Softmax of each row in place. */
  void (*softmax) (float *values, size_t rows, size_t width, size_t stride);

  /* GELU in place, x/2 (1 + erf (x/sqrt 2)); at most 1.1e-7 max (1, |x|) off. */
  void (*gelu) (float *values, size_t rows, size_t width, size_t stride);

  /* gate = gate / (1 + exp (-gate)) * value, in place in gate. */
  void (*swiglu) (float *gate, size_t gate_stride, const float *value, size_t value_stride, size_t rows, size_t width);

  /* out = in + scale * branch, scale a vector [width]; in and out, with one
   * stride, may be the same. */
  void (*residual) (const float *in,
                    float       *out,
                    size_t       stride,
                    const float *branch,
                    size_t       branch_stride,
                    const float *scale,
                    size_t       rows,
                    size_t       width);
};

/* The kernels of isa, which must not be above dino_isa_detect(); where this
 * build has none for isa, the portable ones. */
const struct dino_kernels *dino_kernels_for (enum dino_isa isa);

/* Each is in a library of its own, compiled for that instruction set. */
extern const struct dino_kernels dino_kernels_generic;
extern const struct dino_kernels dino_kernels_avx2;
extern const struct dino_kernels dino_kernels_avx512;
