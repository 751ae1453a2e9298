#include "core/maps/pca.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/kernels.h"
#include "core/maps/eigen.h"
#include "core/maps/loop.h"
#include "core/maps/pca-private.h"

/* Rows brought to double and added to the covariance at a time. */
#define BATCH 256

/* Rows and columns of the covariance that a thread sums at once. */
#define TILE 96

struct dino_pca_fit
{
  int               n_channels;
  struct dino_team *team; /* or NULL */

  const struct dino_kernels *kernels;
  size_t                     n_samples;
  double                    *shift;   /* [D] mean of the first batch: keeps the sums small */
  double                    *sum;     /* [D] of shifted tokens */
  double                    *scatter; /* [D, D] of shifted tokens, upper triangle of tiles */
  double                    *batch;   /* [BATCH, D] */
};

struct dino_pca_fit *
dino_pca_fit_new (int n_channels, struct dino_team *team, struct dino_error *error)
{
  struct dino_pca_fit *fit;
  size_t               channels = (size_t) n_channels;

  if (n_channels < 1 || n_channels > DINO_PCA_MAX_CHANNELS)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Principal components of tokens of %d channels cannot be computed."), n_channels);
      return NULL;
    }
  fit = dino_alloc_zeroed (1, sizeof *fit, error);
  if (fit == NULL)
    return NULL;
  fit->n_channels = n_channels;
  fit->team = team;
  fit->kernels = dino_kernels_for (dino_isa_detect ());
  fit->shift = dino_alloc_zeroed (channels, sizeof (double), error);
  fit->sum = dino_alloc_zeroed (channels, sizeof (double), error);
  fit->scatter = dino_alloc_zeroed (channels * channels, sizeof (double), error);
  fit->batch = dino_alloc (BATCH * channels, sizeof (double), error);
  if (fit->shift == NULL || fit->sum == NULL || fit->scatter == NULL || fit->batch == NULL)
    {
      dino_pca_fit_free (fit);
      return NULL;
    }
  return fit;
}

void
dino_pca_fit_free (struct dino_pca_fit *fit)
{
  if (fit == NULL)
    return;
  dino_free (fit->shift);
  dino_free (fit->sum);
  dino_free (fit->scatter);
  dino_free (fit->batch);
  dino_free (fit);
}

static bool
all_finite (const float *values, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (!isfinite (values[i]))
      return false;
  return true;
}

/* Copies up to BATCH unmasked rows from *row on; returns how many and moves *row. */
static int
gather (struct dino_pca_fit *fit, const float *tokens, size_t n, const uint8_t *mask, size_t *row)
{
  size_t channels = (size_t) fit->n_channels;
  int    count = 0;

  for (; *row < n && count < BATCH; ++*row)
    {
      const float *token = tokens + *row * channels;
      double      *target = fit->batch + (size_t) count * channels;

      if (mask != NULL && mask[*row] == 0)
        continue;
      for (size_t c = 0; c < channels; c++)
        target[c] = token[c];
      count++;
    }
  return count;
}

static void
set_shift (struct dino_pca_fit *fit, int count)
{
  size_t channels = (size_t) fit->n_channels;

  for (int i = 0; i < count; i++)
    for (size_t c = 0; c < channels; c++)
      fit->shift[c] += fit->batch[(size_t) i * channels + c];
  for (size_t c = 0; c < channels; c++)
    fit->shift[c] /= count;
}

struct scatter_loop
{
  struct dino_pca_fit *fit;
  int                  count, n_tiles; /* tiles of a side */
};

/* Item counts the tiles on and above the diagonal, row by row. */
static void
scatter_item (void *data, size_t item, int thread)
{
  const struct scatter_loop *loop = data;
  struct dino_pca_fit       *fit = loop->fit;
  int                        row = 0, column, rows, columns;

  while (item >= (size_t) (loop->n_tiles - row))
    item -= (size_t) (loop->n_tiles - row++);
  column = (row + (int) item) * TILE;
  row *= TILE;
  rows = fit->n_channels - row < TILE ? fit->n_channels - row : TILE;
  columns = fit->n_channels - column < TILE ? fit->n_channels - column : TILE;
  fit->kernels->add_products (fit->batch + row, (size_t) rows, fit->batch + column, (size_t) columns, (size_t) loop->count, (size_t) fit->n_channels,
                              fit->scatter + (size_t) row * (size_t) fit->n_channels + (size_t) column, (size_t) fit->n_channels);
}

static void
add_scatter (struct dino_pca_fit *fit, int count)
{
  const int           n_tiles = (fit->n_channels + TILE - 1) / TILE;
  struct scatter_loop loop = { fit, count, n_tiles };
  const size_t        n_items = (size_t) n_tiles * (size_t) (n_tiles + 1) / 2;

  dino_loop_run (fit->team, n_items, scatter_item, &loop);
}

static void
add_batch (struct dino_pca_fit *fit, int count)
{
  size_t channels = (size_t) fit->n_channels;

  if (fit->n_samples == 0)
    set_shift (fit, count);
  for (int i = 0; i < count; i++)
    for (size_t c = 0; c < channels; c++)
      {
        fit->batch[(size_t) i * channels + c] -= fit->shift[c];
        fit->sum[c] += fit->batch[(size_t) i * channels + c];
      }
  add_scatter (fit, count);
  fit->n_samples += (size_t) count;
}

bool
dino_pca_fit_add (struct dino_pca_fit *fit, const float *tokens, size_t n, const uint8_t *mask, struct dino_error *error)
{
  size_t row = 0;
  int    count;

  for (size_t i = 0; i < n; i++)
    if ((mask == NULL || mask[i] != 0) && !all_finite (tokens + i * (size_t) fit->n_channels, (size_t) fit->n_channels))
      return dino_pca_set_not_finite (error);
  while ((count = gather (fit, tokens, n, mask, &row)) > 0)
    add_batch (fit, count);
  return true;
}

/* Covariance [D, D], n-1 in the denominator. Returns its trace. */
static double
covariance (const struct dino_pca_fit *fit, double *matrix)
{
  size_t channels = (size_t) fit->n_channels;
  double n = (double) fit->n_samples;
  double trace = 0;

  for (size_t i = 0; i < channels; i++)
    {
      for (size_t j = i; j < channels; j++)
        matrix[i * channels + j] = matrix[j * channels + i] = (fit->scatter[i * channels + j] - fit->sum[i] * fit->sum[j] / n) / (n - 1);
      matrix[i * channels + i] = fmax (matrix[i * channels + i], 0);
      trace += matrix[i * channels + i];
    }
  return trace;
}

/* An eigenvector's sign is arbitrary: the loading of largest magnitude is
 * made positive, the first of several. */
static double
sign_of (const double *vector, int n_channels)
{
  int largest = 0;

  for (int c = 1; c < n_channels; c++)
    if (fabs (vector[c]) > fabs (vector[largest]))
      largest = c;
  return vector[largest] < 0 ? -1 : 1;
}

static void
fill_component (struct dino_pca *pca, int component, const double *vector, double value, double total)
{
  double *target = pca->components + (size_t) component * (size_t) pca->n_channels;
  double  sign = sign_of (vector, pca->n_channels);

  for (int c = 0; c < pca->n_channels; c++)
    target[c] = sign * vector[c];
  pca->variance[component] = value;
  pca->variance_ratio[component] = value / total;
}

/* The first reason why these samples have no n_components directions. */
static bool
check_samples (const struct dino_pca_fit *fit, int n_components, struct dino_error *error)
{
  if (n_components < 1 || n_components > fit->n_channels)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Tokens of %d channels do not have %d principal components."), fit->n_channels, n_components);
  if (fit->n_samples <= (size_t) n_components)
    return dino_error_set (error, DINO_CODE_ARGUMENT,
                           _ ("%zu tokens are too few for principal component %d."), fit->n_samples, n_components);
  return true;
}

/* What the solver works on and finds. */
struct solution
{
  double *matrix;  /* [D, D] covariance, destroyed */
  double *values;  /* [D], the first n_components in ascending order */
  double *vectors; /* [n_components, D] */
  double  total;   /* variance of all directions */
};

static bool
solve (const struct dino_pca_fit *fit, int n_components, struct solution *solution, struct dino_error *error)
{
  size_t channels = (size_t) fit->n_channels;

  solution->matrix = dino_alloc (channels * channels, sizeof (double), error);
  solution->values = dino_alloc (channels, sizeof (double), error);
  solution->vectors = dino_alloc (channels * (size_t) n_components, sizeof (double), error);
  if (solution->matrix == NULL || solution->values == NULL || solution->vectors == NULL)
    return false;
  solution->total = covariance (fit, solution->matrix);
  if (!dino_largest_eigenvectors (solution->matrix, fit->n_channels, n_components, fit->team, solution->values, solution->vectors, error))
    return false;
  /* What rounding leaves of a direction without variance has no meaning. */
  if (!(solution->values[0] > solution->total * DBL_EPSILON * (double) channels))
    return dino_error_set (error, DINO_CODE_ARGUMENT,
                           _ ("The tokens do not vary enough to have principal component %d."), n_components);
  return true;
}

static struct dino_pca *
pca_from_solution (const struct dino_pca_fit *fit, int n_components, const struct solution *solution, struct dino_error *error)
{
  size_t           channels = (size_t) fit->n_channels;
  struct dino_pca *pca = dino_pca_new (n_components, fit->n_channels, error);

  if (pca == NULL)
    return NULL;
  pca->n_samples = fit->n_samples;
  for (size_t c = 0; c < channels; c++)
    pca->mean[c] = fit->shift[c] + fit->sum[c] / (double) fit->n_samples;
  for (int k = 0; k < n_components; k++)
    {
      size_t from = (size_t) (n_components - 1 - k);

      fill_component (pca, k, solution->vectors + from * channels, solution->values[from], solution->total);
    }
  return pca;
}

struct dino_pca *
dino_pca_fit_finish (const struct dino_pca_fit *fit, int n_components, struct dino_error *error)
{
  struct solution  solution = { 0 };
  struct dino_pca *pca = NULL;

  if (check_samples (fit, n_components, error) && solve (fit, n_components, &solution, error))
    pca = pca_from_solution (fit, n_components, &solution, error);
  dino_free (solution.matrix);
  dino_free (solution.values);
  dino_free (solution.vectors);
  return pca;
}
