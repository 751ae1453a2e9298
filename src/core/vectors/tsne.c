#include "core/vectors/tsne.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/vectors/tsne-private.h"

#define EXAGGERATION 12.0
#define FIRST_MOMENTUM 0.5
#define MOMENTUM 0.8
#define GAIN 0.2
#define LOSS 0.8
#define MIN_GAIN 0.01
#define MIN_RATE 50.0
#define DEVIATION 1e-4

/* A gradient of this length moves nothing any more. */
#define MIN_GRADIENT 1e-7

/* Progress: what finding the neighbours counts for, in rounds. */
#define FIRST_SHARE 100

struct work
{
  const struct dino_points       *points;
  const struct dino_tsne_options *options;
  struct dino_tsne               *found;
  struct tsne_affinities          affinities;
  struct tsne_forces              forces;
  float                          *x, *y;           /* [n] */
  float                          *updates, *gains; /* [n, 2] */
};

/* Parts of the work as one progress. */
static bool
report_first (void *data, int done, int total)
{
  const struct work *work = data;

  return dino_progress_report (work->options->progress, total > 0 ? (int) ((double) FIRST_SHARE * done / total) : 0, FIRST_SHARE + work->options->n_rounds);
}

static bool
work_alloc (struct work *work, struct dino_error *error)
{
  const size_t n = work->points->n;

  work->found = dino_alloc_zeroed (1, sizeof *work->found, error);
  if (work->found == NULL)
    return false;
  work->found->n = n;
  work->found->plane = dino_alloc (n, 2 * sizeof (float), error);
  work->x = dino_alloc (n, sizeof (float), error);
  work->y = dino_alloc (n, sizeof (float), error);
  work->updates = dino_alloc_zeroed (n, 2 * sizeof (float), error);
  work->gains = dino_alloc (n, 2 * sizeof (float), error);
  work->forces.points = dino_alloc (n, sizeof *work->forces.points, error);
  return work->found->plane != NULL && work->x != NULL && work->y != NULL && work->updates != NULL && work->gains != NULL && work->forces.points != NULL;
}

/* The principal plane, small. */
static bool
place_points (struct work *work, struct dino_error *error)
{
  float       *plane = work->found->plane;
  const size_t n = work->points->n;
  double       ratios[2], sum = 0;

  if (!dino_principal_plane (work->points, work->options->team, plane, ratios, error))
    return false;
  for (size_t i = 0; i < n; i++)
    sum += (double) plane[2 * i] * (double) plane[2 * i];
  for (size_t i = 0; i < 2 * n; i++)
    {
      plane[i] = sum > 0 ? (float) ((double) plane[i] * DEVIATION / sqrt (sum / (double) n)) : 0;
      work->gains[i] = 1;
    }
  return true;
}

static void
spread_coordinates (struct work *work)
{
  for (size_t i = 0; i < work->found->n; i++)
    {
      work->x[i] = work->found->plane[2 * i];
      work->y[i] = work->found->plane[2 * i + 1];
    }
}

static double
sum_of_forces (const struct work *work)
{
  double sum = 0;

  for (size_t i = 0; i < work->found->n; i++)
    sum += work->forces.points[i].sum;
  return sum;
}

/* One step along the gradient; returns its length. */
static double
move_points (struct work *work, double exaggeration, double momentum)
{
  const size_t n = work->found->n;
  const double rate = fmax ((double) n / EXAGGERATION / 4, MIN_RATE), sum = sum_of_forces (work);
  double       square = 0;

  for (size_t i = 0; i < 2 * n; i++)
    {
      const struct tsne_force *force = &work->forces.points[i / 2];
      double                   gradient = 4 * (exaggeration * force->attract[i % 2] - force->repel[i % 2] / sum);

      square += gradient * gradient;
      work->gains[i] = work->updates[i] * (float) gradient < 0 ? work->gains[i] + (float) GAIN : fmaxf (work->gains[i] * (float) LOSS, (float) MIN_GAIN);
      work->updates[i] = (float) (momentum * (double) work->updates[i] - rate * (double) work->gains[i] * gradient);
      work->found->plane[i] += work->updates[i];
    }
  return sqrt (square);
}

static bool
compute_forces (struct work *work, int round, struct dino_error *error)
{
  spread_coordinates (work);
  return tsne_forces_run (&work->forces, work->options->progress, FIRST_SHARE + round, FIRST_SHARE + work->options->n_rounds, error);
}

static bool
run_rounds (struct work *work, struct dino_error *error)
{
  const int n_first = work->options->n_rounds / 4;

  for (int round = 0; round < work->options->n_rounds; round++)
    {
      const bool first = round < n_first;
      double     length;

      if (!compute_forces (work, round, error))
        return false;
      length = move_points (work, first ? EXAGGERATION : 1, first ? FIRST_MOMENTUM : MOMENTUM);
      work->found->n_rounds = round + 1;
      /* What was exaggerated begins anew. */
      if (round + 1 == n_first)
        for (size_t i = 0; i < 2 * work->found->n; i++)
          {
            work->updates[i] = 0;
            work->gains[i] = 1;
          }
      else if (!first && length <= MIN_GRADIENT)
        break;
    }
  return true;
}

static bool
measure (struct work *work, struct dino_error *error)
{
  double sum = 0;

  work->forces.divergence = true;
  if (!compute_forces (work, work->options->n_rounds, error))
    return false;
  for (size_t i = 0; i < work->found->n; i++)
    sum += work->forces.points[i].divergence;
  /* The probabilities are of sum 1. */
  work->found->divergence = sum + log (sum_of_forces (work));
  work->found->perplexity = work->affinities.perplexity;
  return true;
}

static bool
run (struct work *work, struct dino_error *error)
{
  const struct dino_progress progress = { report_first, work };

  if (!work_alloc (work, error) || !place_points (work, error) || !tsne_affinities_init (&work->affinities, work->points, work->options, &progress, error))
    return false;
  work->forces.affinities = &work->affinities;
  work->forces.team = work->options->team;
  work->forces.plane = work->found->plane;
  work->forces.x = work->x;
  work->forces.y = work->y;
  if (work->affinities.all == NULL && !tsne_tree_init (&work->forces.tree, work->points->n, error))
    return false;
  return run_rounds (work, error) && measure (work, error);
}

struct dino_tsne *
dino_tsne_new (const struct dino_points *points, const struct dino_tsne_options *options, struct dino_error *error)
{
  struct work work = { .points = points, .options = options };
  bool        done;

  if (points->n < DINO_TSNE_MIN_POINTS)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("t-SNE needs at least %zu vectors, not %zu."), DINO_TSNE_MIN_POINTS, points->n);
      return NULL;
    }
  done = run (&work, error);
  tsne_affinities_clear (&work.affinities);
  tsne_tree_clear (&work.forces.tree);
  dino_free (work.forces.points);
  dino_free (work.x);
  dino_free (work.y);
  dino_free (work.updates);
  dino_free (work.gains);
  if (done)
    return work.found;
  dino_tsne_free (work.found);
  return NULL;
}

void
dino_tsne_free (struct dino_tsne *tsne)
{
  if (tsne == NULL)
    return;
  dino_free (tsne->plane);
  dino_free (tsne);
}
