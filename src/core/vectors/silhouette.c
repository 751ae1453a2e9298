#include "core/vectors/silhouette.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/vectors/products.h"

struct work
{
  struct dino_silhouette *found;
  struct dino_points      points; /* those that are looked at */
  float                  *rows;   /* their values, when they are a sample */
  int                    *labels; /* [n] */
  int                     n_groups;
  size_t                 *sizes;   /* [n_groups] */
  float                  *mean;    /* [width] */
  float                  *squares; /* [n] from the mean */
  double                 *sums;    /* [n, n_groups] of distances */
};

static void
add_tile (void *data, const struct dino_product_tile *tile, int thread)
{
  const struct work *work = data;
  float              distances[DINO_PRODUCT_COLUMNS];

  (void) thread;
  for (size_t i = 0; i < tile->n_rows; i++)
    {
      const size_t point = tile->row + i;
      const float *products = tile->values + i * tile->stride, *squares = work->squares + tile->column;
      const int   *labels = work->labels + tile->column;
      double      *sums = work->sums + point * (size_t) work->n_groups;

      for (size_t j = 0; j < tile->n_columns; j++)
        distances[j] = sqrtf (fmaxf (work->squares[point] + squares[j] - 2 * products[j], 0));
      if (point >= tile->column && point < tile->column + tile->n_columns)
        distances[point - tile->column] = 0;
      for (size_t j = 0; j < tile->n_columns; j++)
        sums[labels[j]] += (double) distances[j];
    }
}

/* The drawn rows in ascending order. */
static bool
draw (size_t *rows, size_t n, size_t from, uint64_t seed, struct dino_error *error)
{
  struct dino_random random = dino_random (seed);
  size_t            *all = dino_alloc (from, sizeof *all, error);
  uint8_t           *taken = dino_alloc_zeroed (from, 1, error);
  const bool         done = all != NULL && taken != NULL;
  size_t             count = 0;

  for (size_t i = 0; done && i < from; i++)
    all[i] = i;
  if (done && n < from)
    dino_random_shuffle (&random, all, from);
  for (size_t i = 0; done && i < n; i++)
    taken[all[i]] = 1;
  for (size_t i = 0; done && i < from; i++)
    if (taken[i])
      rows[count++] = i;
  dino_free (all);
  dino_free (taken);
  return done;
}

static bool
copy_rows (struct work *work, const struct dino_points *from, struct dino_error *error)
{
  const size_t width = from->width;

  if (work->found->n == from->n)
    {
      work->points = *from;
      return true;
    }
  work->rows = dino_alloc (work->found->n, width * sizeof *work->rows, error);
  for (size_t i = 0; work->rows != NULL && i < work->found->n; i++)
    {
      float *out = work->rows + i * width;

      memmove (out, dino_points_row (from, work->found->rows[i], out), width * sizeof *out);
    }
  work->points = dino_points (work->rows, work->found->n, width);
  return work->rows != NULL;
}

static bool
work_init (struct work *work, const struct dino_points *from, const int *labels, uint64_t seed, struct dino_error *error)
{
  const size_t n = from->n < DINO_SILHOUETTE_EXACT ? from->n : DINO_SILHOUETTE_EXACT, n_groups = (size_t) work->n_groups;

  work->found = dino_alloc_zeroed (1, sizeof *work->found, error);
  if (work->found == NULL)
    return false;
  work->found->n = n;
  work->found->rows = dino_alloc (n, sizeof *work->found->rows, error);
  work->found->values = dino_alloc (n, sizeof *work->found->values, error);
  work->labels = dino_alloc (n, sizeof *work->labels, error);
  work->sizes = dino_alloc_zeroed (n_groups, sizeof *work->sizes, error);
  work->mean = dino_alloc (from->width, sizeof *work->mean, error);
  work->squares = dino_alloc (n, sizeof *work->squares, error);
  work->sums = dino_alloc_zeroed (n, n_groups * sizeof *work->sums, error);
  if (work->found->rows == NULL || work->found->values == NULL || work->labels == NULL || work->sizes == NULL || work->mean == NULL || work->squares == NULL ||
      work->sums == NULL || !draw (work->found->rows, n, from->n, seed, error) || !copy_rows (work, from, error))
    return false;
  for (size_t i = 0; i < n; i++)
    {
      work->labels[i] = labels[work->found->rows[i]];
      work->sizes[work->labels[i]]++;
    }
  dino_points_mean (&work->points, work->mean);
  return dino_squared_lengths (&work->points, work->mean, work->squares, error);
}

static void
work_clear (struct work *work)
{
  dino_free (work->rows);
  dino_free (work->labels);
  dino_free (work->sizes);
  dino_free (work->mean);
  dino_free (work->squares);
  dino_free (work->sums);
}

static float
value_of (const struct work *work, size_t point)
{
  const double *sums = work->sums + point * (size_t) work->n_groups;
  const int     own = work->labels[point];
  double        a, b = INFINITY;

  if (work->sizes[own] < 2)
    return 0;
  a = sums[own] / (double) (work->sizes[own] - 1);
  for (int group = 0; group < work->n_groups; group++)
    if (group != own && work->sizes[group] > 0)
      b = fmin (b, sums[group] / (double) work->sizes[group]);
  return fmax (a, b) > 0 ? (float) ((b - a) / fmax (a, b)) : 0;
}

static bool
check_groups (const struct work *work, struct dino_error *error)
{
  int filled = 0;

  for (int group = 0; group < work->n_groups; group++)
    filled += work->sizes[group] > 0;
  return filled > 1 || dino_error_set (error, DINO_CODE_ARGUMENT, _ ("All vectors are in one group, so that there is no silhouette."));
}

static void
fill_values (struct work *work)
{
  double sum = 0;

  for (size_t i = 0; i < work->found->n; i++)
    {
      work->found->values[i] = value_of (work, i);
      sum += (double) work->found->values[i];
    }
  work->found->mean = sum / (double) work->found->n;
}

struct dino_silhouette *
dino_silhouette_new (const struct dino_points   *points,
                     const int                  *labels,
                     int                         n_groups,
                     uint64_t                    seed,
                     struct dino_team           *team,
                     const struct dino_progress *progress,
                     struct dino_error          *error)
{
  struct work work = { .n_groups = n_groups };
  bool        done = work_init (&work, points, labels, seed, error) && check_groups (&work, error);

  if (done)
    {
      const struct dino_operand_rows rows = { .points = work.points, .mean = work.mean };

      done = dino_products_visit (&rows, &rows, false, team, progress, add_tile, &work, error);
    }
  if (done)
    fill_values (&work);
  work_clear (&work);
  if (done)
    return work.found;
  dino_silhouette_free (work.found);
  return NULL;
}

void
dino_silhouette_free (struct dino_silhouette *silhouette)
{
  if (silhouette == NULL)
    return;
  dino_free (silhouette->rows);
  dino_free (silhouette->values);
  dino_free (silhouette);
}
