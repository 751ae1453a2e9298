#include "core/heads/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/random.h"
#include "core/encoder/loop.h"

#define LOW 0.025
#define HIGH 0.975

struct work
{
  const size_t       *groups;
  size_t              n, n_groups;
  dino_statistic_func statistic;
  const void         *data;
  uint64_t           *seeds;   /* [draws], one each, so that threads may do them in any order */
  double             *values;  /* [draws] */
  double             *counts;  /* [threads, n_groups] */
  double             *weights; /* [threads, n] */
};

static void
draw (void *data, size_t item, int thread)
{
  const struct work *work = data;
  double            *counts = work->counts + (size_t) thread * work->n_groups;
  double            *weights = work->weights + (size_t) thread * work->n;
  struct dino_random random = dino_random (work->seeds[item]);

  memset (counts, 0, work->n_groups * sizeof *counts);
  for (size_t i = 0; i < work->n_groups; i++)
    counts[dino_random_below (&random, work->n_groups)]++;
  for (size_t i = 0; i < work->n; i++)
    weights[i] = counts[work->groups[i]];
  work->values[item] = work->statistic (work->data, weights);
}

static int
compare_doubles (const void *a, const void *b)
{
  const double one = *(const double *) a, other = *(const double *) b;

  return one < other ? -1 : one > other;
}

static double
percentile (const double *sorted, size_t n, double share)
{
  const double place = share * (double) (n - 1);
  const size_t below = (size_t) place;

  return below + 1 < n ? sorted[below] + (place - (double) below) * (sorted[below + 1] - sorted[below]) : sorted[n - 1];
}

static void
summarise (double *values, int n_draws, struct dino_interval *interval)
{
  size_t n = 0;

  for (int i = 0; i < n_draws; i++)
    if (isfinite (values[i]))
      values[n++] = values[i];
  *interval = (struct dino_interval){ (double) NAN, (double) NAN, (int) n };
  if (n < 2)
    return;
  qsort (values, n, sizeof *values, compare_doubles);
  interval->low = percentile (values, n, LOW);
  interval->high = percentile (values, n, HIGH);
}

bool
dino_bootstrap (const size_t         *groups,
                size_t                n,
                size_t                n_groups,
                int                   n_draws,
                uint64_t              seed,
                dino_statistic_func   statistic,
                const void           *data,
                struct dino_team     *team,
                struct dino_interval *interval,
                struct dino_error    *error)
{
  struct work        work = { .groups = groups, .n = n, .n_groups = n_groups, .statistic = statistic, .data = data };
  struct dino_random random = dino_random (seed);
  const size_t       threads = dino_loop_threads (team);
  bool               done;

  work.seeds = dino_alloc ((size_t) n_draws, sizeof *work.seeds, error);
  work.values = dino_alloc ((size_t) n_draws, sizeof *work.values, error);
  work.counts = dino_alloc (n_groups, threads * sizeof *work.counts, error);
  work.weights = dino_alloc (n, threads * sizeof *work.weights, error);
  done = work.seeds != NULL && work.values != NULL && work.counts != NULL && work.weights != NULL;
  if (done)
    {
      for (int i = 0; i < n_draws; i++)
        work.seeds[i] = dino_random_next (&random);
      dino_loop_run (team, (size_t) n_draws, draw, &work);
      summarise (work.values, n_draws, interval);
    }
  dino_free (work.seeds);
  dino_free (work.values);
  dino_free (work.counts);
  dino_free (work.weights);
  return done;
}
