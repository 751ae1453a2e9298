#include "core/encoder/operand.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/encoder/cut.h"

#define TARGET_ROWS ((size_t) 112)
#define TARGET_ROWS_TILES ((size_t) 160)
#define BLAS_ROWS ((size_t) 96)

/* Of the widest tile. */
#define MAX_TILE_ROWS ((size_t) 32)

size_t
dino_row_padding (void)
{
  return MAX_TILE_ROWS;
}

size_t
dino_row_stride (size_t n, enum dino_format format)
{
  const size_t lines = dino_round_up (n * dino_format_size (format), DINO_ALIGNMENT) / DINO_ALIGNMENT;

  return (lines | 1) * DINO_ALIGNMENT;
}

size_t
dino_operand_rows (const struct dino_gemm *gemm)
{
  if (gemm->rows == 1)
    return BLAS_ROWS;
  return gemm->rows == MAX_TILE_ROWS ? TARGET_ROWS_TILES : TARGET_ROWS / gemm->rows * gemm->rows;
}

/* Rows, then a row of floats, then the rows' scales. */
static size_t
scales_offset (const struct dino_matrix *matrix, size_t rows)
{
  return rows * dino_row_stride (matrix->depth, matrix->format) + dino_row_stride (matrix->n_inputs, DINO_FORMAT_F32);
}

size_t
dino_operand_scratch (const struct dino_matrix *matrix, const struct dino_gemm *gemm)
{
  const size_t rows = dino_operand_rows (gemm) + dino_row_padding ();

  return dino_round_up (scales_offset (matrix, rows) + rows * sizeof (float), DINO_ALIGNMENT);
}

/* One row of floats, normalised into place where that is asked for. */
static const float *
float_row (const struct dino_rows *rows, size_t row, size_t n, const struct dino_kernels *kernels, float *place)
{
  const float *values = rows->values + row * rows->stride;

  if (rows->norm_weight == NULL)
    return values;
  kernels->layer_norm (values, n, place, n, 1, n, rows->norm_weight, rows->norm_bias, rows->eps);
  return place;
}

struct dino_operand
dino_operand_prepare (const struct dino_rows *rows, size_t first, size_t n, const struct dino_matrix *matrix, const struct dino_gemm *gemm, const struct dino_kernels *kernels, char *scratch)
{
  const size_t stride = dino_row_stride (matrix->depth, matrix->format), n_inputs = matrix->n_inputs;
  const size_t capacity = dino_operand_rows (gemm) + dino_row_padding ();
  float       *place = (float *) (void *) (scratch + capacity * stride);
  float       *scales = (float *) (void *) (scratch + scales_offset (matrix, capacity));

  if (rows->values == NULL)
    return (struct dino_operand){ .data = (const char *) rows->ready + first * rows->ready_stride, .stride = rows->ready_stride };
  for (size_t i = 0; i < n; i++)
    {
      const float *row = float_row (rows, first + i, n_inputs, kernels, place);
      char        *out = scratch + i * stride;
      const size_t bytes = n_inputs * dino_format_size (matrix->format);

      switch (matrix->format)
        {
        case DINO_FORMAT_F32:
          memcpy (out, row, bytes);
          break;
        case DINO_FORMAT_BF16:
          kernels->narrow (row, (uint16_t *) (void *) out, n_inputs);
          break;
        default:
          scales[i] = kernels->quantize (row, (int8_t *) out, n_inputs, gemm->a_offset);
          break;
        }
      memset (out + bytes, 0, stride - bytes);
    }
  return (struct dino_operand){ .data = scratch, .stride = stride, .scales = scales };
}

/* Two panels where a tile has two. */
static size_t
panels_at_once (const struct dino_matrix *matrix)
{
  return matrix->panel == DINO_PANEL ? 2 : 1;
}

size_t
dino_n_pieces (const struct dino_matrix *matrix)
{
  return (matrix->n_panels + panels_at_once (matrix) - 1) / panels_at_once (matrix);
}

size_t
dino_piece_columns (const struct dino_matrix *matrix)
{
  return panels_at_once (matrix) * matrix->panel;
}

struct dino_piece
dino_piece (const struct dino_matrix *matrix, size_t group, size_t index)
{
  const size_t step = panels_at_once (matrix), first = index * step, left = matrix->n_panels - first;
  const size_t count = left < step ? left : step, columns = matrix->n_outputs - first * matrix->panel;

  return (struct dino_piece){
    .group = group,
    .panel = first,
    .count = count,
    .width = columns < count * matrix->panel ? columns : count * matrix->panel,
  };
}

void
dino_multiply_piece (const struct dino_operand *operand, size_t n, const struct dino_matrix *matrix, const struct dino_piece *piece, const struct dino_gemm *gemm, const struct dino_kernels *kernels, float *sums)
{
  const size_t stride = dino_piece_columns (matrix);
  const size_t column = (piece->group * matrix->n_panels + piece->panel) * matrix->panel;

  gemm->run (&(struct dino_product){
      .rows = n,
      .depth = matrix->depth,
      .a = operand->data,
      .a_stride = operand->stride,
      .b = dino_matrix_panels (matrix, piece->group, piece->panel, piece->count, 0),
      .c = sums,
      .c_stride = stride,
  });
  if (matrix->format == DINO_FORMAT_S8)
    kernels->scale_sums (sums, n, piece->width, stride, operand->scales, matrix->scales + column, gemm->a_offset ? matrix->corrections + column : NULL);
}
