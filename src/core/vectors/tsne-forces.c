#include <math.h>

#include "core/base/text.h"
#include "core/encoder/loop.h"
#include "core/vectors/tsne-private.h"

/* A cell whose side is less than this share of its distance stands for its points. */
#define THETA 0.5f

/* Partial sums over the points, and points whose sums are float32. */
#define LANES ((size_t) 8)
#define RUN ((size_t) 512)

enum
{
  ATTRACT_X,
  ATTRACT_Y,
  REPEL_X,
  REPEL_Y,
  SUM,
  N_SUMS
};

/* The forces of points first … end-1 on one. */
static void
add_run (const struct tsne_forces *forces, size_t point, size_t first, size_t end, double totals[N_SUMS])
{
  const float *restrict x = forces->x, *restrict y = forces->y, *restrict p = forces->affinities->all + point * forces->affinities->n;
  const float own_x = x[point], own_y = y[point];
  float       sums[N_SUMS][LANES] = { 0 };
  size_t      j = first;

  for (; j + LANES <= end; j += LANES)
    for (size_t k = 0; k < LANES; k++)
      {
        const float dx = own_x - x[j + k], dy = own_y - y[j + k];
        const float q = 1 / (1 + dx * dx + dy * dy), a = p[j + k] * q, r = q * q;

        sums[ATTRACT_X][k] += a * dx;
        sums[ATTRACT_Y][k] += a * dy;
        sums[REPEL_X][k] += r * dx;
        sums[REPEL_Y][k] += r * dy;
        sums[SUM][k] += q;
      }
  for (size_t k = 0; j < end; j++, k++)
    {
      const float dx = own_x - x[j], dy = own_y - y[j];
      const float q = 1 / (1 + dx * dx + dy * dy), a = p[j] * q, r = q * q;

      sums[ATTRACT_X][k] += a * dx;
      sums[ATTRACT_Y][k] += a * dy;
      sums[REPEL_X][k] += r * dx;
      sums[REPEL_Y][k] += r * dy;
      sums[SUM][k] += q;
    }
  for (int sum = 0; sum < N_SUMS; sum++)
    for (size_t k = 0; k < LANES; k++)
      totals[sum] += (double) sums[sum][k];
}

static double
divergence_of (float p, double square)
{
  return p > 0 ? (double) p * log ((double) p * (1 + square)) : 0;
}

static double
square_between (const struct tsne_forces *forces, size_t one, size_t other)
{
  const double dx = (double) forces->x[one] - (double) forces->x[other], dy = (double) forces->y[one] - (double) forces->y[other];

  return dx * dx + dy * dy;
}

static void
all_pairs (const struct tsne_forces *forces, size_t point, struct tsne_force *force)
{
  const size_t n = forces->affinities->n;
  double       totals[N_SUMS] = { 0 };

  for (size_t first = 0; first < n; first += RUN)
    add_run (forces, point, first, first + RUN < n ? first + RUN : n, totals);
  *force = (struct tsne_force){ { totals[ATTRACT_X], totals[ATTRACT_Y] }, { totals[REPEL_X], totals[REPEL_Y] }, totals[SUM] - 1, 0 };
  for (size_t j = 0; forces->divergence && j < n; j++)
    force->divergence += divergence_of (forces->affinities->all[point * n + j], square_between (forces, point, j));
}

static void
attract (const struct tsne_forces *forces, size_t point, struct tsne_force *force)
{
  const struct tsne_affinities *affinities = forces->affinities;

  for (size_t i = affinities->starts[point]; i < affinities->starts[point + 1]; i++)
    {
      const size_t other = affinities->rows[i];
      const float  dx = forces->x[point] - forces->x[other], dy = forces->y[point] - forces->y[other];
      const float  a = affinities->values[i] / (1 + dx * dx + dy * dy);

      force->attract[0] += (double) (a * dx);
      force->attract[1] += (double) (a * dy);
      if (forces->divergence)
        force->divergence += divergence_of (affinities->values[i], square_between (forces, point, other));
    }
}

/* The point itself is in the cell that is not divided further: it adds 1 to the
 * sum, and no force. */
static void
repel (const struct tsne_forces *forces, size_t point, struct tsne_force *force)
{
  const struct tsne_cell *cells = forces->tree.cells;
  const size_t            n = forces->tree.n_cells;
  const float             x = forces->x[point], y = forces->y[point];

  for (size_t i = 0; i < n;)
    {
      const struct tsne_cell *cell = &cells[i];
      const float             dx = x - cell->x, dy = y - cell->y, square = dx * dx + dy * dy;

      if (cell->square >= THETA * THETA * square && cell->square > 0)
        {
          i++;
          continue;
        }
      {
        const float q = 1 / (1 + square), all = cell->n * q, r = all * q;

        force->sum += (double) all;
        force->repel[0] += (double) (r * dx);
        force->repel[1] += (double) (r * dy);
      }
      i = cell->beyond;
    }
  force->sum -= 1;
}

static void
force_item (void *data, size_t item, int thread)
{
  const struct tsne_forces *forces = data;
  const size_t              n = forces->affinities->n, first = (forces->first_item + item) * TSNE_POINTS;
  const size_t              end = first + TSNE_POINTS < n ? first + TSNE_POINTS : n;

  (void) thread;
  for (size_t i = first; i < end; i++)
    {
      struct tsne_force *force = &forces->points[i];

      *force = (struct tsne_force){ { 0 }, { 0 }, 0, 0 };
      if (forces->affinities->all != NULL)
        all_pairs (forces, i, force);
      else
        {
          attract (forces, i, force);
          repel (forces, i, force);
        }
    }
}

bool
tsne_forces_run (struct tsne_forces *forces, const struct dino_progress *progress, int done, int total, struct dino_error *error)
{
  const size_t n = forces->affinities->n, n_items = (n + TSNE_POINTS - 1) / TSNE_POINTS;

  if (forces->affinities->all == NULL && !tsne_tree_build (&forces->tree, forces->plane, n, error))
    return false;
  for (forces->first_item = 0; forces->first_item < n_items; forces->first_item += TSNE_ITEMS)
    {
      const size_t rest = n_items - forces->first_item;

      if (!dino_progress_report (progress, done, total))
        return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
      dino_loop_run (forces->team, rest < TSNE_ITEMS ? rest : TSNE_ITEMS, force_item, forces);
    }
  return true;
}
