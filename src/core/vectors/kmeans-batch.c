#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/encoder/loop.h"
#include "core/vectors/kmeans-private.h"

/* Vectors that centres are chosen from, for each of a mini-batch. */
#define SAMPLE 3

/* Of the mean distance over mini-batches, exponentially weighted: when it has
 * not become smaller for so many, the centres stay. */
#define PATIENCE 10
#define WEIGHT 0.1

/* All vectors about so often, and not fewer mini-batches. */
#define PASSES 10
#define MIN_BATCHES ((size_t) 100)

/* Rounds over all vectors at the end: centres become means of their vectors. */
#define LAST_ROUNDS 2

/* Some vectors out of all, and a start over them. */
struct sample
{
  struct start start;
  float       *rows;   /* [n, width] */
  size_t      *counts; /* [n_groups] that went into each centre */
};

static bool
sample_init (struct sample *sample, const struct start *whole, size_t n, struct dino_error *error)
{
  const size_t width = whole->points.width;

  *sample = (struct sample){ .start = *whole };
  sample->rows = dino_alloc (n, width * sizeof *sample->rows, error);
  sample->counts = dino_alloc_zeroed ((size_t) whole->options->n_groups, sizeof *sample->counts, error);
  sample->start.points = dino_points (sample->rows, n, width);
  sample->start.distances = dino_alloc (n, sizeof *sample->start.distances, error);
  sample->start.trials = dino_alloc (n, dino_kmeans_trials (whole->options) * sizeof *sample->start.trials, error);
  return sample->rows != NULL && sample->counts != NULL && sample->start.distances != NULL && sample->start.trials != NULL;
}

static void
sample_clear (struct sample *sample)
{
  dino_free (sample->rows);
  dino_free (sample->counts);
  dino_free (sample->start.distances);
  dino_free (sample->start.trials);
}

/* The first n rows anew, each out of all vectors. */
static void
draw_rows (struct sample *sample, const struct dino_points *from, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      float       *out = sample->rows + i * from->width;
      const float *row = dino_points_row (from, dino_random_below (&sample->start.random, from->n), out);

      memmove (out, row, from->width * sizeof *out);
    }
  sample->start.points.n = n;
}

/* Each centre is the mean of all vectors that have come to it so far. */
static void
move_centers (struct sample *sample)
{
  struct dino_kmeans *found = sample->start.found;
  const size_t        width = sample->start.points.width;

  for (size_t i = 0; i < sample->start.points.n; i++)
    {
      float       *center = found->centers + (size_t) found->labels[i] * width;
      const float *row = sample->rows + i * width;
      const float  share = 1 / (float) ++sample->counts[found->labels[i]];

      for (size_t c = 0; c < width; c++)
        center[c] += share * (row[c] - center[c]);
    }
}

static bool
run_batches (struct sample *sample, const struct dino_points *from, size_t batch, struct dino_error *error)
{
  const size_t wanted = from->n / batch * PASSES, most = wanted > MIN_BATCHES ? wanted : MIN_BATCHES;
  double       mean = INFINITY, smallest = INFINITY;
  int          idle = 0;

  for (size_t i = 0; i < most && idle < PATIENCE; i++)
    {
      double now;

      draw_rows (sample, from, batch);
      if (!dino_kmeans_assign (&sample->start, error))
        return false;
      move_centers (sample);
      now = sample->start.found->inertia / (double) batch;
      mean = isinf (mean) ? now : mean + WEIGHT * (now - mean);
      idle = mean < smallest ? 0 : idle + 1;
      smallest = fmin (mean, smallest);
      sample->start.found->n_rounds++;
    }
  return true;
}

bool
dino_kmeans_run_batches (struct start *start, struct dino_error *error)
{
  const size_t  batch = start->options->batch < start->points.n ? start->options->batch : start->points.n;
  const size_t  n_groups = (size_t) start->options->n_groups;
  const size_t  n = SAMPLE * (batch > n_groups ? batch : n_groups);
  struct sample sample;
  bool          done = sample_init (&sample, start, n, error);

  if (done)
    {
      draw_rows (&sample, &start->points, n);
      done = dino_kmeans_seed (&sample.start, error) && run_batches (&sample, &start->points, batch, error);
      start->random = sample.start.random;
    }
  sample_clear (&sample);
  return done && dino_kmeans_run_rounds (start, LAST_ROUNDS, error);
}
