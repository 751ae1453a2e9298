#include "core/encoder/mlp.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/encoder/cut.h"
#include "core/encoder/operand.h"

/* Units of the hidden layer that are there at a time; a multiple of every
 * piece and depth. Sums over them are added one after another. */
#define HIDDEN ((size_t) 768)

/* Where things lie in a thread's scratch, in bytes. */
struct places
{
  size_t sums, values, hidden, hidden_stride, out, out_stride, end;
};

struct mlp_loop
{
  const struct dino_mlp  *mlp;
  const struct dino_work *work;
  const struct dino_gemm *in, *out;
  struct dino_share       rows;
  struct places           places;
};

static struct places
find_places (const struct dino_matrix *in, const struct dino_matrix *out, const struct dino_gemm *in_gemm, const struct dino_gemm *out_gemm)
{
  const size_t  rows = dino_operand_rows (in_gemm) + dino_row_padding ();
  const size_t  sums = dino_round_up (rows * dino_piece_columns (in) * sizeof (float), DINO_ALIGNMENT);
  const size_t  columns = dino_n_pieces (out) * dino_piece_columns (out);
  struct places places = { .hidden_stride = dino_row_stride (HIDDEN, out_gemm->format), .out_stride = dino_row_stride (columns, DINO_FORMAT_F32) };

  places.sums = dino_operand_scratch (in, in_gemm);
  places.values = places.sums + sums;
  places.hidden = places.values + sums;
  places.out = places.hidden + rows * places.hidden_stride;
  places.end = places.out + rows * places.out_stride;
  return places;
}

size_t
dino_mlp_scratch (const struct dino_block_weights *weights, enum dino_isa isa)
{
  return find_places (&weights->mlp_in, &weights->mlp_out, dino_gemm_for (isa, weights->mlp_in.format), dino_gemm_for (isa, weights->mlp_out.format)).end;
}

/* A piece of the hidden layer, into the part of it that is there. */
static void
hidden_piece (const struct mlp_loop *loop, const struct dino_operand *operand, size_t n_rows, size_t index, size_t first, char *scratch)
{
  const struct dino_block_weights *weights = loop->mlp->weights;
  const struct dino_matrix        *matrix = &weights->mlp_in;
  const struct dino_kernels       *kernels = loop->work->kernels;
  const bool                       narrow = weights->mlp_out.format == DINO_FORMAT_BF16;
  const size_t                     size = dino_format_size (weights->mlp_out.format);
  const struct dino_piece          piece = dino_piece (matrix, 0, index);
  const size_t                     column = piece.panel * matrix->panel;
  struct dino_tile                 tile = {
                    .rows = n_rows,
                    .width = piece.width,
                    .sums = (float *) (void *) (scratch + loop->places.sums),
                    .sums_stride = dino_piece_columns (matrix),
                    .bias = weights->mlp_in_bias + column,
                    .out = scratch + loop->places.hidden + (column - first) * size,
                    .out_stride = loop->places.hidden_stride / size,
  };
  enum dino_finish finish = DINO_FINISH_GELU;

  dino_multiply_piece (operand, n_rows, matrix, &piece, loop->in, kernels, (float *) (void *) (scratch + loop->places.sums));
  if (loop->mlp->config->swiglu)
    {
      const struct dino_piece other = dino_piece (matrix, 1, index);

      finish = DINO_FINISH_SWIGLU;
      dino_multiply_piece (operand, n_rows, matrix, &other, loop->in, kernels, (float *) (void *) (scratch + loop->places.values));
      tile.values = (float *) (void *) (scratch + loop->places.values);
      tile.value_bias = tile.bias + matrix->n_outputs;
    }
  (narrow ? kernels->finish_bf16 : kernels->finish)[finish](&tile);
}

/* out += hidden times the matrix's inputs first … first+n-1. */
static void
add_hidden (const struct mlp_loop *loop, size_t n_rows, size_t first, size_t n, char *scratch)
{
  const struct dino_matrix *matrix = &loop->mlp->weights->mlp_out;
  const size_t              size = dino_format_size (matrix->format), step = dino_format_depth (matrix->format), depth = dino_round_up (n, step);

  for (size_t row = 0; depth > n && row < n_rows; row++)
    memset (scratch + loop->places.hidden + row * loop->places.hidden_stride + n * size, 0, (depth - n) * size);
  loop->out->run (&(struct dino_product){
      .rows = n_rows,
      .depth = depth,
      .a = scratch + loop->places.hidden,
      .a_stride = loop->places.hidden_stride,
      .b = dino_matrix_panels (matrix, 0, 0, matrix->n_panels, first),
      .c = scratch + loop->places.out,
      .c_stride = loop->places.out_stride / sizeof (float),
      .add = first > 0,
  });
}

static void
mlp_item (void *data, size_t item, int thread)
{
  const struct mlp_loop           *loop = data;
  const struct dino_mlp           *mlp = loop->mlp;
  const struct dino_block_weights *weights = mlp->weights;
  const size_t                     width = (size_t) mlp->config->hidden_size, n_hidden = weights->mlp_in.n_outputs;
  const size_t                     row = dino_share_start (&loop->rows, item), n_rows = dino_share_start (&loop->rows, item + 1) - row;
  char                            *scratch = loop->work->scratch + (size_t) thread * loop->work->scratch_size;
  const struct dino_rows           rows = {
              .values = mlp->out,
              .stride = width,
              .norm_weight = weights->norm2_weight,
              .norm_bias = weights->norm2_bias,
              .eps = mlp->config->layer_norm_eps,
  };
  const struct dino_operand operand = dino_operand_prepare (&rows, row, n_rows, &weights->mlp_in, loop->in, loop->work->kernels, scratch);
  const size_t              step = HIDDEN / dino_piece_columns (&weights->mlp_in), chunk = step * dino_piece_columns (&weights->mlp_in);
  float                    *out = mlp->out + row * width;

  for (size_t piece = 0; piece < dino_n_pieces (&weights->mlp_in); piece += step)
    {
      const size_t first = piece * dino_piece_columns (&weights->mlp_in);

      for (size_t i = piece; i < piece + step && i < dino_n_pieces (&weights->mlp_in); i++)
        hidden_piece (loop, &operand, n_rows, i, first, scratch);
      add_hidden (loop, n_rows, first, n_hidden - first < chunk ? n_hidden - first : chunk, scratch);
    }
  loop->work->kernels->finish[DINO_FINISH_RESIDUAL](&(struct dino_tile){
      .rows = n_rows,
      .width = width,
      .sums = (float *) (void *) (scratch + loop->places.out),
      .sums_stride = loop->places.out_stride / sizeof (float),
      .bias = weights->mlp_out_bias,
      .residual = out,
      .scale = weights->scale2,
      .out = out,
      .out_stride = width,
  });
}

bool
dino_mlp_run (const struct dino_mlp *mlp, const struct dino_work *work)
{
  const struct dino_gemm *in = dino_gemm_for (work->isa, mlp->weights->mlp_in.format), *out = dino_gemm_for (work->isa, mlp->weights->mlp_out.format);
  struct mlp_loop         loop = {
            .mlp = mlp,
            .work = work,
            .in = in,
            .out = out,
            .rows = dino_share_rows (mlp->tokens, in, dino_operand_rows (in), dino_team_threads (work->team)),
            .places = find_places (&mlp->weights->mlp_in, &mlp->weights->mlp_out, in, out),
  };

  return dino_team_run (work->team, loop.rows.count, mlp_item, &loop, work->progress, work->done, work->total);
}
