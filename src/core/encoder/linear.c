#include "core/encoder/linear.h"

#include "core/base/memory.h"
#include "core/encoder/cut.h"
#include "core/encoder/operand.h"

/* Rows of a LayerNorm that a thread takes at once. */
#define NORM_ROWS 64

struct linear_loop
{
  const struct dino_linear *linear;
  const struct dino_work   *work;
  const struct dino_gemm   *gemm;
  struct dino_share         rows;
  struct dino_share         pieces;
  size_t                    sums_offset;
};

static size_t
sums_bytes (const struct dino_matrix *matrix, const struct dino_gemm *gemm)
{
  return (dino_operand_rows (gemm) + dino_row_padding ()) * dino_piece_columns (matrix) * sizeof (float);
}

size_t
dino_linear_scratch (const struct dino_matrix *matrix, enum dino_isa isa)
{
  const struct dino_gemm *gemm = dino_gemm_for (isa, matrix->format);

  return dino_operand_scratch (matrix, gemm) + 2 * sums_bytes (matrix, gemm);
}

/* One piece of one group (of both, for SwiGLU) of some rows. */
static void
linear_piece (const struct linear_loop *loop, const struct dino_operand *operand, size_t row, size_t n_rows, size_t index, float *sums)
{
  const struct dino_linear  *linear = loop->linear;
  const struct dino_matrix  *matrix = linear->matrix;
  const struct dino_kernels *kernels = loop->work->kernels;
  const size_t               n_pieces = dino_n_pieces (matrix), group = linear->first_group + index / n_pieces;
  const struct dino_piece    piece = dino_piece (matrix, group, index % n_pieces);
  const size_t               column = piece.panel * matrix->panel, out_column = index / n_pieces * matrix->n_outputs + column;
  const size_t               at = row * linear->output_stride + out_column;
  struct dino_tile           tile = {
              .rows = n_rows,
              .width = piece.width,
              .sums = sums,
              .sums_stride = dino_piece_columns (matrix),
              .bias = linear->bias + group * matrix->n_outputs + column,
              .out = (char *) linear->output + at * (linear->narrow ? sizeof (uint16_t) : sizeof (float)),
              .out_stride = linear->output_stride,
  };

  dino_multiply_piece (operand, n_rows, matrix, &piece, loop->gemm, kernels, sums);
  if (linear->finish == DINO_FINISH_SWIGLU)
    {
      const struct dino_piece other = dino_piece (matrix, group + 1, index % n_pieces);
      float                  *values = sums + sums_bytes (matrix, loop->gemm) / sizeof *sums;

      dino_multiply_piece (operand, n_rows, matrix, &other, loop->gemm, kernels, values);
      tile.values = values;
      tile.value_bias = tile.bias + matrix->n_outputs;
    }
  if (linear->finish == DINO_FINISH_RESIDUAL)
    {
      tile.residual = linear->residual + at;
      tile.scale = linear->scale + out_column;
    }
  (linear->narrow ? kernels->finish_bf16 : kernels->finish)[linear->finish](&tile);
}

static void
linear_item (void *data, size_t item, int thread)
{
  const struct linear_loop *loop = data;
  const size_t              row_item = item % loop->rows.count, piece_item = item / loop->rows.count;
  const size_t              row = dino_share_start (&loop->rows, row_item), end = dino_share_start (&loop->rows, row_item + 1);
  const size_t              last = dino_share_start (&loop->pieces, piece_item + 1);
  char                     *scratch = loop->work->scratch + (size_t) thread * loop->work->scratch_size;
  struct dino_operand       operand = dino_operand_prepare (&loop->linear->rows, row, end - row, loop->linear->matrix, loop->gemm, loop->work->kernels, scratch);

  for (size_t index = dino_share_start (&loop->pieces, piece_item); index < last; index++)
    linear_piece (loop, &operand, row, end - row, index, (float *) (void *) (scratch + loop->sums_offset));
}

bool
dino_linear_run (const struct dino_linear *linear, const struct dino_work *work)
{
  const struct dino_gemm *gemm = dino_gemm_for (work->isa, linear->matrix->format);
  const int               threads = dino_team_threads (work->team);
  const size_t            groups = linear->finish == DINO_FINISH_SWIGLU ? 1 : linear->n_groups;
  struct linear_loop      loop = {
         .linear = linear,
         .work = work,
         .gemm = gemm,
         .rows = dino_share_rows (linear->n_rows, gemm, dino_operand_rows (gemm), threads),
         .sums_offset = dino_operand_scratch (linear->matrix, gemm),
  };

  loop.pieces = dino_share_pieces (groups * dino_n_pieces (linear->matrix), loop.rows.count, threads);
  return dino_team_run (work->team, loop.rows.count * loop.pieces.count, linear_item, &loop, work->progress, work->done, work->total);
}

struct norm_loop
{
  const float               *in;
  float                     *out;
  struct dino_cut            rows;
  size_t                     width;
  const float               *weight, *bias;
  float                      eps;
  const struct dino_kernels *kernels;
};

static void
norm_item (void *data, size_t item, int thread)
{
  const struct norm_loop *loop = data;
  const size_t            first = dino_cut_start (&loop->rows, item) * loop->width;

  loop->kernels->layer_norm (loop->in + first, loop->width, loop->out + first, loop->width, dino_cut_size (&loop->rows, item),
                             loop->width, loop->weight, loop->bias, loop->eps);
}

bool
dino_norm_run (const float *in, float *out, size_t rows, size_t width, const float *weight, const float *bias, float eps, const struct dino_work *work)
{
  struct norm_loop loop = {
    .in = in,
    .out = out,
    .rows = dino_cut (rows, NORM_ROWS, 1),
    .width = width,
    .weight = weight,
    .bias = bias,
    .eps = eps,
    .kernels = work->kernels,
  };

  return dino_team_run (work->team, loop.rows.count, norm_item, &loop, work->progress, work->done, work->total);
}
