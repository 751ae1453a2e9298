/* The left side of a product, made ready by the thread that needs it. */
#pragma once

#include "core/encoder/linear.h"

struct dino_operand
{
  const void  *data;
  size_t       stride; /* bytes */
  const float *scales; /* S8: of each row */
};

/* Rows that a thread multiplies at once, so that they and what becomes of them
 * stay in the second cache while the matrix passes by. */
size_t dino_operand_rows (const struct dino_gemm *gemm);

/* Bytes of scratch for these. */
size_t dino_operand_scratch (const struct dino_matrix *matrix, const struct dino_gemm *gemm);

/* Rows first … first+n-1 for a product with matrix; scratch as above. */
struct dino_operand dino_operand_prepare (const struct dino_rows *rows, size_t first, size_t n, const struct dino_matrix *matrix, const struct dino_gemm *gemm, const struct dino_kernels *kernels, char *scratch);

/* A piece of a product: one or two panels of a group, from panel on. Columns
 * of the padding are not counted in width. */
struct dino_piece
{
  size_t group, panel, count, width;
};

/* Pieces of a group. */
size_t dino_n_pieces (const struct dino_matrix *matrix);

struct dino_piece dino_piece (const struct dino_matrix *matrix, size_t group, size_t index);

/* Columns of the widest piece, padding included. */
size_t dino_piece_columns (const struct dino_matrix *matrix);

/* sums [n rounded up to the kernel's rows, dino_piece_columns ()] = operand times the piece, as floats. */
void dino_multiply_piece (const struct dino_operand *operand, size_t n, const struct dino_matrix *matrix, const struct dino_piece *piece, const struct dino_gemm *gemm, const struct dino_kernels *kernels, float *sums);
