/* A weight matrix, packed for products: y = x W^T. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/gemm/gemm.h"

/* n_groups matrices [n_outputs, n_inputs] over each other (query, key and
 * value; or gate and value), each beginning with a panel of its own. */
struct dino_matrix
{
  enum dino_format format;
  size_t           n_inputs, n_outputs, n_groups;
  size_t           depth;        /* n_inputs padded */
  size_t           panel;        /* columns of one */
  size_t           n_panels;     /* of a group */
  size_t           panel_stride; /* bytes */

  char *panels; /* [n_groups, n_panels, panel_stride] */
  /* S8 only, [n_groups, n_panels * panel]: what a column's sums are multiplied
   * with, and what an A that is 128 too high has added to them, negated. */
  float   *scales;
  int32_t *corrections;
};

/* Describes a matrix without memory. panel: dino_gemm_panel (). False when the
 * sizes cannot be counted. */
bool dino_matrix_describe (struct dino_matrix *matrix, enum dino_format format, size_t panel, size_t n_inputs, size_t n_outputs, size_t n_groups);

/* Bytes that the matrix takes, a multiple of DINO_ALIGNMENT. */
bool dino_matrix_bytes (const struct dino_matrix *matrix, size_t *bytes);

/* Puts the matrix into memory of that many bytes, aligned; writes nothing. */
void dino_matrix_place (struct dino_matrix *matrix, void *memory);

/* Where there is padding, zeroes everything. Once, before packing. */
void dino_matrix_clear (struct dino_matrix *matrix);

/* Packs rows first … first+count-1 of the stacked matrix [n_groups *
 * n_outputs, n_inputs]. Different rows may be packed by different threads at
 * once. For S8 each row is divided by its largest magnitude / 127 and rounded;
 * values are multiplied by stretch [n_inputs] before, unless that is NULL. */
void dino_matrix_pack (struct dino_matrix *matrix, size_t first, size_t count, const float *rows, const float *stretch);

/* Packs a whole matrix of one group that is in its format already (F32 or
 * BF16), rows [n_outputs, n_inputs] every stride elements; or its transpose,
 * rows [n_inputs, n_outputs]. Padding is left as it is. */
void dino_matrix_pack_format (struct dino_matrix *matrix, const void *rows, size_t stride);
void dino_matrix_pack_transposed (struct dino_matrix *matrix, const void *rows, size_t stride);

/* One weight as it was packed: exact for F32. */
float dino_matrix_value (const struct dino_matrix *matrix, size_t row, size_t column);

/* range [n_inputs] = the largest magnitude among the weights of each input; BF16 only. */
void dino_matrix_input_range (const struct dino_matrix *matrix, float *range);

/* The panels of a group from one on, as an operand of a product over inputs
 * first … first+depth-1; first a multiple of dino_format_depth (). */
struct dino_panels dino_matrix_panels (const struct dino_matrix *matrix, size_t group, size_t panel, size_t count, size_t first);
