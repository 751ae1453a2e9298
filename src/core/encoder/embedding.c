#include "core/encoder/embedding.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/encoder/cut.h"
#include "core/encoder/operand.h"
#include "core/encoder/position.h"

bool
dino_embedding_constant (const struct dino_config  *config,
                         const struct dino_weights *weights,
                         int                        rows,
                         int                        columns,
                         float                     *constant,
                         struct dino_error         *error)
{
  const size_t width = (size_t) config->hidden_size, n_patches = (size_t) rows * (size_t) columns;
  const size_t n_registers = (size_t) config->n_registers;
  float       *patches = constant + (1 + n_registers) * width;

  if (!dino_position_resize (weights->position + width, dino_config_table_side (config), patches, rows, columns,
                             config->hidden_size, config->antialias_position, error))
    return false;
  for (size_t i = 0; i < width; i++)
    constant[i] = weights->cls_token[i] + weights->position[i];
  /* Registers have no position. */
  if (n_registers > 0)
    memcpy (constant + width, weights->registers, n_registers * width * sizeof *constant);
  for (size_t patch = 0; patch < n_patches; patch++)
    for (size_t i = 0; i < width; i++)
      patches[patch * width + i] += weights->patch_bias[i];
  return true;
}

/* Patches as rows, then what becomes of them, then sums; in bytes. */
struct places
{
  size_t rows, operand, sums, end;
};

static struct places
find_places (const struct dino_matrix *matrix, const struct dino_gemm *gemm)
{
  struct places places;

  places.rows = 0;
  places.operand = dino_operand_rows (gemm) * dino_row_stride (matrix->n_inputs, DINO_FORMAT_F32);
  places.sums = places.operand + dino_operand_scratch (matrix, gemm);
  places.end = places.sums + dino_round_up ((dino_operand_rows (gemm) + dino_row_padding ()) * dino_piece_columns (matrix) * sizeof (float), DINO_ALIGNMENT);
  return places;
}

size_t
dino_embedding_scratch (const struct dino_weights *weights, enum dino_isa isa)
{
  return find_places (&weights->patch, dino_gemm_for (isa, weights->patch.format)).end;
}

struct embedding_loop
{
  const struct dino_embedding *embedding;
  const struct dino_work      *work;
  const struct dino_gemm      *gemm;
  const float                 *pixel_values;
  float                       *out; /* of the first patch */
  struct dino_share            patches;
  struct places                places;
};

/* One patch as a row in the order (channel, y, x) of the convolution's weights. */
static void
gather_patch (const struct embedding_loop *loop, size_t patch, float *values)
{
  const struct dino_embedding *embedding = loop->embedding;
  const size_t                 size = (size_t) embedding->config->patch_size;
  const size_t                 width = (size_t) embedding->columns * size, height = (size_t) embedding->rows * size;
  const size_t                 top = patch / (size_t) embedding->columns * size, left = patch % (size_t) embedding->columns * size;

  for (size_t channel = 0; channel < (size_t) embedding->config->n_channels; channel++)
    for (size_t y = 0; y < size; y++, values += size)
      memcpy (values, loop->pixel_values + (channel * height + top + y) * width + left, size * sizeof *values);
}

/* out already has what does not depend on the picture: the product is added. */
static void
add_product (float *out, size_t stride, const float *sums, size_t sums_stride, size_t rows, size_t width)
{
  for (size_t row = 0; row < rows; row++)
    for (size_t i = 0; i < width; i++)
      out[row * stride + i] += sums[row * sums_stride + i];
}

static void
embedding_item (void *data, size_t item, int thread)
{
  const struct embedding_loop *loop = data;
  const struct dino_matrix    *matrix = &loop->embedding->weights->patch;
  const size_t                 width = (size_t) loop->embedding->config->hidden_size, stride = dino_row_stride (matrix->n_inputs, DINO_FORMAT_F32) / sizeof (float);
  const size_t                 first = dino_share_start (&loop->patches, item), n = dino_share_start (&loop->patches, item + 1) - first;
  char                        *scratch = loop->work->scratch + (size_t) thread * loop->work->scratch_size;
  float                       *gathered = (float *) (void *) scratch, *sums = (float *) (void *) (scratch + loop->places.sums);
  const struct dino_rows       rows = { .values = gathered, .stride = stride };
  struct dino_operand          operand;

  for (size_t i = 0; i < n; i++)
    gather_patch (loop, first + i, gathered + i * stride);
  operand = dino_operand_prepare (&rows, 0, n, matrix, loop->gemm, loop->work->kernels, scratch + loop->places.operand);
  for (size_t index = 0; index < dino_n_pieces (matrix); index++)
    {
      const struct dino_piece piece = dino_piece (matrix, 0, index);

      dino_multiply_piece (&operand, n, matrix, &piece, loop->gemm, loop->work->kernels, sums);
      add_product (loop->out + first * width + piece.panel * matrix->panel, width, sums, dino_piece_columns (matrix), n, piece.width);
    }
}

bool
dino_embedding_run (const struct dino_embedding *embedding, const float *pixel_values, float *out, const struct dino_work *work)
{
  const size_t            width = (size_t) embedding->config->hidden_size;
  const size_t            n_patches = (size_t) embedding->rows * (size_t) embedding->columns;
  const size_t            before = 1 + (size_t) embedding->config->n_registers;
  const struct dino_gemm *gemm = dino_gemm_for (work->isa, embedding->weights->patch.format);
  struct embedding_loop   loop = {
      .embedding = embedding,
      .work = work,
      .gemm = gemm,
      .pixel_values = pixel_values,
      .out = out + before * width,
      .patches = dino_share_rows (n_patches, gemm, dino_operand_rows (gemm), dino_team_threads (work->team)),
      .places = find_places (&embedding->weights->patch, gemm),
  };

  memcpy (out, embedding->constant, (before + n_patches) * width * sizeof *out);
  return dino_team_run (work->team, loop.patches.count, embedding_item, &loop, work->progress, work->done, work->total);
}
