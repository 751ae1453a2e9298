/* What a block does besides matrix products, for one instruction set.
 *
 * A row's result depends on the row alone, never on its place in memory, on
 * its neighbours or on the thread: each sum has a fixed number of partial sums
 * that are added in a fixed order. Rows start every stride elements. Nothing
 * is read or written outside [rows, width]. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/encoder/cpu.h"

/* What follows a product while it is still in the cache. */
enum dino_finish
{
  DINO_FINISH_NONE,     /* out = sums + bias */
  DINO_FINISH_GELU,     /* out = gelu (sums + bias), x/2 (1 + erf (x/sqrt 2)) */
  DINO_FINISH_SWIGLU,   /* out = g / (1 + exp (-g)) (values + value_bias), g = sums + bias */
  DINO_FINISH_RESIDUAL, /* out = residual + scale (sums + bias) */
  DINO_N_FINISHES
};

/* A piece of a product, [rows, width], and where it goes. */
struct dino_tile
{
  size_t       rows, width;
  const float *sums;
  size_t       sums_stride; /* of values, too */
  const float *bias;        /* [width] */
  const float *values, *value_bias;
  const float *residual, *scale; /* residual may be out, [scale] width */
  void        *out;              /* float or bfloat16 */
  size_t       out_stride;       /* elements; of residual, too */
};

typedef void (*dino_finish_func) (const struct dino_tile *tile);

struct dino_kernels
{
  enum dino_isa isa;

  /* LayerNorm: out = (in - mean) / sqrt (variance + eps) * weight + bias, with
   * the biased variance in a second pass; in and out, [rows, width] with rows
   * every in_stride and out_stride, may be the same. */
  void (*layer_norm) (const float *in,
                      size_t       in_stride,
                      float       *out,
                      size_t       out_stride,
                      size_t       rows,
                      size_t       width,
                      const float *weight,
                      const float *bias,
                      float        eps);

  /* Softmax of each row in place. */
  void (*softmax) (float *values, size_t rows, size_t width, size_t stride);

  /* The attention of some queries, first half: each row in place becomes
   * e^(scale (value - highest)), zeros from width to padded, factors [rows] 1
   * divided by the sum of each row. */
  void (*weigh) (float *scores, size_t rows, size_t width, size_t padded, size_t stride, float scale, float *factors);

  /* Second half: out = sums * factor of the row. */
  void (*average) (const struct dino_tile *tile, const float *factors);

  /* To float. GELU at most 1.1e-7 max (1, |x|) off. */
  dino_finish_func finish[DINO_N_FINISHES];

  /* out [n_a, n_b] += a^T b, a [n, n_a] and b [n, n_b] with rows every stride
   * doubles: each element one sum over the rows in their order, the same bits
   * on every instruction set. */
  void (*add_products) (const double *a, size_t n_a, const double *b, size_t n_b, size_t n, size_t stride, double *out, size_t out_stride);

  /* What follows is there from DINO_ISA_AVX512_BF16 on, else NULL. */

  /* The same with bfloat16 results: the rows of weigh() begin where the scores
   * began, every 2 * stride. Exponential to 2^-12 of
   * the result, GELU to 2^-12 of the largest of 1 and |x|. */
  void (*weigh_bf16) (float *scores, size_t rows, size_t width, size_t padded, size_t stride, float scale, float *factors);
  void (*average_bf16) (const struct dino_tile *tile, const float *factors);
  dino_finish_func finish_bf16[DINO_N_FINISHES]; /* none for the residual */

  /* To the nearest bfloat16, ties to even. */
  void (*narrow) (const float *in, uint16_t *out, size_t n);

  /* out = in / scale rounded to -127 … 127, plus 128 where offset; returns
   * scale, the largest magnitude / 127. */
  float (*quantize) (const float *in, int8_t *out, size_t n, bool offset);

  /* In place: sums, int32_t, become floats: (sum + corrections) row_scales column_scales;
   * corrections may be NULL. */
  void (*scale_sums) (void *sums, size_t rows, size_t width, size_t stride, const float *row_scales, const float *column_scales, const int32_t *corrections);
};

/* The kernels of isa, which must not be above dino_isa_detect(); where this
 * build has none for isa, the portable ones. */
const struct dino_kernels *dino_kernels_for (enum dino_isa isa);

/* Each is in a library of its own, compiled for that instruction set. */
extern const struct dino_kernels dino_kernels_generic;
extern const struct dino_kernels dino_kernels_avx2;
extern const struct dino_kernels dino_kernels_avx512;
extern const struct dino_kernels dino_kernels_avx512_bf16;
