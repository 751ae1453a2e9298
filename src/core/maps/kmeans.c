#include "core/maps/kmeans.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/cut.h"
#include "core/encoder/loop.h"

#define MAX_ROUNDS 100

/* Vectors that a thread looks at at once, and partial sums of a distance. */
#define VECTORS 64
#define LANES 16

/* One start on its way. */
struct start
{
  const float        *vectors; /* [n, width] */
  size_t              n, width;
  int                 n_groups;
  struct dino_team   *team;
  struct dino_kmeans *found;     /* what is worked on */
  double             *distances; /* [n], squared, to the nearest centre */
  double             *sums;      /* [n_groups, width] */
  uint64_t            random;
};

/* SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t
next_random (uint64_t *state)
{
  uint64_t z = *state += UINT64_C (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* 0 … 1, 1 excluded. */
static double
next_share (uint64_t *state)
{
  return (double) (next_random (state) >> 11) * 0x1p-53;
}

static double
squared_distance (const float *restrict a, const float *restrict b, size_t n)
{
  float  lanes[LANES] = { 0 };
  double sum = 0;
  size_t i = 0;

  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++)
      {
        const float d = a[i + (size_t) k] - b[i + (size_t) k];

        lanes[k] += d * d;
      }
  for (int k = 0; i < n; i++, k++)
    lanes[k] += (a[i] - b[i]) * (a[i] - b[i]);
  for (int k = 0; k < LANES; k++)
    sum += (double) lanes[k];
  return sum;
}

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

static void
take_center (struct start *start, int group, size_t vector)
{
  memcpy (start->found->centers + (size_t) group * start->width, start->vectors + vector * start->width, start->width * sizeof (float));
}

/* A vector by its squared distance; by number when all lie on centres. */
static size_t
draw_vector (struct start *start, int group)
{
  double total = 0, place;

  for (size_t i = 0; i < start->n; i++)
    total += start->distances[i];
  if (!(total > 0))
    return (size_t) group % start->n;
  place = next_share (&start->random) * total;
  for (size_t i = 0; i < start->n; i++)
    {
      place -= start->distances[i];
      if (place < 0)
        return i;
    }
  return start->n - 1;
}

static void
seed_centers (struct start *start)
{
  take_center (start, 0, (size_t) (next_share (&start->random) * (double) start->n));
  for (size_t i = 0; i < start->n; i++)
    start->distances[i] = INFINITY;
  for (int group = 1; group < start->n_groups; group++)
    {
      for (size_t i = 0; i < start->n; i++)
        start->distances[i] = fmin (start->distances[i], squared_distance (start->vectors + i * start->width, start->found->centers + (size_t) (group - 1) * start->width, start->width));
      take_center (start, group, draw_vector (start, group));
    }
}

/* Every vector to its nearest centre, the first of several. */
static void
assign_item (void *data, size_t item, int thread)
{
  const struct start   *start = data;
  const struct dino_cut cut = dino_cut (start->n, VECTORS, 1);
  const size_t          first = dino_cut_start (&cut, item), end = first + dino_cut_size (&cut, item);

  (void) thread;
  for (size_t i = first; i < end; i++)
    {
      start->distances[i] = INFINITY;
      for (int group = 0; group < start->n_groups; group++)
        {
          const double distance = squared_distance (start->vectors + i * start->width, start->found->centers + (size_t) group * start->width, start->width);

          if (distance < start->distances[i])
            {
              start->distances[i] = distance;
              start->found->labels[i] = group;
            }
        }
    }
}

static void
assign (struct start *start)
{
  const struct dino_cut cut = dino_cut (start->n, VECTORS, 1);

  dino_loop_run (start->team, cut.count, assign_item, start);
  start->found->inertia = 0;
  for (size_t i = 0; i < start->n; i++)
    start->found->inertia += start->distances[i];
}

static size_t
farthest (const struct start *start)
{
  size_t best = 0;

  for (size_t i = 1; i < start->n; i++)
    if (start->distances[i] > start->distances[best])
      best = i;
  return best;
}

/* Centres to the means of their vectors; an empty group takes the vector that
 * is farthest from its own. FALSE when nothing moved. */
static bool
move_centers (struct start *start)
{
  struct dino_kmeans *found = start->found;
  bool                moved = false;

  memset (start->sums, 0, (size_t) start->n_groups * start->width * sizeof *start->sums);
  memset (found->sizes, 0, (size_t) start->n_groups * sizeof *found->sizes);
  for (size_t i = 0; i < start->n; i++)
    {
      double *sum = start->sums + (size_t) found->labels[i] * start->width;

      found->sizes[found->labels[i]]++;
      for (size_t c = 0; c < start->width; c++)
        sum[c] += (double) start->vectors[i * start->width + c];
    }
  for (int group = 0; group < start->n_groups; group++)
    {
      float *center = found->centers + (size_t) group * start->width;

      if (found->sizes[group] == 0)
        {
          const size_t vector = farthest (start);

          moved = moved || start->distances[vector] > 0;
          start->distances[vector] = 0;
          take_center (start, group, vector);
          continue;
        }
      for (size_t c = 0; c < start->width; c++)
        {
          const float mean = (float) (start->sums[(size_t) group * start->width + c] / (double) found->sizes[group]);

          moved = moved || mean != center[c];
          center[c] = mean;
        }
    }
  return moved;
}

static void
run_start (struct start *start)
{
  struct dino_kmeans *found = start->found;

  found->converged = false;
  seed_centers (start);
  for (found->n_rounds = 0; found->n_rounds < MAX_ROUNDS && !found->converged; found->n_rounds++)
    {
      assign (start);
      found->converged = !move_centers (start);
    }
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
run_starts (struct start *start, struct dino_kmeans *both[2])
{
  int best = 0;

  for (int i = 0; i < DINO_KMEANS_STARTS; i++)
    {
      const int free_one = i == 0 ? 0 : 1 - best;

      start->found = both[free_one];
      run_start (start);
      if (i > 0 && both[free_one]->inertia < both[best]->inertia)
        best = free_one;
    }
  return best == 1;
}

struct dino_kmeans *
dino_kmeans_new (const float *vectors, size_t n, size_t n_channels, int n_groups, uint64_t seed, struct dino_team *team, struct dino_error *error)
{
  struct start        start = { .vectors = vectors, .n = n, .width = n_channels, .n_groups = n_groups, .team = team, .random = seed };
  struct dino_kmeans *both[2];
  struct dino_kmeans *found = NULL;

  if (n_groups < 2 || (size_t) n_groups > n)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("%zu vectors cannot be put into %d groups."), n, n_groups);
      return NULL;
    }
  both[0] = kmeans_alloc (n, n_channels, n_groups, error);
  both[1] = kmeans_alloc (n, n_channels, n_groups, error);
  start.distances = dino_alloc (n, sizeof *start.distances, error);
  start.sums = dino_alloc ((size_t) n_groups, n_channels * sizeof *start.sums, error);
  if (both[0] != NULL && both[1] != NULL && start.distances != NULL && start.sums != NULL)
    {
      const bool second = run_starts (&start, both);

      found = both[second];
      both[second] = NULL;
      if (!order_groups (&found, n, n_channels, error))
        {
          dino_kmeans_free (found);
          found = NULL;
        }
    }
  dino_kmeans_free (both[0]);
  dino_kmeans_free (both[1]);
  dino_free (start.distances);
  dino_free (start.sums);
  return found;
}
