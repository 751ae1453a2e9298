#include <math.h>
#include <string.h>

#include "core/encoder/cut.h"
#include "core/encoder/loop.h"
#include "core/vectors/kmeans-private.h"

/* Vectors that a thread looks at at once, and between two questions whether to go on. */
#define VECTORS 64
#define SLAB ((size_t) 1 << 16)

size_t
dino_kmeans_trials (const struct dino_kmeans_options *options)
{
  return options->n_trials > 0 ? (size_t) options->n_trials : 2 + (size_t) log (options->n_groups);
}

/* A vector by its squared distance; by number when all lie on centres. */
static size_t
draw_vector (struct start *start, int group)
{
  double total = 0, place;

  for (size_t i = 0; i < start->points.n; i++)
    total += start->distances[i];
  if (!(total > 0))
    return (size_t) group % start->points.n;
  place = dino_random_share (&start->random) * total;
  for (size_t i = 0; i < start->points.n; i++)
    {
      place -= start->distances[i];
      if (place < 0)
        return i;
    }
  return start->points.n - 1;
}

/* What the distances would be with one more centre. */
struct trial
{
  const struct start *start;
  const float        *center;
  double             *distances; /* [n] */
  size_t              first, n;  /* vectors of this loop */
};

static void
trial_item (void *data, size_t item, int thread)
{
  const struct trial   *trial = data;
  const struct start   *start = trial->start;
  const size_t          width = start->points.width;
  const struct dino_cut cut = dino_cut (trial->n, VECTORS, 1);
  const size_t          first = trial->first + dino_cut_start (&cut, item), end = first + dino_cut_size (&cut, item);

  for (size_t i = first; i < end; i++)
    {
      const float *vector = dino_points_row (&start->points, i, start->rows + (size_t) thread * width);

      trial->distances[i] = fmin (start->distances[i], dino_squared_distance (vector, trial->center, width));
    }
}

static bool
try_center (const struct start *start, const float *center, double *distances, struct dino_error *error)
{
  struct trial trial = { .start = start, .center = center, .distances = distances };

  for (trial.first = 0; trial.first < start->points.n; trial.first += trial.n)
    {
      trial.n = start->points.n - trial.first < SLAB ? start->points.n - trial.first : SLAB;
      if (!dino_kmeans_go_on (start, error))
        return false;
      dino_loop_run (start->options->team, dino_cut (trial.n, VECTORS, 1).count, trial_item, &trial);
    }
  return true;
}

double
dino_kmeans_sum (const double *values, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += values[i];
  return sum;
}

/* The candidate that leaves the smallest distances becomes the centre of
 * group; distances are those with it from then on. */
static bool
choose_center (struct start *start, int group, struct dino_error *error)
{
  const size_t n = start->points.n, n_trials = dino_kmeans_trials (start->options);
  size_t       best = 0, best_vector = 0;
  double       smallest = INFINITY;

  for (size_t i = 0; i < n_trials; i++)
    {
      const size_t vector = draw_vector (start, group);
      double      *distances = start->trials + i * n;
      double       sum;

      dino_kmeans_take_center (start, group, vector);
      if (!try_center (start, start->found->centers + (size_t) group * start->points.width, distances, error))
        return false;
      sum = dino_kmeans_sum (distances, n);
      if (sum < smallest)
        {
          smallest = sum;
          best = i;
          best_vector = vector;
        }
    }
  dino_kmeans_take_center (start, group, best_vector);
  memcpy (start->distances, start->trials + best * n, n * sizeof *start->distances);
  return true;
}

bool
dino_kmeans_seed (struct start *start, struct dino_error *error)
{
  for (size_t i = 0; i < start->points.n; i++)
    start->distances[i] = INFINITY;
  dino_kmeans_take_center (start, 0, (size_t) (dino_random_share (&start->random) * (double) start->points.n));
  if (!try_center (start, start->found->centers, start->distances, error))
    return false;
  for (int group = 1; group < start->options->n_groups; group++)
    if (!choose_center (start, group, error))
      return false;
  return true;
}
