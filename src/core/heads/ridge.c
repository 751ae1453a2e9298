#include "core/heads/ridge.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/blas.h"
#include "core/encoder/loop.h"

/* Columns of the products that a thread sums at once, and samples at a time. */
#define TILE 96
#define PANEL 128

/* LAPACK, as OpenBLAS carries it: a symmetric positive definite system. */
extern void dposv_ (const char *uplo, const int *n, const int *nrhs, double *a, const int *lda, double *b, const int *ldb, int *info, size_t uplo_length);

struct dino_ridge
{
  size_t  width;
  double *products; /* [width, width], tiles on and above the diagonal */
  double *targets;  /* [width], of features with targets */
  double *means;    /* [width], of the features as standardised */
  double  target_mean;
};

struct work
{
  struct dino_ridge         *ridge;
  const struct dino_samples *samples;
  const double              *targets;
  double                    *panels; /* [threads, 2, PANEL, TILE] */
  size_t                     n_tiles;
};

static void
centre (const struct work *work, double *panel, size_t count, size_t from, size_t width)
{
  for (size_t i = 0; i < count; i++)
    for (size_t f = 0; f < width; f++)
      panel[i * width + f] -= work->ridge->means[from + f];
}

static size_t
tile_width (const struct work *work, size_t tile)
{
  const size_t rest = work->ridge->width - tile * TILE;

  return rest < TILE ? rest : TILE;
}

/* Features' means, and on the way their products with the targets. */
static void
sum_means (struct work *work, size_t tile, double *panel)
{
  struct dino_ridge *ridge = work->ridge;
  const size_t       from = tile * TILE, width = tile_width (work, tile), n = work->samples->n;

  for (size_t first = 0; first < n; first += PANEL)
    {
      const size_t count = n - first < PANEL ? n - first : PANEL;

      dino_samples_read (work->samples, first, count, from, width, panel);
      for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < width; f++)
          {
            ridge->means[from + f] += panel[i * width + f];
            ridge->targets[from + f] += panel[i * width + f] * (work->targets[first + i] - ridge->target_mean);
          }
    }
  for (size_t f = from; f < from + width; f++)
    ridge->means[f] /= (double) n;
}

static void
mean_item (void *data, size_t item, int thread)
{
  struct work *work = data;

  sum_means (work, item, work->panels + (size_t) thread * 2 * PANEL * TILE);
}

/* Item numbers go over all pairs of tiles; those below the diagonal are nothing. */
static void
product_item (void *data, size_t item, int thread)
{
  struct work *work = data;
  const size_t one = item / work->n_tiles, other = item % work->n_tiles, n = work->samples->n, width = work->ridge->width;
  const size_t rows = tile_width (work, one), columns = tile_width (work, other);
  double      *left = work->panels + (size_t) thread * 2 * PANEL * TILE, *right = left + (size_t) PANEL * TILE;

  if (one > other)
    return;
  dino_blas_enter_thread ();
  for (size_t first = 0; first < n; first += PANEL)
    {
      const size_t count = n - first < PANEL ? n - first : PANEL;

      dino_samples_read (work->samples, first, count, one * TILE, rows, left);
      centre (work, left, count, one * TILE, rows);
      dino_samples_read (work->samples, first, count, other * TILE, columns, right);
      centre (work, right, count, other * TILE, columns);
      cblas_dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (blasint) rows, (blasint) columns, (blasint) count,
                   1, left, (blasint) rows, right, (blasint) columns, 1, work->ridge->products + one * TILE * width + other * TILE, (blasint) width);
    }
}

static bool
sum (struct work *work, struct dino_team *team, struct dino_error *error)
{
  const size_t n = work->samples->n;

  work->n_tiles = (work->ridge->width + TILE - 1) / TILE;
  work->panels = dino_alloc (dino_loop_threads (team) * 2 * PANEL * TILE, sizeof (double), error);
  if (work->panels == NULL)
    return false;
  for (size_t i = 0; i < n; i++)
    work->ridge->target_mean += work->targets[i];
  work->ridge->target_mean /= (double) n;
  dino_loop_run (team, work->n_tiles, mean_item, work);
  dino_loop_run (team, work->n_tiles * work->n_tiles, product_item, work);
  dino_free (work->panels);
  return true;
}

struct dino_ridge *
dino_ridge_new (const struct dino_samples *samples, const double *targets, struct dino_team *team, struct dino_error *error)
{
  const size_t       width = samples->n_features;
  struct dino_ridge *ridge = dino_alloc_zeroed (1, sizeof *ridge, error);
  struct work        work = { .ridge = ridge, .samples = samples, .targets = targets };
  size_t             n_products;

  if (ridge == NULL)
    return NULL;
  ridge->width = width;
  if (dino_multiply (width, width, &n_products))
    {
      ridge->products = dino_alloc_zeroed (n_products, sizeof (double), error);
      ridge->targets = dino_alloc_zeroed (width, sizeof (double), error);
      ridge->means = dino_alloc_zeroed (width, sizeof (double), error);
      if (ridge->products != NULL && ridge->targets != NULL && ridge->means != NULL && sum (&work, team, error))
        return ridge;
    }
  dino_ridge_free (ridge);
  return NULL;
}

void
dino_ridge_free (struct dino_ridge *ridge)
{
  if (ridge == NULL)
    return;
  dino_free (ridge->products);
  dino_free (ridge->targets);
  dino_free (ridge->means);
  dino_free (ridge);
}

/* Of Cholesky's factor: nothing but rounding is left of some feature once the others are known. */
static bool
is_singular (const double *factor, const double *products, size_t width)
{
  double largest = 0, least = INFINITY;

  for (size_t f = 0; f < width; f++)
    {
      largest = fmax (largest, products[f * width + f]);
      least = fmin (least, factor[f * width + f]);
    }
  return least * least <= (double) width * DBL_EPSILON * largest;
}

bool
dino_ridge_solve (const struct dino_ridge *ridge, double l2, double *parameters, struct dino_error *error)
{
  const size_t width = ridge->width;
  const int    n = (int) width, one = 1;
  double      *matrix = dino_alloc (width * width, sizeof *matrix, error);
  int          info = 0;
  bool         singular;

  if (matrix == NULL)
    return false;
  memcpy (matrix, ridge->products, width * width * sizeof *matrix);
  for (size_t f = 0; f < width; f++)
    matrix[f * width + f] += l2;
  memcpy (parameters, ridge->targets, width * sizeof *parameters);
  dino_blas_enter_thread ();
  /* A row-major upper triangle is a column-major lower one. */
  dposv_ ("L", &n, &one, matrix, &n, parameters, &n, &info, 1);
  singular = info != 0 || is_singular (matrix, ridge->products, width);
  dino_free (matrix);
  if (singular)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Features depend on each other: ridge regression needs a larger L2 strength than %g."), l2);
  parameters[width] = ridge->target_mean;
  for (size_t f = 0; f < width; f++)
    parameters[width] -= parameters[f] * ridge->means[f];
  return true;
}
