#include "core/vectors/search-items.h"

/* Rows that are scanned at once: a word of a filter. */
#define STRIP ((size_t) 64)

/* Below so many chosen rows of a strip each is taken alone. */
#define SPARSE 32

/* Most rows of a product. They and their sums stay in the second cache. */
#define TARGET_ROWS ((size_t) 112)

size_t
dino_search_block_rows (const struct dino_gemm *gemm)
{
  return TARGET_ROWS / gemm->rows * gemm->rows;
}

size_t
dino_search_block_stride (size_t width)
{
  const size_t line = 16;

  /* An odd number of cache lines, so that rows do not share the places of a cache. */
  return ((width + line - 1) / line | 1) * line;
}

size_t
dino_search_block_columns (const struct dino_matrix *matrix)
{
  return matrix->n_panels * matrix->panel;
}

static const char *
row_at (const struct dino_vectors *vectors, size_t row)
{
  static const size_t sizes[DINO_N_VECTOR_TYPES] = { sizeof (float), sizeof (uint16_t), sizeof (int8_t) };

  return (const char *) vectors->rows + row * vectors->width * sizes[vectors->type];
}

static uint64_t
chosen_of (const struct dino_search *search, size_t strip)
{
  return search->chosen != NULL ? search->chosen[strip] : UINT64_MAX;
}

/* How far a float32 sum of a row may be from the exact one. */
static float
slack_of (const struct dino_search_loop *loop, size_t row)
{
  const struct dino_vectors *vectors = loop->search->vectors;

  return loop->slack + (vectors->type == DINO_VECTOR_I8 ? vectors->errors[row] : 0.0f);
}

static bool
is_left_out (const struct dino_search_loop *loop, size_t query, size_t row)
{
  const struct dino_search_without *without = loop->without != NULL ? &loop->without[query] : NULL;

  return without != NULL && (without->row == row || (without->group != UINT32_MAX && loop->search->groups[row] == without->group));
}

static float
exact_cosine (const struct dino_search_loop *loop, const struct dino_search_thread *thread, size_t query, size_t row)
{
  const struct dino_vectors *vectors = loop->search->vectors;
  const size_t               width = vectors->width;
  const float               *values = (const float *) (const void *) row_at (vectors, row);
  double                     cosine;

  if (vectors->type == DINO_VECTOR_I8)
    values = vectors->exact + row * width;
  else if (vectors->type == DINO_VECTOR_F16)
    {
      loop->kernels->widen[DINO_VECTOR_F16](values, thread->row, width, 1.0f);
      values = thread->row;
    }
  cosine = loop->kernels->dot_exact (loop->queries + query * width, values, width);
  return (float) (cosine > 1 ? 1 : cosine < -1 ? -1
                                               : cosine);
}

/* A row that could be among the nearest of a query. */
static void
look_at (const struct dino_search_loop *loop, const struct dino_search_thread *thread, size_t query, size_t row)
{
  struct dino_top_list *list = &thread->lists[query];

  if (is_left_out (loop, query, row))
    return;
  dino_top_list_add (list, (struct dino_hit){ .row = row, .cosine = exact_cosine (loop, thread, query, row) });
  thread->limits[query] = dino_top_list_limit (list);
}

/* n rows back to back for one query, of which chosen (the lowest bit first) count. */
static void
scan_rows (const struct dino_search_loop *loop, const struct dino_search_thread *thread, size_t query, size_t first, size_t n, uint64_t chosen)
{
  const struct dino_vectors *vectors = loop->search->vectors;
  float                      sums[STRIP];

  loop->kernels->dot[vectors->type](loop->queries + query * vectors->width, row_at (vectors, first), n, vectors->width, sums);
  for (size_t i = 0; i < n; i++)
    {
      const float sum = vectors->type == DINO_VECTOR_I8 ? sums[i] * vectors->scales[first + i] : sums[i];

      if (sum + slack_of (loop, first + i) >= thread->limits[query] && (chosen >> i & 1) != 0)
        look_at (loop, thread, query, first + i);
    }
}

static void
scan_strip (const struct dino_search_loop *loop, const struct dino_search_thread *thread, size_t query, size_t first, size_t n, uint64_t chosen)
{
  if (__builtin_popcountll (chosen) >= SPARSE)
    {
      scan_rows (loop, thread, query, first, n, chosen);
      return;
    }
  for (size_t i = 0; i < n; i++)
    if ((chosen >> i & 1) != 0)
      scan_rows (loop, thread, query, first + i, 1, 1);
}

void
dino_search_scan (void *data, size_t item, int thread)
{
  const struct dino_search_loop *loop = data;
  const size_t                   first = item * DINO_SEARCH_ITEM_ROWS, count = loop->search->vectors->count;
  const size_t                   end = count - first < DINO_SEARCH_ITEM_ROWS ? count : first + DINO_SEARCH_ITEM_ROWS;

  for (size_t row = first; row < end; row += STRIP)
    for (size_t query = 0; query < loop->n_queries; query++)
      scan_strip (loop, &loop->threads[thread], query, row, end - row < STRIP ? end - row : STRIP, chosen_of (loop->search, row / STRIP));
}

/* The rows of the block times all queries, and what comes of it. */
static void
multiply_block (const struct dino_search_loop *loop, const struct dino_search_thread *thread, size_t n)
{
  const size_t              stride = dino_search_block_stride (loop->search->vectors->width), columns = dino_search_block_columns (&loop->matrix);
  const struct dino_product product = {
    .rows = n,
    .depth = loop->matrix.depth,
    .a = thread->block,
    .a_stride = stride * sizeof (float),
    .b = dino_matrix_panels (&loop->matrix, 0, 0, loop->matrix.n_panels, 0),
    .c = thread->sums,
    .c_stride = columns,
  };

  loop->gemm->run (&product);
  for (size_t i = 0; i < n; i++)
    {
      const float *sums = thread->sums + i * columns;
      const float  slack = slack_of (loop, thread->places[i]);

      if (!loop->kernels->any_reaches (sums, thread->limits, loop->n_queries, slack))
        continue;
      for (size_t query = 0; query < loop->n_queries; query++)
        if (sums[query] + slack >= thread->limits[query])
          look_at (loop, thread, query, thread->places[i]);
    }
}

void
dino_search_multiply (void *data, size_t item, int thread)
{
  const struct dino_search_loop   *loop = data;
  const struct dino_search_thread *own = &loop->threads[thread];
  const struct dino_vectors       *vectors = loop->search->vectors;
  const size_t                     first = item * DINO_SEARCH_ITEM_ROWS, capacity = dino_search_block_rows (loop->gemm);
  const size_t                     end = vectors->count - first < DINO_SEARCH_ITEM_ROWS ? vectors->count : first + DINO_SEARCH_ITEM_ROWS;
  const size_t                     stride = dino_search_block_stride (vectors->width);
  size_t                           n = 0;

  for (size_t row = first; row < end; row++)
    {
      if ((chosen_of (loop->search, row / STRIP) >> row % STRIP & 1) == 0)
        continue;
      loop->kernels->widen[vectors->type](row_at (vectors, row), own->block + n * stride, vectors->width, vectors->type == DINO_VECTOR_I8 ? vectors->scales[row] : 1.0f);
      own->places[n++] = row;
      if (n == capacity)
        {
          multiply_block (loop, own, n);
          n = 0;
        }
    }
  if (n > 0)
    multiply_block (loop, own, n);
}
