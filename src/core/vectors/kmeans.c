#include "core/vectors/kmeans.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/cut.h"
#include "core/encoder/loop.h"
#include "core/vectors/kmeans-private.h"

/* Channels whose sums a thread makes at once. */
#define CHANNELS 64

static struct dino_kmeans *
kmeans_alloc (size_t n, size_t width, int n_groups, struct dino_error *error)
{
  struct dino_kmeans *kmeans = dino_alloc_zeroed (1, sizeof *kmeans, error);

  if (kmeans == NULL)
    return NULL;
  kmeans->n_groups = n_groups;
  kmeans->labels = dino_alloc_zeroed (n, sizeof *kmeans->labels, error);
  kmeans->sizes = dino_alloc_zeroed ((size_t) n_groups, sizeof *kmeans->sizes, error);
  kmeans->centers = dino_alloc_zeroed ((size_t) n_groups, width * sizeof *kmeans->centers, error);
  if (kmeans->labels != NULL && kmeans->sizes != NULL && kmeans->centers != NULL)
    return kmeans;
  dino_kmeans_free (kmeans);
  return NULL;
}

void
dino_kmeans_free (struct dino_kmeans *kmeans)
{
  if (kmeans == NULL)
    return;
  dino_free (kmeans->labels);
  dino_free (kmeans->sizes);
  dino_free (kmeans->centers);
  dino_free (kmeans);
}

bool
dino_kmeans_go_on (const struct start *start, struct dino_error *error)
{
  return dino_progress_report (start->options->progress, start->index, start->options->n_starts) || dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
}

void
dino_kmeans_take_center (struct start *start, int group, size_t vector)
{
  float *center = start->found->centers + (size_t) group * start->points.width;

  memmove (center, dino_points_row (&start->points, vector, center), start->points.width * sizeof *center);
}

static size_t
farthest (const struct start *start)
{
  size_t best = 0;

  for (size_t i = 1; i < start->points.n; i++)
    if (start->distances[i] > start->distances[best])
      best = i;
  return best;
}

/* The sums of all groups in some channels, over the vectors in their order. */
static void
sum_item (void *data, size_t item, int thread)
{
  struct start *start = data;
  const size_t  width = start->points.width, first = item * CHANNELS, end = first + CHANNELS < width ? first + CHANNELS : width;

  for (int group = 0; group < start->options->n_groups; group++)
    memset (start->sums + (size_t) group * width + first, 0, (end - first) * sizeof *start->sums);
  for (size_t i = 0; i < start->points.n; i++)
    {
      const float *vector = dino_points_row (&start->points, i, start->rows + (size_t) thread * width);
      double      *sum = start->sums + (size_t) start->found->labels[i] * width;

      for (size_t c = first; c < end; c++)
        sum[c] += (double) vector[c];
    }
}

static void
sum_groups (struct start *start)
{
  memset (start->found->sizes, 0, (size_t) start->options->n_groups * sizeof *start->found->sizes);
  for (size_t i = 0; i < start->points.n; i++)
    start->found->sizes[start->found->labels[i]]++;
  dino_loop_run (start->options->team, (start->points.width + CHANNELS - 1) / CHANNELS, sum_item, start);
}

/* Centres to the means of their vectors; an empty group takes the vector that
 * is farthest from its own. FALSE when nothing moved. */
static bool
move_centers (struct start *start)
{
  struct dino_kmeans *found = start->found;
  const size_t        width = start->points.width;
  bool                moved = false;

  sum_groups (start);
  for (int group = 0; group < start->options->n_groups; group++)
    {
      float *center = found->centers + (size_t) group * width;

      if (found->sizes[group] == 0)
        {
          const size_t vector = farthest (start);

          moved = moved || start->distances[vector] > 0;
          start->distances[vector] = 0;
          dino_kmeans_take_center (start, group, vector);
          continue;
        }
      for (size_t c = 0; c < width; c++)
        {
          const float mean = (float) (start->sums[(size_t) group * width + c] / (double) found->sizes[group]);

          moved = moved || mean != center[c];
          center[c] = mean;
        }
    }
  return moved;
}

bool
dino_kmeans_run_rounds (struct start *start, int max_rounds, struct dino_error *error)
{
  struct dino_kmeans *found = start->found;

  found->converged = false;
  for (int round = 0; round < max_rounds && !found->converged; round++)
    {
      if (!dino_kmeans_assign (start, error))
        return false;
      found->converged = !move_centers (start);
      found->n_rounds++;
    }
  return true;
}

static bool
comes_before (const struct dino_kmeans *found, const size_t *firsts, int one, int other)
{
  if (found->sizes[one] != found->sizes[other])
    return found->sizes[one] > found->sizes[other];
  return firsts[one] < firsts[other];
}

/* rank[group] is its place in the order of sizes. */
static void
rank_groups (const struct dino_kmeans *found, size_t n, size_t *firsts, int *rank)
{
  for (int group = 0; group < found->n_groups; group++)
    firsts[group] = n;
  for (size_t i = n; i > 0; i--)
    firsts[found->labels[i - 1]] = i - 1;
  for (int group = 0; group < found->n_groups; group++)
    {
      rank[group] = 0;
      for (int other = 0; other < found->n_groups; other++)
        rank[group] += other != group && comes_before (found, firsts, other, group);
    }
}

/* The result again, the largest group first. */
static bool
order_groups (struct dino_kmeans **found, size_t n, size_t width, struct dino_error *error)
{
  struct dino_kmeans *before = *found;
  struct dino_kmeans *after = kmeans_alloc (n, width, before->n_groups, error);
  size_t             *firsts = dino_alloc ((size_t) before->n_groups, sizeof *firsts, error);
  int                *rank = dino_alloc ((size_t) before->n_groups, sizeof *rank, error);
  const bool          done = after != NULL && firsts != NULL && rank != NULL;

  if (done)
    {
      rank_groups (before, n, firsts, rank);
      for (size_t i = 0; i < n; i++)
        after->labels[i] = rank[before->labels[i]];
      for (int group = 0; group < before->n_groups; group++)
        {
          after->sizes[rank[group]] = before->sizes[group];
          memcpy (after->centers + (size_t) rank[group] * width, before->centers + (size_t) group * width, width * sizeof (float));
        }
      after->inertia = before->inertia;
      after->n_rounds = before->n_rounds;
      after->converged = before->converged;
      dino_kmeans_free (before);
      *found = after;
    }
  else
    dino_kmeans_free (after);
  dino_free (firsts);
  dino_free (rank);
  return done;
}

static bool
run_start (struct start *start, struct dino_error *error)
{
  start->found->n_rounds = 0;
  if (start->options->batch > 0)
    return dino_kmeans_run_batches (start, error);
  return dino_kmeans_seed (start, error) && dino_kmeans_run_rounds (start, start->options->max_rounds, error);
}

/* The better one ends in both[0], and is improved unless the plain way was asked for. */
static bool
run_starts (struct start *start, struct dino_kmeans *both[2], struct dino_error *error)
{
  for (int i = 0; i < start->options->n_starts; i++)
    {
      start->found = both[i > 0];
      start->index = i;
      if (!dino_kmeans_go_on (start, error) || !run_start (start, error))
        return false;
      if (i > 0 && both[1]->inertia < both[0]->inertia)
        {
          both[1] = both[0];
          both[0] = start->found;
        }
    }
  start->found = both[0];
  return start->options->batch > 0 || start->options->n_trials == 1 || dino_kmeans_improve (start, error);
}

static bool
start_init (struct start *start, struct dino_error *error)
{
  const size_t n = start->points.n, width = start->points.width, n_groups = (size_t) start->options->n_groups;
  const size_t n_trials = start->options->batch > 0 ? 1 : dino_kmeans_trials (start->options);

  start->random = dino_random (start->options->seed);
  start->distances = dino_alloc (n, sizeof *start->distances, error);
  start->trials = dino_alloc (n, n_trials * sizeof *start->trials, error);
  start->sums = dino_alloc (n_groups, width * sizeof *start->sums, error);
  start->rows = dino_alloc (dino_loop_threads (start->options->team), width * sizeof *start->rows, error);
  if (start->distances == NULL || start->trials == NULL || start->sums == NULL || start->rows == NULL)
    return false;
  if (n_groups <= DINO_KMEANS_DIRECT)
    return true;
  start->mean = dino_alloc (width, sizeof *start->mean, error);
  if (start->mean != NULL)
    dino_points_mean (&start->points, start->mean);
  return start->mean != NULL;
}

static void
start_clear (struct start *start)
{
  dino_free (start->distances);
  dino_free (start->trials);
  dino_free (start->sums);
  dino_free (start->rows);
  dino_free (start->mean);
}

struct dino_kmeans *
dino_kmeans_new (const struct dino_points *points, const struct dino_kmeans_options *options, struct dino_error *error)
{
  struct start        start = { .options = options, .points = *points };
  struct dino_kmeans *both[2] = { NULL, NULL };
  struct dino_kmeans *found = NULL;

  if (options->n_groups < 2 || (size_t) options->n_groups > points->n)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("%zu vectors cannot be put into %d groups."), points->n, options->n_groups);
      return NULL;
    }
  both[0] = kmeans_alloc (points->n, points->width, options->n_groups, error);
  both[1] = kmeans_alloc (points->n, points->width, options->n_groups, error);
  if (both[0] != NULL && both[1] != NULL && start_init (&start, error) && run_starts (&start, both, error))
    {
      found = both[0];
      both[0] = NULL;
      if (!order_groups (&found, points->n, points->width, error))
        {
          dino_kmeans_free (found);
          found = NULL;
        }
    }
  dino_kmeans_free (both[0]);
  dino_kmeans_free (both[1]);
  start_clear (&start);
  return found;
}

size_t
dino_kmeans_batch (const struct dino_points *points)
{
  size_t bytes;

  return dino_multiply (points->n, points->width * sizeof (float), &bytes) && bytes <= DINO_KMEANS_MEMORY ? 0 : DINO_KMEANS_BATCH;
}
