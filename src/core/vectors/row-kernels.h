/* What a search does with the rows of a matrix, for one instruction set.
 *
 * A row's result depends on the row and the query alone. Rows lie back to back
 * and may begin anywhere; nothing is read outside [n_rows, width]. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/encoder/cpu.h"

/* How the numbers of a row are kept. */
enum dino_vector_type
{
  DINO_VECTOR_F32,
  DINO_VECTOR_F16, /* IEEE 754 half precision, uint16_t */
  DINO_VECTOR_I8,  /* int8_t, with a scale for each row */
  DINO_N_VECTOR_TYPES
};

/* out [n_rows] = rows times query [width], in float32, without scales. */
typedef void (*dino_dot_func) (const float *query, const void *rows, size_t n_rows, size_t width, float *out);

/* out [n] = in as floats, times scale. */
typedef void (*dino_widen_func) (const void *in, float *out, size_t n, float scale);

struct dino_row_kernels
{
  enum dino_isa isa;

  dino_dot_func   dot[DINO_N_VECTOR_TYPES];
  dino_widen_func widen[DINO_N_VECTOR_TYPES];

  /* a b, summed in double in sixteen parts: the same bits on every instruction
   * set, since products of floats are exact. */
  double (*dot_exact) (const float *a, const float *b, size_t width);

  /* Whether scores[i] + slack >= limits[i] for any of n. */
  bool (*any_reaches) (const float *scores, const float *limits, size_t n, float slack);
};

/* The kernels of isa, which must not be above dino_isa_detect(). */
const struct dino_row_kernels *dino_row_kernels_for (enum dino_isa isa);

/* Each is in a library of its own, compiled for that instruction set. */
extern const struct dino_row_kernels dino_row_kernels_generic;
extern const struct dino_row_kernels dino_row_kernels_avx2;
extern const struct dino_row_kernels dino_row_kernels_avx512;
