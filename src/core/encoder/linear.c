#include "core/encoder/linear.h"

#include <cblas.h>
#include <string.h>

#include "core/encoder/cut.h"

/* OpenBLAS packs both operands anew for each product, so tiles must be large
 * to be fast, and there must be enough of them for the threads. */
#define TILE_ROWS 344
#define WIDE_TILE 384
#define NARROW_TILE 192
#define ENOUGH_TILES 16

/* Rows of a LayerNorm that a thread takes at once. */
#define NORM_ROWS 64

struct linear_loop
{
  const struct dino_linear *linear;
  const struct dino_work   *work;
  struct dino_cut           rows, columns;
};

void
dino_product_add (size_t       rows,
                  size_t       n_outputs,
                  size_t       n_inputs,
                  const float *input,
                  size_t       input_stride,
                  const float *weight,
                  float       *output,
                  size_t       output_stride)
{
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) rows, (int) n_outputs, (int) n_inputs, 1.0f, input,
               (int) input_stride, weight, (int) n_inputs, 1.0f, output, (int) output_stride);
}

/* The bias is there before the product is added to it, which costs nothing:
 * BLAS would clear the tile instead. */
static void
product_tile (const struct dino_linear *linear, size_t row, size_t rows, size_t column, size_t columns, float *output, size_t stride)
{
  for (size_t i = 0; i < rows; i++)
    memcpy (output + i * stride, linear->bias + column, columns * sizeof *output);
  dino_product_add (rows, columns, linear->n_inputs, linear->input + row * linear->input_stride, linear->input_stride,
                    linear->weight + column * linear->n_inputs, output, stride);
}

static void
linear_item (void *data, size_t item, int thread)
{
  const struct linear_loop  *loop = data;
  const struct dino_linear  *linear = loop->linear;
  const struct dino_kernels *kernels = loop->work->kernels;
  /* Neighbouring items share their weights, which several threads then read from the shared cache. */
  const size_t row_piece = item % loop->rows.count, column_piece = item / loop->rows.count;
  const size_t row = dino_cut_start (&loop->rows, row_piece), rows = dino_cut_size (&loop->rows, row_piece);
  const size_t column = dino_cut_start (&loop->columns, column_piece), columns = dino_cut_size (&loop->columns, column_piece);
  const size_t stride = linear->output_stride;
  float       *output = linear->output + row * stride + column;
  float       *scratch = loop->work->scratch + (size_t) thread * loop->work->scratch_size;

  switch (linear->finish)
    {
    case DINO_FINISH_NONE:
      product_tile (linear, row, rows, column, columns, output, stride);
      break;
    case DINO_FINISH_GELU:
      product_tile (linear, row, rows, column, columns, output, stride);
      kernels->gelu (output, rows, columns, stride);
      break;
    case DINO_FINISH_SWIGLU:
      product_tile (linear, row, rows, column, columns, output, stride);
      product_tile (linear, row, rows, linear->n_outputs + column, columns, scratch, columns);
      kernels->swiglu (output, stride, scratch, columns, rows, columns);
      break;
    case DINO_FINISH_RESIDUAL:
      product_tile (linear, row, rows, column, columns, scratch, columns);
      kernels->residual (linear->residual + row * stride + column, output, stride, scratch, columns, linear->scale + column,
                         rows, columns);
      break;
    }
}

size_t
dino_linear_scratch (size_t rows)
{
  return dino_cut (rows, TILE_ROWS, 4).size * WIDE_TILE;
}

bool
dino_linear_run (const struct dino_linear *linear, const struct dino_work *work)
{
  struct linear_loop loop = {
    .linear = linear,
    .work = work,
    .rows = dino_cut (linear->rows, TILE_ROWS, 4),
    .columns = dino_cut (linear->n_outputs, WIDE_TILE, 16),
  };

  if (loop.rows.count * loop.columns.count < ENOUGH_TILES)
    loop.columns = dino_cut (linear->n_outputs, NARROW_TILE, 16);
  return dino_team_run (work->team, loop.rows.count * loop.columns.count, linear_item, &loop, work->progress, work->done, work->total);
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

  loop->kernels->layer_norm (loop->in + first, loop->out + first, dino_cut_size (&loop->rows, item), loop->width, loop->weight,
                             loop->bias, loop->eps);
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
