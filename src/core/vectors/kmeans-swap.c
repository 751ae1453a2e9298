#include <math.h>

#include "core/base/memory.h"
#include "core/encoder/cut.h"
#include "core/encoder/loop.h"
#include "core/vectors/kmeans-private.h"

/* Vectors that a thread looks at at once, and between two questions whether to go on. */
#define VECTORS 64
#define SLAB ((size_t) 1 << 14)

/* Candidates in a row that are of no use, and swaps, until it is enough. */
#define FAILURES 64
#define SWAPS 64

struct swap
{
  struct start *start;
  size_t        first, n;    /* vectors of this loop */
  int          *nearest;     /* [n] */
  double       *one, *other; /* [n] squared distances to the nearest centre, and to the next */
  double       *candidate;   /* [n] to what may become a centre */
  float        *center;      /* [width] which is here */
  double       *losses;      /* [n_groups] */
};

/* The two nearest centres of each vector. */
static void
nearest_item (void *data, size_t item, int thread)
{
  const struct swap    *swap = data;
  const struct start   *start = swap->start;
  const size_t          width = start->points.width;
  const struct dino_cut cut = dino_cut (swap->n, VECTORS, 1);
  const size_t          first = swap->first + dino_cut_start (&cut, item), end = first + dino_cut_size (&cut, item);

  for (size_t i = first; i < end; i++)
    {
      const float *vector = dino_points_row (&start->points, i, start->rows + (size_t) thread * width);

      swap->one[i] = swap->other[i] = INFINITY;
      for (int group = 0; group < start->options->n_groups; group++)
        {
          const double distance = dino_squared_distance (vector, start->found->centers + (size_t) group * width, width);

          if (distance < swap->one[i])
            {
              swap->other[i] = swap->one[i];
              swap->one[i] = distance;
              swap->nearest[i] = group;
            }
          else
            swap->other[i] = fmin (swap->other[i], distance);
        }
    }
}

static void
candidate_item (void *data, size_t item, int thread)
{
  const struct swap    *swap = data;
  const struct start   *start = swap->start;
  const size_t          width = start->points.width;
  const struct dino_cut cut = dino_cut (swap->n, VECTORS, 1);
  const size_t          first = swap->first + dino_cut_start (&cut, item), end = first + dino_cut_size (&cut, item);

  for (size_t i = first; i < end; i++)
    swap->candidate[i] = dino_squared_distance (dino_points_row (&start->points, i, start->rows + (size_t) thread * width), swap->center, width);
}

static bool
for_all (struct swap *swap, dino_team_func func, struct dino_error *error)
{
  const size_t n = swap->start->points.n;

  for (swap->first = 0; swap->first < n; swap->first += swap->n)
    {
      swap->n = n - swap->first < SLAB ? n - swap->first : SLAB;
      if (!dino_kmeans_go_on (swap->start, error))
        return false;
      dino_loop_run (swap->start->options->team, dino_cut (swap->n, VECTORS, 1).count, func, swap);
    }
  return true;
}

/* A vector, by its squared distance from the nearest centre. */
static size_t
draw_vector (struct swap *swap, double total)
{
  const size_t n = swap->start->points.n;
  double       place = dino_random_share (&swap->start->random) * total;

  for (size_t i = 0; i < n; i++)
    {
      place -= swap->one[i];
      if (place < 0)
        return i;
    }
  return n - 1;
}

/* The group whose centre the candidate best takes the place of, and what the
 * inertia is then before centres move. */
static int
choose_group (struct swap *swap, double *inertia)
{
  const int n_groups = swap->start->options->n_groups;
  double    kept = 0;
  int       best = 0;

  for (int group = 0; group < n_groups; group++)
    swap->losses[group] = 0;
  for (size_t i = 0; i < swap->start->points.n; i++)
    {
      const double with = fmin (swap->one[i], swap->candidate[i]);

      kept += with;
      swap->losses[swap->nearest[i]] += fmin (swap->other[i], swap->candidate[i]) - with;
    }
  for (int group = 1; group < n_groups; group++)
    if (swap->losses[group] < swap->losses[best])
      best = group;
  *inertia = kept + swap->losses[best];
  return best;
}

static bool
improve (struct swap *swap, struct dino_error *error)
{
  struct start *start = swap->start;
  double        total = 0;
  bool          fresh = true;

  for (int failures = 0, swaps = 0; failures < FAILURES && swaps < SWAPS;)
    {
      size_t vector;
      double inertia;
      int    group;

      if (fresh && !for_all (swap, nearest_item, error))
        return false;
      total = fresh ? dino_kmeans_sum (swap->one, start->points.n) : total;
      fresh = false;
      if (!(total > 0))
        return true;
      vector = draw_vector (swap, total);
      dino_points_rows (&start->points, vector, 1, swap->center);
      if (!for_all (swap, candidate_item, error))
        return false;
      group = choose_group (swap, &inertia);
      if (!(inertia < total * (1 - 1e-7)))
        {
          failures++;
          continue;
        }
      dino_kmeans_take_center (start, group, vector);
      if (!dino_kmeans_run_rounds (start, start->options->max_rounds, error))
        return false;
      fresh = true;
      failures = 0;
      swaps++;
    }
  return true;
}

bool
dino_kmeans_improve (struct start *start, struct dino_error *error)
{
  const size_t n = start->points.n;
  struct swap  swap = { .start = start };
  bool         done;

  swap.nearest = dino_alloc (n, sizeof *swap.nearest, error);
  swap.one = dino_alloc (n, sizeof *swap.one, error);
  swap.other = dino_alloc (n, sizeof *swap.other, error);
  swap.candidate = dino_alloc (n, sizeof *swap.candidate, error);
  swap.losses = dino_alloc ((size_t) start->options->n_groups, sizeof *swap.losses, error);
  swap.center = dino_alloc (start->points.width, sizeof *swap.center, error);
  done = swap.nearest != NULL && swap.one != NULL && swap.other != NULL && swap.candidate != NULL && swap.losses != NULL && swap.center != NULL && improve (&swap, error);
  dino_free (swap.nearest);
  dino_free (swap.one);
  dino_free (swap.other);
  dino_free (swap.candidate);
  dino_free (swap.losses);
  dino_free (swap.center);
  return done;
}
