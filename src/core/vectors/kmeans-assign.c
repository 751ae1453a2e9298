#include <math.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/cut.h"
#include "core/encoder/loop.h"
#include "core/vectors/kmeans-private.h"
#include "core/vectors/products.h"

/* Vectors that a thread looks at at once, and between two questions whether to go on. */
#define VECTORS 64
#define SLAB ((size_t) 1 << 14)

struct slab
{
  struct start *start;
  size_t        first, n;
};

/* Every vector to its nearest centre, the first of several. */
static void
nearest_item (void *data, size_t item, int thread)
{
  const struct slab    *slab = data;
  struct start         *start = slab->start;
  const size_t          width = start->points.width;
  const struct dino_cut cut = dino_cut (slab->n, VECTORS, 1);
  const size_t          first = slab->first + dino_cut_start (&cut, item), end = first + dino_cut_size (&cut, item);

  for (size_t i = first; i < end; i++)
    {
      const float *vector = dino_points_row (&start->points, i, start->rows + (size_t) thread * width);

      start->distances[i] = INFINITY;
      for (int group = 0; group < start->options->n_groups; group++)
        {
          const double distance = dino_squared_distance (vector, start->found->centers + (size_t) group * width, width);

          if (distance < start->distances[i])
            {
              start->distances[i] = distance;
              start->found->labels[i] = group;
            }
        }
    }
}

/* The distance to the centre that the label names. */
static void
distance_item (void *data, size_t item, int thread)
{
  const struct slab    *slab = data;
  struct start         *start = slab->start;
  const size_t          width = start->points.width;
  const struct dino_cut cut = dino_cut (slab->n, VECTORS, 1);
  const size_t          first = slab->first + dino_cut_start (&cut, item), end = first + dino_cut_size (&cut, item);

  for (size_t i = first; i < end; i++)
    {
      const float *vector = dino_points_row (&start->points, i, start->rows + (size_t) thread * width);

      start->distances[i] = dino_squared_distance (vector, start->found->centers + (size_t) start->found->labels[i] * width, width);
    }
}

static bool
for_all (struct start *start, dino_team_func func, struct dino_error *error)
{
  struct slab slab = { .start = start };

  for (; slab.first < start->points.n; slab.first += slab.n)
    {
      slab.n = start->points.n - slab.first < SLAB ? start->points.n - slab.first : SLAB;
      if (!dino_kmeans_go_on (start, error))
        return false;
      dino_loop_run (start->options->team, dino_cut (slab.n, VECTORS, 1).count, func, &slab);
    }
  return true;
}

/* |x - c|^2 is smallest where x c - |c|^2 / 2 is largest. */
struct search
{
  struct start *start;
  float        *squares; /* [n_groups] */
  float        *best;    /* [n] */
};

static void
search_tile (void *data, const struct dino_product_tile *tile, int thread)
{
  const struct search *search = data;
  int                 *labels = search->start->found->labels;

  (void) thread;
  for (size_t i = 0; i < tile->n_rows; i++)
    {
      const float *values = tile->values + i * tile->stride;
      float        best = tile->column == 0 ? -INFINITY : search->best[tile->row + i];

      for (size_t k = 0; k < tile->n_columns; k++)
        {
          const float value = values[k] - search->squares[tile->column + k] / 2;

          if (value > best)
            {
              best = value;
              labels[tile->row + i] = (int) (tile->column + k);
            }
        }
      search->best[tile->row + i] = best;
    }
}

/* A product is a part of a start, whose progress is what counts. */
static bool
report (void *data, int done, int total)
{
  const struct start *start = data;

  (void) done;
  (void) total;
  return dino_progress_report (start->options->progress, start->index, start->options->n_starts);
}

static bool
assign_by_products (struct start *start, struct dino_error *error)
{
  const struct dino_points       centers = dino_points (start->found->centers, (size_t) start->options->n_groups, start->points.width);
  const struct dino_operand_rows rows = { .points = start->points, .mean = start->mean }, columns = { .points = centers, .mean = start->mean };
  const struct dino_progress     progress = { report, start };
  struct search                  search = { .start = start };
  bool                           done;

  search.squares = dino_alloc (centers.n, sizeof *search.squares, error);
  search.best = dino_alloc (start->points.n, sizeof *search.best, error);
  done = search.squares != NULL && search.best != NULL && dino_squared_lengths (&centers, start->mean, search.squares, error) &&
         dino_products_visit (&rows, &columns, false, start->options->team, &progress, search_tile, &search, error) &&
         for_all (start, distance_item, error);
  dino_free (search.squares);
  dino_free (search.best);
  return done;
}

bool
dino_kmeans_assign (struct start *start, struct dino_error *error)
{
  const bool done = start->mean != NULL ? assign_by_products (start, error) : for_all (start, nearest_item, error);

  start->found->inertia = 0;
  for (size_t i = 0; i < start->points.n; i++)
    start->found->inertia += start->distances[i];
  return done;
}
