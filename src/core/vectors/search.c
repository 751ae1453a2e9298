#include "core/vectors/search.h"

#include <float.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/cut.h"
#include "core/vectors/search-items.h"

/* Rows that a kernel may read and write beyond a block. */
#define TILE_PADDING ((size_t) 32)

/* A batch, and all that its loop needs, in a few pieces of memory. */
struct batch
{
  struct dino_search_loop    loop;
  int                        n_threads;
  struct dino_search_thread *threads;
  struct dino_top_list      *lists;  /* [threads, queries] */
  struct dino_hit           *hits;   /* [threads, queries, k] */
  float                     *floats; /* limits, rows, blocks and sums of all threads */
  size_t                    *places; /* [threads, rows of a block] */
  float                     *packed; /* the queries */
};

static void
batch_clear (struct batch *batch)
{
  dino_free (batch->threads);
  dino_free (batch->lists);
  dino_free (batch->hits);
  dino_free (batch->floats);
  dino_free (batch->places);
  dino_free (batch->packed);
}

/* A sum of n products in float32, in any order, is at most so far from the
 * exact one for vectors of length 1 (Higham, Accuracy and Stability of
 * Numerical Algorithms, 3.1); with room for the vectors' own rounding, for the
 * scale of a row and for the addition that compares. */
static float
slack (size_t width)
{
  return (float) (width + 16) * (FLT_EPSILON / 2) * 1.01f;
}

/* Floats in front of the next cache line. */
static size_t
whole_lines (size_t n)
{
  return dino_round_up (n, DINO_ALIGNMENT / sizeof (float));
}

/* Packs the queries where there are enough for a product. */
static bool
pack_queries (struct batch *batch, struct dino_error *error)
{
  struct dino_search_loop *loop = &batch->loop;
  const size_t             width = loop->search->vectors->width;
  size_t                   bytes = 0;

  if (loop->n_queries < DINO_SEARCH_PRODUCT_QUERIES)
    return true;
  loop->gemm = dino_gemm_for (loop->search->isa, DINO_FORMAT_F32);
  if (!dino_matrix_describe (&loop->matrix, DINO_FORMAT_F32, dino_gemm_panel (loop->search->isa, loop->n_queries), width, loop->n_queries, 1) ||
      !dino_matrix_bytes (&loop->matrix, &bytes))
    return dino_error_set_memory (error, SIZE_MAX);
  batch->packed = dino_alloc (bytes, 1, error);
  if (batch->packed == NULL)
    return false;
  dino_matrix_place (&loop->matrix, batch->packed);
  dino_matrix_clear (&loop->matrix);
  dino_matrix_pack (&loop->matrix, 0, loop->n_queries, loop->queries, NULL);
  return true;
}

/* Floats of the parts of a thread's memory. */
struct parts
{
  size_t limits, row, block, sums;
};

static struct parts
parts_of (const struct dino_search_loop *loop)
{
  const size_t width = loop->search->vectors->width;
  struct parts parts = { .limits = whole_lines (loop->n_queries), .row = whole_lines (width) };

  if (loop->gemm != NULL)
    {
      const size_t rows = dino_search_block_rows (loop->gemm) + TILE_PADDING;

      parts.block = rows * dino_search_block_stride (width);
      parts.sums = whole_lines (rows * dino_search_block_columns (&loop->matrix));
    }
  return parts;
}

static bool
allocate (struct batch *batch, struct dino_error *error)
{
  const struct dino_search_loop *loop = &batch->loop;
  const size_t                   n_threads = (size_t) batch->n_threads, n_lists = n_threads * loop->n_queries;
  const struct parts             parts = parts_of (loop);
  size_t                         n_hits;

  if (!dino_multiply (n_lists, loop->search->k, &n_hits))
    return dino_error_set_memory (error, SIZE_MAX);
  batch->threads = dino_alloc_zeroed (n_threads, sizeof *batch->threads, error);
  batch->lists = dino_alloc_zeroed (n_lists, sizeof *batch->lists, error);
  batch->hits = dino_alloc (n_hits, sizeof *batch->hits, error);
  batch->floats = dino_alloc_zeroed (n_threads, (parts.limits + parts.row + parts.block + parts.sums) * sizeof (float), error);
  if (loop->gemm != NULL)
    batch->places = dino_alloc (n_threads * dino_search_block_rows (loop->gemm), sizeof *batch->places, error);
  return batch->threads != NULL && batch->lists != NULL && batch->hits != NULL && batch->floats != NULL && (loop->gemm == NULL || batch->places != NULL);
}

static void
place (struct batch *batch)
{
  struct dino_search_loop *loop = &batch->loop;
  const struct parts       parts = parts_of (loop);
  float                   *floats = batch->floats;

  for (int i = 0; i < batch->n_threads; i++)
    {
      struct dino_search_thread *thread = &batch->threads[i];

      thread->lists = batch->lists + (size_t) i * loop->n_queries;
      thread->limits = floats;
      thread->row = thread->limits + parts.limits;
      thread->block = thread->row + parts.row;
      thread->sums = thread->block + parts.block;
      floats = thread->sums + parts.sums;
      if (loop->gemm != NULL)
        thread->places = batch->places + (size_t) i * dino_search_block_rows (loop->gemm);
      for (size_t query = 0; query < loop->n_queries; query++)
        {
          thread->lists[query] = (struct dino_top_list){ .hits = batch->hits + ((size_t) i * loop->n_queries + query) * loop->search->k, .capacity = loop->search->k };
          thread->limits[query] = dino_top_list_limit (&thread->lists[query]);
        }
    }
  loop->threads = batch->threads;
}

/* The best of all threads' lists. */
static void
gather (const struct batch *batch, size_t query, struct dino_hit *hits, size_t *count)
{
  struct dino_top_list best = { .hits = hits, .capacity = batch->loop.search->k };

  for (int i = 0; i < batch->n_threads; i++)
    {
      const struct dino_top_list *list = &batch->threads[i].lists[query];

      for (size_t j = 0; j < list->count; j++)
        dino_top_list_add (&best, list->hits[j]);
    }
  dino_hits_sort (hits, best.count);
  *count = best.count;
}

static bool
run_batch (struct batch *batch, struct dino_team *team, struct dino_hit *hits, size_t *counts, const struct dino_progress *progress, int done, int total, struct dino_error *error)
{
  const size_t count = batch->loop.search->vectors->count;

  if (!pack_queries (batch, error) || !allocate (batch, error))
    return false;
  place (batch);
  if (!dino_team_run (team, (count + DINO_SEARCH_ITEM_ROWS - 1) / DINO_SEARCH_ITEM_ROWS, batch->loop.gemm != NULL ? dino_search_multiply : dino_search_scan,
                      &batch->loop, progress, done, total))
    return dino_error_set (error, DINO_CODE_CANCELLED, _ ("The search was cancelled."));
  for (size_t query = 0; query < batch->loop.n_queries; query++)
    gather (batch, query, hits + query * batch->loop.search->k, &counts[query]);
  return true;
}

bool
dino_search_run (const struct dino_search *search, struct dino_team *team, struct dino_hit *hits, size_t *counts, const struct dino_progress *progress, struct dino_error *error)
{
  const size_t n_batches = (search->n_queries + DINO_SEARCH_BATCH - 1) / DINO_SEARCH_BATCH;

  for (size_t i = 0; i < n_batches; i++)
    {
      const size_t first = i * DINO_SEARCH_BATCH, rest = search->n_queries - first;
      struct batch batch = {
        .n_threads = dino_team_threads (team),
        .loop = {
            .search = search,
            .kernels = dino_row_kernels_for (search->isa),
            .n_queries = rest < DINO_SEARCH_BATCH ? rest : DINO_SEARCH_BATCH,
            .queries = search->queries + first * search->vectors->width,
            .without = search->without != NULL ? search->without + first : NULL,
            .slack = slack (search->vectors->width),
        },
      };
      const bool complete = run_batch (&batch, team, hits + first * search->k, counts + first, progress, (int) i, (int) n_batches, error);

      batch_clear (&batch);
      if (!complete)
        return false;
    }
  return true;
}
