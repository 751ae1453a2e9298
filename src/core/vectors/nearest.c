#include "core/vectors/nearest.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/loop.h"
#include "core/vectors/products.h"

/* Points that a thread looks at at once. */
#define POINTS ((size_t) 64)

struct candidate
{
  double   square;
  uint32_t row;
};

struct search
{
  const struct dino_points *points;
  struct dino_nearest      *found;
  float                    *mean, *squares; /* [width], [n] from the mean */
  struct candidate         *heaps;          /* [n, k], the worst first */
  uint32_t                 *sizes;          /* [n] */
  float                    *rows;           /* [threads, 2, width] */
};

static bool
is_worse (const struct candidate *one, const struct candidate *other)
{
  return one->square > other->square || (one->square == other->square && one->row > other->row);
}

static void
sink (struct candidate *heap, size_t size, struct candidate candidate)
{
  size_t place = 0, child;

  while ((child = 2 * place + 1) < size)
    {
      if (child + 1 < size && is_worse (&heap[child + 1], &heap[child]))
        child++;
      if (!is_worse (&heap[child], &candidate))
        break;
      heap[place] = heap[child];
      place = child;
    }
  heap[place] = candidate;
}

static void
rise (struct candidate *heap, size_t place, struct candidate candidate)
{
  while (place > 0 && is_worse (&candidate, &heap[(place - 1) / 2]))
    {
      heap[place] = heap[(place - 1) / 2];
      place = (place - 1) / 2;
    }
  heap[place] = candidate;
}

static void
take (struct search *search, size_t point, struct candidate candidate)
{
  const size_t      k = search->found->k;
  struct candidate *heap = search->heaps + point * k;

  if (search->sizes[point] < k)
    rise (heap, search->sizes[point]++, candidate);
  else if (is_worse (&heap[0], &candidate))
    sink (heap, k, candidate);
}

static void
take_tile (void *data, const struct dino_product_tile *tile, int thread)
{
  struct search *search = data;

  (void) thread;
  for (size_t i = 0; i < tile->n_rows; i++)
    {
      const size_t point = tile->row + i;
      const float *products = tile->values + i * tile->stride;

      for (size_t j = 0; j < tile->n_columns; j++)
        {
          const size_t           other = tile->column + j;
          const struct candidate candidate = { (double) (search->squares[point] + search->squares[other] - 2 * products[j]), (uint32_t) other };

          if (other != point)
            take (search, point, candidate);
        }
    }
}

static int
compare (const void *one, const void *other)
{
  return is_worse (one, other) ? 1 : -1;
}

/* The distances that were kept, without what cancels in products, in order. */
static void
finish_item (void *data, size_t item, int thread)
{
  struct search *search = data;
  const size_t   k = search->found->k, width = search->points->width;
  const size_t   first = item * POINTS, end = first + POINTS < search->found->n ? first + POINTS : search->found->n;
  float         *buffers = search->rows + 2 * (size_t) thread * width;

  for (size_t i = first; i < end; i++)
    {
      struct candidate *heap = search->heaps + i * k;
      const float      *own = dino_points_row (search->points, i, buffers);

      for (size_t j = 0; j < k; j++)
        heap[j].square = dino_squared_distance (own, dino_points_row (search->points, heap[j].row, buffers + width), width);
      qsort (heap, k, sizeof *heap, compare);
      for (size_t j = 0; j < k; j++)
        {
          search->found->rows[i * k + j] = heap[j].row;
          search->found->squares[i * k + j] = heap[j].square;
        }
    }
}

static struct dino_nearest *
nearest_alloc (size_t n, size_t k, struct dino_error *error)
{
  struct dino_nearest *nearest = dino_alloc_zeroed (1, sizeof *nearest, error);

  if (nearest == NULL)
    return NULL;
  nearest->n = n;
  nearest->k = k;
  nearest->rows = dino_alloc (n, k * sizeof *nearest->rows, error);
  nearest->squares = dino_alloc (n, k * sizeof *nearest->squares, error);
  if (nearest->rows != NULL && nearest->squares != NULL)
    return nearest;
  dino_nearest_free (nearest);
  return NULL;
}

void
dino_nearest_free (struct dino_nearest *nearest)
{
  if (nearest == NULL)
    return;
  dino_free (nearest->rows);
  dino_free (nearest->squares);
  dino_free (nearest);
}

static bool
search_init (struct search *search, struct dino_team *team, struct dino_error *error)
{
  const size_t n = search->points->n, width = search->points->width;

  search->mean = dino_alloc (width, sizeof *search->mean, error);
  search->squares = dino_alloc (n, sizeof *search->squares, error);
  search->heaps = dino_alloc (n, search->found->k * sizeof *search->heaps, error);
  search->sizes = dino_alloc_zeroed (n, sizeof *search->sizes, error);
  search->rows = dino_alloc (2 * dino_loop_threads (team), width * sizeof *search->rows, error);
  if (search->mean == NULL || search->squares == NULL || search->heaps == NULL || search->sizes == NULL || search->rows == NULL)
    return false;
  dino_points_mean (search->points, search->mean);
  return dino_squared_lengths (search->points, search->mean, search->squares, error);
}

static bool
run (struct search *search, struct dino_team *team, const struct dino_progress *progress, struct dino_error *error)
{
  const struct dino_operand_rows rows = { .points = *search->points, .mean = search->mean };

  if (!dino_products_visit (&rows, &rows, false, team, progress, take_tile, search, error))
    return false;
  dino_loop_run (team, (search->points->n + POINTS - 1) / POINTS, finish_item, search);
  return true;
}

struct dino_nearest *
dino_nearest_new (const struct dino_points *points, size_t k, struct dino_team *team, const struct dino_progress *progress, struct dino_error *error)
{
  struct search search = { .points = points };
  bool          done;

  if (k < 1 || k >= points->n || points->n > UINT32_MAX)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Of %zu vectors none has %zu neighbours."), points->n, k);
      return NULL;
    }
  search.found = nearest_alloc (points->n, k, error);
  done = search.found != NULL && search_init (&search, team, error) && run (&search, team, progress, error);
  dino_free (search.mean);
  dino_free (search.squares);
  dino_free (search.heaps);
  dino_free (search.sizes);
  dino_free (search.rows);
  if (done)
    return search.found;
  dino_nearest_free (search.found);
  return NULL;
}
