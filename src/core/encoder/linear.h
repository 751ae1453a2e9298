/* Linear layers of all tokens, divided among a team. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/progress.h"
#include "core/encoder/kernels.h"
#include "core/encoder/team.h"
#include "core/gemm/matrix.h"

/* What the threads of a loop share: who works, with what, and whom to tell. */
struct dino_work
{
  struct dino_team           *team;
  const struct dino_kernels  *kernels;
  enum dino_isa               isa;     /* of the products */
  char                       *scratch; /* scratch_size bytes for each thread, aligned */
  size_t                      scratch_size;
  const struct dino_progress *progress;
  int                         done, total;
};

/* The rows that a matrix is applied to: floats, perhaps through a LayerNorm
 * first; or, where values is NULL, rows in the matrix's format, padded to its
 * depth and readable for dino_row_padding () rows more than there are. */
struct dino_rows
{
  const float *values;
  size_t       stride;                  /* floats */
  const float *norm_weight, *norm_bias; /* NULL: no LayerNorm */
  float        eps;
  const void  *ready;
  size_t       ready_stride; /* bytes */
};

/* Rows that may be read after the last one. */
size_t dino_row_padding (void);

/* Bytes from row to row of a scratch array of n values: whole cache lines, and
 * never a power of two, which would put a tile's rows into the same few lines
 * of the first cache. */
size_t dino_row_stride (size_t n, enum dino_format format);

/* output = finish (rows matrix^T + bias), for groups first_group …
 * first_group+n_groups-1 of the matrix, side by side in the output. */
struct dino_linear
{
  struct dino_rows          rows;
  size_t                    n_rows;
  const struct dino_matrix *matrix;
  const float              *bias; /* of the matrix's first group */
  size_t                    first_group, n_groups;
  enum dino_finish          finish;        /* SWIGLU: both groups make one output */
  void                     *output;        /* float, or bfloat16 where narrow; never narrow for a residual */
  size_t                    output_stride; /* elements; of residual, too */
  bool                      narrow;
  const float              *residual, *scale;
};

/* Bytes of scratch that a thread needs; SIZE_MAX when they cannot be counted. */
size_t dino_linear_scratch (const struct dino_matrix *matrix, enum dino_isa isa);

/* False when the progress function said no. */
bool dino_linear_run (const struct dino_linear *linear, const struct dino_work *work);

/* LayerNorm of [rows, width]; in and out may be the same. */
bool dino_norm_run (const float *in, float *out, size_t rows, size_t width, const float *weight, const float *bias, float eps, const struct dino_work *work);
