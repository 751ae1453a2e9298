#include "core/encoder/attention.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/encoder/cut.h"

/* A strip of scores should stay in the second-level cache between its product,
 * the softmax and the product with the values. */
#define STRIP_ROWS ((size_t) 32)

struct attention_loop
{
  const struct dino_attention *attention;
  const struct dino_work      *work;
  const struct dino_gemm      *gemm;
  struct dino_cut              strips;
  size_t                       first_strip, n_strips;     /* those that are needed */
  size_t                       score_stride, sums_stride; /* floats */
  float                        scale;
};

bool
dino_attention_shape (struct dino_attention_shape *shape, enum dino_format format, enum dino_isa isa, size_t tokens, size_t n_heads, size_t head_size)
{
  size_t keys, values;

  *shape = (struct dino_attention_shape){ .format = format, .tokens = tokens, .n_heads = n_heads, .head_size = head_size };
  if (!dino_matrix_describe (&shape->keys, format, dino_gemm_panel (isa, tokens), head_size, tokens, 1) ||
      !dino_matrix_describe (&shape->values, format, dino_gemm_panel (isa, head_size), tokens, head_size, 1) ||
      !dino_matrix_bytes (&shape->keys, &keys) || !dino_matrix_bytes (&shape->values, &values))
    return false;
  return dino_add (keys, values, &shape->head_bytes);
}

/* Floats from a row of scores to the next. */
static size_t
score_stride (const struct dino_attention_shape *shape)
{
  const size_t columns = shape->keys.n_panels * shape->keys.panel, depth = shape->values.depth;

  return dino_row_stride (columns > depth ? columns : depth, DINO_FORMAT_F32) / sizeof (float);
}

static size_t
sums_stride (const struct dino_attention_shape *shape)
{
  return shape->values.n_panels * shape->values.panel;
}

/* Whole tiles; for BLAS, too, the cut depends on nothing but the kernel. */
static size_t
strip_rows (const struct dino_gemm *gemm)
{
  return gemm->rows > STRIP_ROWS / 2 ? gemm->rows : STRIP_ROWS / gemm->rows * gemm->rows;
}

/* Scores, sums, factors. */
size_t
dino_attention_scratch (const struct dino_attention_shape *shape, enum dino_isa isa)
{
  const size_t rows = strip_rows (dino_gemm_for (isa, shape->format));

  return dino_round_up (rows * (score_stride (shape) + sums_stride (shape) + 1) * sizeof (float), DINO_ALIGNMENT);
}

/* Head's packed keys, or values. */
static struct dino_matrix
packed_matrix (const struct dino_attention *attention, size_t head, bool values)
{
  const struct dino_attention_shape *shape = attention->shape;
  struct dino_matrix                 matrix = values ? shape->values : shape->keys;
  char                              *memory = attention->packed + head * shape->head_bytes;
  size_t                             keys;

  dino_matrix_bytes (&shape->keys, &keys);
  dino_matrix_place (&matrix, memory + (values ? keys : 0));
  return matrix;
}

static void
pack_item (void *data, size_t item, int thread)
{
  const struct attention_loop       *loop = data;
  const struct dino_attention       *attention = loop->attention;
  const struct dino_attention_shape *shape = attention->shape;
  const size_t                       head = item % shape->n_heads, size = dino_format_size (shape->format);
  const bool                         values = item >= shape->n_heads;
  struct dino_matrix                 matrix = packed_matrix (attention, head, values);
  const char                        *rows = (const char *) (values ? attention->value : attention->key) + head * shape->head_size * size;

  if (values)
    dino_matrix_pack_transposed (&matrix, rows, attention->stride);
  else
    dino_matrix_pack_format (&matrix, rows, attention->stride);
}

/* softmax (scale * scores) of each row, elsewhere. */
static void
copy_probabilities (const struct attention_loop *loop, const float *scores, size_t rows, float *out)
{
  const size_t tokens = loop->attention->shape->tokens;

  for (size_t row = 0; row < rows; row++, scores += loop->score_stride, out += tokens)
    for (size_t i = 0; i < tokens; i++)
      out[i] = scores[i] * loop->scale;
  loop->work->kernels->softmax (out - rows * tokens, rows, tokens, tokens);
}

/* The probabilities of one key, by every query; the scores are used up. */
static void
copy_column (const struct attention_loop *loop, float *scores, size_t rows, float *factors, float *out)
{
  const size_t tokens = loop->attention->shape->tokens;

  loop->work->kernels->weigh (scores, rows, tokens, tokens, loop->score_stride, loop->scale, factors);
  for (size_t row = 0; row < rows; row++)
    out[row] = scores[row * loop->score_stride + loop->attention->column] * factors[row];
}

static void
multiply_values (const struct attention_loop *loop, size_t head, size_t row, size_t rows, float *scores, float *sums, const float *factors)
{
  const struct dino_attention       *attention = loop->attention;
  const struct dino_attention_shape *shape = attention->shape;
  const struct dino_matrix           values = packed_matrix (attention, head, true);
  const size_t                       at = row * attention->output_stride + head * shape->head_size;

  loop->gemm->run (&(struct dino_product){
      .rows = rows,
      .depth = values.depth,
      .a = scores,
      .a_stride = loop->score_stride * sizeof (float),
      .b = dino_matrix_panels (&values, 0, 0, values.n_panels, 0),
      .c = sums,
      .c_stride = loop->sums_stride,
  });
  (attention->narrow ? loop->work->kernels->average_bf16 : loop->work->kernels->average) (
      &(struct dino_tile){
          .rows = rows,
          .width = shape->head_size,
          .sums = sums,
          .sums_stride = loop->sums_stride,
          .out = (char *) attention->output + at * (attention->narrow ? sizeof (uint16_t) : sizeof (float)),
          .out_stride = attention->output_stride,
      },
      factors);
}

static void
compute_scores (const struct attention_loop *loop, size_t head, size_t row, size_t rows, float *scores)
{
  const struct dino_attention       *attention = loop->attention;
  const struct dino_attention_shape *shape = attention->shape;
  const struct dino_matrix           keys = packed_matrix (attention, head, false);
  const size_t                       size = dino_format_size (shape->format);

  loop->gemm->run (&(struct dino_product){
      .rows = rows,
      .depth = keys.depth,
      .a = (const char *) attention->query + (row * attention->stride + head * shape->head_size) * size,
      .a_stride = attention->stride * size,
      .b = dino_matrix_panels (&keys, 0, 0, keys.n_panels, 0),
      .c = scores,
      .c_stride = loop->score_stride,
  });
}

static void
attention_item (void *data, size_t item, int thread)
{
  const struct attention_loop       *loop = data;
  const struct dino_attention       *attention = loop->attention;
  const struct dino_attention_shape *shape = attention->shape;
  const struct dino_kernels         *kernels = loop->work->kernels;
  const size_t                       head = item / loop->n_strips, strip = loop->first_strip + item % loop->n_strips;
  const size_t                       row = dino_cut_start (&loop->strips, strip), rows = dino_cut_size (&loop->strips, strip);
  const size_t                       capacity = strip_rows (loop->gemm);
  float                             *scores = (float *) (void *) (loop->work->scratch + (size_t) thread * loop->work->scratch_size);
  float                             *sums = scores + capacity * loop->score_stride, *factors = sums + capacity * loop->sums_stride;

  compute_scores (loop, head, row, rows, scores);
  if (attention->all != NULL)
    copy_probabilities (loop, scores, rows, attention->all + (head * shape->tokens + row) * shape->tokens);
  if (attention->of_row != NULL && attention->row - row < rows)
    copy_probabilities (loop, scores + (attention->row - row) * loop->score_stride, 1, attention->of_row + head * shape->tokens);
  if (attention->of_column != NULL)
    copy_column (loop, scores, rows, factors, attention->of_column + head * shape->tokens + row);
  if (attention->value == NULL)
    return;
  (shape->format == DINO_FORMAT_F32 ? kernels->weigh : kernels->weigh_bf16) (scores, rows, shape->tokens, shape->values.depth,
                                                                             loop->score_stride, loop->scale, factors);
  multiply_values (loop, head, row, rows, scores, sums, factors);
}

/* One strip of queries, head after head. */
static void
visit_item (void *data, size_t item, int thread)
{
  const struct attention_loop *loop = data;
  const struct dino_attention *attention = loop->attention;
  const size_t                 row = dino_cut_start (&loop->strips, item), rows = dino_cut_size (&loop->strips, item);
  const size_t                 wanted = attention->n_visited - row < rows ? attention->n_visited - row : rows;
  float                       *scores = (float *) (void *) (loop->work->scratch + (size_t) thread * loop->work->scratch_size);

  for (size_t head = 0; head < attention->shape->n_heads; head++)
    {
      compute_scores (loop, head, row, rows, scores);
      copy_probabilities (loop, scores, wanted, scores);
      attention->visit (attention->visit_data, head, row, wanted, scores);
    }
}

bool
dino_attention_run (const struct dino_attention *attention, const struct dino_work *work)
{
  const struct dino_attention_shape *shape = attention->shape;
  const struct dino_gemm            *gemm = dino_gemm_for (work->isa, shape->format);
  struct attention_loop              loop = {
                 .attention = attention,
                 .work = work,
                 .gemm = gemm,
                 .strips = { .length = shape->tokens, .size = strip_rows (gemm) },
                 .score_stride = score_stride (shape),
                 .sums_stride = sums_stride (shape),
                 .scale = 1.0f / sqrtf ((float) shape->head_size),
  };

  loop.n_strips = loop.strips.count = (shape->tokens + loop.strips.size - 1) / loop.strips.size;
  if (attention->visit != NULL)
    loop.n_strips = (attention->n_visited + loop.strips.size - 1) / loop.strips.size;
  else if (attention->value == NULL && attention->all == NULL && attention->of_column == NULL)
    {
      loop.first_strip = attention->row / loop.strips.size;
      loop.n_strips = 1;
    }
  return dino_team_run (work->team, (attention->value != NULL ? 2 : 1) * shape->n_heads, pack_item, &loop, work->progress, work->done, work->total) &&
         (attention->visit != NULL
              ? dino_team_run (work->team, loop.n_strips, visit_item, &loop, work->progress, work->done, work->total)
              : dino_team_run (work->team, shape->n_heads * loop.n_strips, attention_item, &loop, work->progress, work->done, work->total));
}
