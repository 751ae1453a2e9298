/* The kernels, written once for vectors of any width.
 *
 * Included by one file an instruction set, which defines before
 *   LANES                             floats in a vector
 *   vector                            GCC's vector type of so many floats
 *   v_fma (a, b, c)                   a * b + c
 *   v_load_half (p), v_load_byte (p)  LANES numbers of fewer bits, as floats
 * and after it a struct dino_row_kernels from ROW_KERNELS. */
#pragma once

#include "core/vectors/row-kernels.h"

/* Partial sums of LANES floats each: enough to hide the latency of an addition. */
#define SUMS 4

/* Bytes that memory is asked for ahead: the processor's own prefetching stops
 * at the end of each page. */
#define AHEAD 4096

/* Parts of an exact sum, and what a vector takes of them. */
#define PARTS 16
#define DOUBLES (LANES / 2)

typedef int32_t vector_int __attribute__ ((vector_size (LANES * sizeof (int32_t))));
typedef float   half_vector __attribute__ ((vector_size (DOUBLES * sizeof (float))));
typedef double  vector_double __attribute__ ((vector_size (DOUBLES * sizeof (double))));

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

static inline float
v_sum (vector a)
{
  float lanes[LANES];

  v_store (lanes, a);
#pragma GCC unroll 4
  for (int half = LANES / 2; half > 0; half /= 2)
#pragma GCC unroll 8
    for (int i = 0; i < half; i++)
      lanes[i] += lanes[i + half];
  return lanes[0];
}

/* LANES numbers, and one, of a row of any type. */
static inline __attribute__ ((always_inline)) vector
load (enum dino_vector_type type, const void *row, size_t i)
{
  if (type == DINO_VECTOR_F16)
    return v_load_half ((const uint16_t *) row + i);
  if (type == DINO_VECTOR_I8)
    return v_load_byte ((const int8_t *) row + i);
  return v_load ((const float *) row + i);
}

static inline __attribute__ ((always_inline)) float
load_one (enum dino_vector_type type, const void *row, size_t i)
{
  uint16_t halves[LANES] = { 0 };

  if (type == DINO_VECTOR_I8)
    return ((const int8_t *) row)[i];
  if (type == DINO_VECTOR_F32)
    return ((const float *) row)[i];
  halves[0] = ((const uint16_t *) row)[i];
  return v_load_half (halves)[0];
}

static inline __attribute__ ((always_inline)) size_t
row_size (enum dino_vector_type type, size_t width)
{
  return width * (type == DINO_VECTOR_F32 ? sizeof (float) : type == DINO_VECTOR_F16 ? sizeof (uint16_t)
                                                                                     : sizeof (int8_t));
}

/* A row in SUMS partial sums. One row after the other: memory is read in one
 * stream, which is what it does best. */
static inline __attribute__ ((always_inline)) float
dot_row (enum dino_vector_type type, const float *query, const char *row, size_t width)
{
  vector sums[SUMS] = { { 0 } };
  size_t i = 0;
  float  sum;

  for (; i + SUMS * LANES <= width; i += SUMS * LANES)
    {
#pragma GCC unroll 4
      for (size_t j = 0; j < SUMS; j++)
        {
          __builtin_prefetch (row + row_size (type, i + j * LANES) + AHEAD);
          sums[j] = v_fma (v_load (query + i + j * LANES), load (type, row, i + j * LANES), sums[j]);
        }
    }
  for (; i + LANES <= width; i += LANES)
    sums[0] = v_fma (v_load (query + i), load (type, row, i), sums[0]);
  sum = v_sum ((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; i < width; i++)
    sum += query[i] * load_one (type, row, i);
  return sum;
}

static inline __attribute__ ((always_inline)) void
dot (enum dino_vector_type type, const float *query, const void *rows, size_t n_rows, size_t width, float *out)
{
  const size_t size = row_size (type, width);

  for (size_t row = 0; row < n_rows; row++)
    out[row] = dot_row (type, query, (const char *) rows + row * size, width);
}

static inline __attribute__ ((always_inline)) void
widen (enum dino_vector_type type, const void *in, float *out, size_t n, float scale)
{
  size_t i = 0;

  for (; i + LANES <= n; i += LANES)
    v_store (out + i, load (type, in, i) * scale);
  for (; i < n; i++)
    out[i] = load_one (type, in, i) * scale;
}

static void
dot_f32 (const float *query, const void *rows, size_t n_rows, size_t width, float *out)
{
  dot (DINO_VECTOR_F32, query, rows, n_rows, width, out);
}

static void
dot_f16 (const float *query, const void *rows, size_t n_rows, size_t width, float *out)
{
  dot (DINO_VECTOR_F16, query, rows, n_rows, width, out);
}

static void
dot_i8 (const float *query, const void *rows, size_t n_rows, size_t width, float *out)
{
  dot (DINO_VECTOR_I8, query, rows, n_rows, width, out);
}

static void
widen_f32 (const void *in, float *out, size_t n, float scale)
{
  widen (DINO_VECTOR_F32, in, out, n, scale);
}

static void
widen_f16 (const void *in, float *out, size_t n, float scale)
{
  widen (DINO_VECTOR_F16, in, out, n, scale);
}

static void
widen_i8 (const void *in, float *out, size_t n, float scale)
{
  widen (DINO_VECTOR_I8, in, out, n, scale);
}

static inline vector_double
load_doubles (const float *at)
{
  half_vector a;

  memcpy (&a, at, sizeof a);
  return __builtin_convertvector(a, vector_double);
}

static double
dot_exact (const float *a, const float *b, size_t width)
{
  vector_double sums[PARTS / DOUBLES] = { 0 };
  double        parts[PARTS];
  size_t        i = 0;

  for (; i + PARTS <= width; i += PARTS)
    for (size_t j = 0; j < PARTS / DOUBLES; j++)
      sums[j] += load_doubles (a + i + j * DOUBLES) * load_doubles (b + i + j * DOUBLES);
  memcpy (parts, sums, sizeof parts);
  for (size_t j = 0; i + j < width; j++)
    parts[j] += (double) a[i + j] * (double) b[i + j];
  for (int half = PARTS / 2; half > 0; half /= 2)
    for (int j = 0; j < half; j++)
      parts[j] += parts[j + half];
  return parts[0];
}

static bool
any_reaches (const float *scores, const float *limits, size_t n, float slack)
{
  vector_int reached = { 0 };
  bool       any = false;
  size_t     i = 0;

  for (; i + LANES <= n; i += LANES)
    reached |= v_load (scores + i) + slack >= v_load (limits + i);
  for (int lane = 0; lane < LANES; lane++)
    any |= reached[lane] != 0;
  for (; i < n; i++)
    any |= scores[i] + slack >= limits[i];
  return any;
}

#define ROW_KERNELS                            \
  .dot = { dot_f32, dot_f16, dot_i8 },         \
  .widen = { widen_f32, widen_f16, widen_i8 }, \
  .dot_exact = dot_exact,                      \
  .any_reaches = any_reaches
