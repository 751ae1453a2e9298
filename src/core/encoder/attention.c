#include "core/encoder/attention.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/encoder/cut.h"

/* A strip of scores should stay in the second-level cache between its product,
 * the softmax and the product with the values; but keys and values are packed
 * anew for each strip, so it must not be too low either. */
#define STRIP_FLOATS ((size_t) 256 << 10)
#define MIN_STRIP_ROWS 32
#define MAX_STRIP_ROWS 256

struct attention_loop
{
  const struct dino_attention *attention;
  const struct dino_work      *work;
  struct dino_cut              strips;
  float                        scale;
};

static struct dino_cut
cut_strips (size_t tokens)
{
  size_t rows = dino_round_up (STRIP_FLOATS / tokens + 1, 4);

  rows = rows < MIN_STRIP_ROWS ? MIN_STRIP_ROWS : rows;
  rows = rows > MAX_STRIP_ROWS ? MAX_STRIP_ROWS : rows;
  return dino_cut (tokens, rows, 4);
}

size_t
dino_attention_scratch (size_t tokens)
{
  return cut_strips (tokens).size * tokens;
}

static void
attention_item (void *data, size_t item, int thread)
{
  const struct attention_loop *loop = data;
  const struct dino_attention *attention = loop->attention;
  const size_t                 head = item / loop->strips.count, strip = item % loop->strips.count;
  const size_t                 row = dino_cut_start (&loop->strips, strip), rows = dino_cut_size (&loop->strips, strip);
  const size_t                 tokens = attention->tokens, size = attention->head_size, column = head * size;
  const size_t                 width = attention->n_heads * size;
  float                       *scores = attention->all != NULL ? attention->all + (head * tokens + row) * tokens
                                                               : loop->work->scratch + (size_t) thread * loop->work->scratch_size;

  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) rows, (int) tokens, (int) size, loop->scale,
               attention->query + row * attention->stride + column, (int) attention->stride, attention->key + column,
               (int) attention->stride, 0.0f, scores, (int) tokens);
  loop->work->kernels->softmax (scores, rows, tokens, tokens);
  if (attention->first != NULL && row == 0)
    memcpy (attention->first + head * tokens, scores, tokens * sizeof *scores);
  if (attention->value != NULL)
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int) rows, (int) size, (int) tokens, 1.0f, scores, (int) tokens,
                 attention->value + column, (int) attention->stride, 0.0f, attention->output + row * width + column, (int) width);
}

bool
dino_attention_run (const struct dino_attention *attention, const struct dino_work *work)
{
  struct attention_loop loop = {
    .attention = attention,
    .work = work,
    .strips = cut_strips (attention->tokens),
    .scale = 1.0f / sqrtf ((float) attention->head_size),
  };

  return dino_team_run (work->team, attention->n_heads * loop.strips.count, attention_item, &loop, work->progress, work->done,
                        work->total);
}
