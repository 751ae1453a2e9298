/* The kernels, written once for vectors of any width.
 *
 * Included by one file an instruction set, which defines before
 *   LANES                             floats in a vector
 *   vector                            GCC's vector type of so many floats
 *   v_fma (a, b, c)                   a * b + c
 *   v_max (a, b), v_min (a, b)        b where a or b is NaN
 *   v_load_first (p, n, fill)         the first n < LANES floats at p, then fill
 *   v_store_first (p, n, a)           writes the first n < LANES floats
 * and after it a struct dino_kernels from KERNELS. + - * / are the compiler's.
 *
 * The coefficients are minimax fits made by tools/fit_kernels.py. */
#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/encoder/kernels.h"

/* Partial sums of LANES floats each: enough to hide the latency of an addition. */
#define N_SUMS 4

typedef int32_t vector_int __attribute__ ((vector_size (LANES * sizeof (int32_t))));

static inline vector
v_load (const float *at)
{
  vector a;

  memcpy (&a, at, sizeof a);
  return a;
}

static inline void
v_store (float *at, vector a)
{
  memcpy (at, &a, sizeof a);
}

static inline vector
v_splat (float value)
{
  return (vector){ 0 } + value;
}

static inline vector
v_abs (vector a)
{
  return (vector) ((vector_int) a & INT32_MAX);
}

static inline float
v_sum (vector a)
{
  float lanes[LANES];

  v_store (lanes, a);
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++)
      lanes[i] += lanes[i + half];
  return lanes[0];
}

static inline float
v_highest (vector a)
{
  float lanes[LANES];
  float highest;

  v_store (lanes, a);
  highest = lanes[0];
  for (int i = 1; i < LANES; i++)
    highest = lanes[i] > highest ? lanes[i] : highest;
  return highest;
}

static inline float
sum_of (const vector sums[N_SUMS])
{
  return v_sum ((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

/* e^x to about 1 ulp for |x| <= 87.3, where the result is normal; beyond that
 * as at the limit. x = n ln 2 + r with |r| <= ln 2 / 2, ln 2 in two parts of
 * which the first is exact times any n; e^r = 1 + r + r^2 p(r), p of degree 4,
 * relative error 3.1e-9. */
static inline vector
v_exp (vector x)
{
  /* Adding and taking away 1.5 * 2^23 rounds to the nearest integer. */
  const vector shift = v_splat (12582912.0f);
  vector       n, r, p;
  vector_int   exponent;

  x = v_max (v_splat (-87.33f), x);
  x = v_min (v_splat (87.33f), x);
  n = v_fma (x, v_splat (1.44269504f), shift) - shift;
  r = v_fma (n, v_splat (-0.693359375f), x);
  r = v_fma (n, v_splat (2.12194440e-4f), r);
  p = v_splat (0.00138182985f);
  p = v_fma (p, r, v_splat (0.00836853217f));
  p = v_fma (p, r, v_splat (0.0416682921f));
  p = v_fma (p, r, v_splat (0.166665226f));
  p = v_fma (p, r, v_splat (0.49999994f));
  p = v_fma (p, r * r, r) + 1.0f;
  exponent = (__builtin_convertvector(n, vector_int) + 127) << 23;
  return p * (vector) exponent;
}

/* With a = |x| and Q (a) = erfc (a/sqrt 2) / 2, the normal distribution's tail,
 * gelu (x) = max (x, 0) - a Q (a): the second term is never above 0.17, so its
 * error is small against 1. Q (a) = e^-q(a), q a polynomial of degree 10 on
 * [0, 7], fitted to -ln Q with the weight max (a Q (a), 0.002), weighted error
 * 1.1e-8. Below -7 the result stays at -9e-12. */
static inline vector
v_gelu (vector x)
{
  const vector a = v_min (v_splat (7.0f), v_abs (x));
  vector       q = v_splat (7.3850801e-09f);

  q = v_fma (q, a, v_splat (-2.61355666e-07f));
  q = v_fma (q, a, v_splat (3.88963599e-06f));
  q = v_fma (q, a, v_splat (-3.04627411e-05f));
  q = v_fma (q, a, v_splat (0.000112290407f));
  q = v_fma (q, a, v_splat (0.000180880277f));
  q = v_fma (q, a, v_splat (-0.00505919848f));
  q = v_fma (q, a, v_splat (0.0365422592f));
  q = v_fma (q, a, v_splat (0.318225086f));
  q = v_fma (q, a, v_splat (0.797901094f));
  q = v_fma (q, a, v_splat (0.69314611f));
  return v_fma (-a, v_exp (-q), v_max (v_splat (0.0f), x));
}

static inline vector
v_swiglu (vector gate, vector value)
{
  return gate / (v_exp (-gate) + 1.0f) * value;
}

static inline float
row_mean (const float *row, size_t width)
{
  vector sums[N_SUMS] = { 0 };
  size_t i = 0;

  for (; i + N_SUMS * LANES <= width; i += N_SUMS * LANES)
#pragma GCC unroll 4
    for (int k = 0; k < N_SUMS; k++)
      sums[k] += v_load (row + i + k * LANES);
  for (; i + LANES <= width; i += LANES)
    sums[0] += v_load (row + i);
  if (i < width)
    sums[1] += v_load_first (row + i, width - i, 0.0f);
  return sum_of (sums) / (float) width;
}

static inline float
row_variance (const float *row, size_t width, float mean)
{
  vector sums[N_SUMS] = { 0 };
  size_t i = 0;

  for (; i + N_SUMS * LANES <= width; i += N_SUMS * LANES)
#pragma GCC unroll 4
    for (int k = 0; k < N_SUMS; k++)
      {
        vector d = v_load (row + i + k * LANES) - mean;

        sums[k] = v_fma (d, d, sums[k]);
      }
  for (; i + LANES <= width; i += LANES)
    {
      vector d = v_load (row + i) - mean;

      sums[0] = v_fma (d, d, sums[0]);
    }
  if (i < width)
    {
      vector d = v_load_first (row + i, width - i, mean) - mean;

      sums[1] = v_fma (d, d, sums[1]);
    }
  return sum_of (sums) / (float) width;
}

static void
layer_norm (const float *in,
            size_t       in_stride,
            float       *out,
            size_t       out_stride,
            size_t       rows,
            size_t       width,
            const float *weight,
            const float *bias,
            float        eps)
{
  for (size_t row = 0; row < rows; row++, in += in_stride, out += out_stride)
    {
      const float mean = row_mean (in, width);
      const float factor = 1.0f / sqrtf (row_variance (in, width, mean) + eps);
      size_t      i = 0;

      for (; i + LANES <= width; i += LANES)
        v_store (out + i, v_fma ((v_load (in + i) - mean) * factor, v_load (weight + i), v_load (bias + i)));
      if (i < width)
        {
          const size_t n = width - i;
          const vector d = (v_load_first (in + i, n, mean) - mean) * factor;

          v_store_first (out + i, n, v_fma (d, v_load_first (weight + i, n, 0.0f), v_load_first (bias + i, n, 0.0f)));
        }
    }
}

static inline float
row_highest (const float *row, size_t width)
{
  vector highest[N_SUMS];
  size_t i = 0;

#pragma GCC unroll 4
  for (int k = 0; k < N_SUMS; k++)
    highest[k] = v_splat (row[0]);
  for (; i + N_SUMS * LANES <= width; i += N_SUMS * LANES)
#pragma GCC unroll 4
    for (int k = 0; k < N_SUMS; k++)
      highest[k] = v_max (highest[k], v_load (row + i + k * LANES));
  for (; i + LANES <= width; i += LANES)
    highest[0] = v_max (highest[0], v_load (row + i));
  if (i < width)
    highest[1] = v_max (highest[1], v_load_first (row + i, width - i, row[0]));
  return v_highest (v_max (v_max (highest[0], highest[1]), v_max (highest[2], highest[3])));
}

/* Replaces the row by e^(scale (value - highest)) and returns the sum. */
static inline float
row_exp (float *row, size_t width, float highest, float scale)
{
  vector sums[N_SUMS] = { 0 };
  size_t i = 0;

  for (; i + N_SUMS * LANES <= width; i += N_SUMS * LANES)
#pragma GCC unroll 4
    for (int k = 0; k < N_SUMS; k++)
      {
        vector e = v_exp ((v_load (row + i + k * LANES) - highest) * scale);

        v_store (row + i + k * LANES, e);
        sums[k] += e;
      }
  for (; i + LANES <= width; i += LANES)
    {
      vector e = v_exp ((v_load (row + i) - highest) * scale);

      v_store (row + i, e);
      sums[0] += e;
    }
  if (i < width)
    {
      v_store_first (row + i, width - i, v_exp ((v_load_first (row + i, width - i, highest) - highest) * scale));
      sums[1] += v_load_first (row + i, width - i, 0.0f);
    }
  return sum_of (sums);
}

static void
weigh (float *scores, size_t rows, size_t width, size_t padded, size_t stride, float scale, float *factors)
{
  for (size_t row = 0; row < rows; row++, scores += stride)
    {
      factors[row] = 1.0f / row_exp (scores, width, row_highest (scores, width), scale);
      memset (scores + width, 0, (padded - width) * sizeof *scores);
    }
}

static void
softmax (float *values, size_t rows, size_t width, size_t stride)
{
  for (size_t row = 0; row < rows; row++, values += stride)
    {
      const float factor = 1.0f / row_exp (values, width, row_highest (values, width), 1.0f);
      size_t      i = 0;

      for (; i + LANES <= width; i += LANES)
        v_store (values + i, v_load (values + i) * factor);
      if (i < width)
        v_store_first (values + i, width - i, v_load_first (values + i, width - i, 0.0f) * factor);
    }
}

static void
average (const struct dino_tile *tile, const float *factors)
{
  const float *sums = tile->sums;
  float       *out = tile->out;

  for (size_t row = 0; row < tile->rows; row++, sums += tile->sums_stride, out += tile->out_stride)
    {
      size_t i = 0;

      for (; i + LANES <= tile->width; i += LANES)
        v_store (out + i, v_load (sums + i) * factors[row]);
      if (i < tile->width)
        v_store_first (out + i, tile->width - i, v_load_first (sums + i, tile->width - i, 0.0f) * factors[row]);
    }
}

static inline __attribute__ ((always_inline)) vector
load_n (const float *at, size_t n)
{
  return n == LANES ? v_load (at) : v_load_first (at, n, 0.0f);
}

/* n values of a row from column i on; finish is a constant. */
static inline __attribute__ ((always_inline)) vector
finished (const struct dino_tile *tile, size_t row, size_t i, size_t n, enum dino_finish finish)
{
  const size_t at = row * tile->sums_stride + i;
  const vector x = load_n (tile->sums + at, n) + load_n (tile->bias + i, n);

  switch (finish)
    {
    case DINO_FINISH_GELU:
      return v_gelu (x);
    case DINO_FINISH_SWIGLU:
      return v_swiglu (x, load_n (tile->values + at, n) + load_n (tile->value_bias + i, n));
    case DINO_FINISH_RESIDUAL:
      return v_fma (load_n (tile->scale + i, n), x, load_n (tile->residual + row * tile->out_stride + i, n));
    default:
      return x;
    }
}

static inline __attribute__ ((always_inline)) void
finish_rows (const struct dino_tile *tile, enum dino_finish finish)
{
  for (size_t row = 0; row < tile->rows; row++)
    {
      float *out = (float *) tile->out + row * tile->out_stride;
      size_t i = 0;

      for (; i + LANES <= tile->width; i += LANES)
        v_store (out + i, finished (tile, row, i, LANES, finish));
      if (i < tile->width)
        v_store_first (out + i, tile->width - i, finished (tile, row, i, tile->width - i, finish));
    }
}

static void
finish_none (const struct dino_tile *tile)
{
  finish_rows (tile, DINO_FINISH_NONE);
}

static void
finish_gelu (const struct dino_tile *tile)
{
  finish_rows (tile, DINO_FINISH_GELU);
}

static void
finish_swiglu (const struct dino_tile *tile)
{
  finish_rows (tile, DINO_FINISH_SWIGLU);
}

static void
finish_residual (const struct dino_tile *tile)
{
  finish_rows (tile, DINO_FINISH_RESIDUAL);
}

/* As many bytes as a vector of floats. */
#define DOUBLES (LANES / 2)

typedef double vector_double __attribute__ ((vector_size (DOUBLES * sizeof (double))));

/* Sums of a piece that stay in registers. */
#define PIECE_ROWS 4
#define PIECE_VECTORS 2

static inline void
add_products_piece (const double *a, const double *b, size_t n, size_t stride, double *out, size_t out_stride)
{
  vector_double sums[PIECE_ROWS][PIECE_VECTORS];

#pragma GCC unroll 4
  for (int i = 0; i < PIECE_ROWS; i++)
#pragma GCC unroll 2
    for (int j = 0; j < PIECE_VECTORS; j++)
      memcpy (&sums[i][j], out + (size_t) i * out_stride + j * DOUBLES, sizeof sums[i][j]);
  for (size_t k = 0; k < n; k++, a += stride, b += stride)
    {
      vector_double columns[PIECE_VECTORS];

#pragma GCC unroll 2
      for (int j = 0; j < PIECE_VECTORS; j++)
        memcpy (&columns[j], b + j * DOUBLES, sizeof columns[j]);
#pragma GCC unroll 4
      for (int i = 0; i < PIECE_ROWS; i++)
#pragma GCC unroll 2
        for (int j = 0; j < PIECE_VECTORS; j++)
          sums[i][j] += a[i] * columns[j];
    }
#pragma GCC unroll 4
  for (int i = 0; i < PIECE_ROWS; i++)
#pragma GCC unroll 2
    for (int j = 0; j < PIECE_VECTORS; j++)
      memcpy (out + (size_t) i * out_stride + j * DOUBLES, &sums[i][j], sizeof sums[i][j]);
}

static inline void
add_products_one (const double *a, const double *b, size_t n, size_t stride, double *out)
{
  double sum = *out;

  for (size_t k = 0; k < n; k++)
    sum += a[k * stride] * b[k * stride];
  *out = sum;
}

static void
add_products (const double *a, size_t n_a, const double *b, size_t n_b, size_t n, size_t stride, double *out, size_t out_stride)
{
  const size_t whole_a = n_a - n_a % PIECE_ROWS, whole_b = n_b - n_b % (PIECE_VECTORS * DOUBLES);

  for (size_t i = 0; i < whole_a; i += PIECE_ROWS)
    for (size_t j = 0; j < whole_b; j += PIECE_VECTORS * DOUBLES)
      add_products_piece (a + i, b + j, n, stride, out + i * out_stride + j, out_stride);
  for (size_t i = 0; i < n_a; i++)
    for (size_t j = i < whole_a ? whole_b : 0; j < n_b; j++)
      add_products_one (a + i, b + j, n, stride, out + i * out_stride + j);
}

#define KERNELS_TO_FLOAT                                                                                          \
  .layer_norm = layer_norm, .softmax = softmax, .weigh = weigh, .average = average, .add_products = add_products, \
  .finish = {                                                                                                     \
    [DINO_FINISH_NONE] = finish_none,                                                                             \
    [DINO_FINISH_GELU] = finish_gelu,                                                                             \
    [DINO_FINISH_SWIGLU] = finish_swiglu,                                                                         \
    [DINO_FINISH_RESIDUAL] = finish_residual,                                                                     \
  }
