#include "core/maps/pca.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/kernels.h"
#include "core/maps/eigen.h"
#include "core/encoder/loop.h"
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

/* Without leaving early, which is no faster: several values are looked at at a time. */
static bool
all_finite (const float *values, size_t count)
{
  int bad = 0;

  for (size_t i = 0; i < count; i++)
    bad |= !isfinite (values[i]);
  return bad == 0;
}

/* The next up to BATCH unmasked rows from *row on; returns how many and moves *row. */
static size_t
gather (size_t rows[BATCH], size_t n, const uint8_t *mask, size_t *row)
{
  size_t count = 0;

  for (; *row < n && count < BATCH; ++*row)
    if (mask == NULL || mask[*row] != 0)
      rows[count++] = *row;
  return count;
}

struct batch_loop
{
  struct dino_pca_fit *fit;
  const float         *tokens; /* [n, D] */
  const size_t        *rows;   /* [count] */
  size_t               count;
};

/* The mean of the rows in some channels. */
static void
set_shift (const struct batch_loop *loop, size_t begin, size_t end)
{
  const size_t channels = (size_t) loop->fit->n_channels;
  double *restrict shift = loop->fit->shift;

  for (size_t i = 0; i < loop->count; i++)
    {
      const float *restrict token = loop->tokens + loop->rows[i] * channels;

      for (size_t c = begin; c < end; c++)
        shift[c] += token[c];
    }
  for (size_t c = begin; c < end; c++)
    shift[c] /= (double) loop->count;
}

/* Some channels of the rows, brought to double, shifted and summed. */
static void
batch_item (void *data, size_t item, int thread)
{
  const struct batch_loop *loop = data;
  struct dino_pca_fit     *fit = loop->fit;
  const size_t             channels = (size_t) fit->n_channels, begin = item * TILE, end = begin + TILE < channels ? begin + TILE : channels;
  const double *restrict shift = fit->shift;
  double *restrict sum = fit->sum;

  if (fit->n_samples == 0)
    set_shift (loop, begin, end);
  for (size_t i = 0; i < loop->count; i++)
    {
      const float *restrict token = loop->tokens + loop->rows[i] * channels;
      double *restrict row = fit->batch + i * channels;

      for (size_t c = begin; c < end; c++)
        {
          row[c] = token[c] - shift[c];
          sum[c] += row[c];
        }
    }
}

/* Rows and columns that an item works on: the tiles on and above the diagonal, row by row. */
struct tile
{
  size_t row, column, rows, columns;
};

/* Of a side. */
static size_t
n_tiles (const struct dino_pca_fit *fit)
{
  return ((size_t) fit->n_channels + TILE - 1) / TILE;
}

static size_t
n_tile_items (const struct dino_pca_fit *fit)
{
  return n_tiles (fit) * (n_tiles (fit) + 1) / 2;
}

static struct tile
find_tile (const struct dino_pca_fit *fit, size_t item)
{
  const size_t channels = (size_t) fit->n_channels;
  struct tile  tile = { 0 };
  size_t       row = 0;

  while (item >= n_tiles (fit) - row)
    item -= n_tiles (fit) - row++;
  tile.row = row * TILE;
  tile.column = (row + item) * TILE;
  tile.rows = channels - tile.row < TILE ? channels - tile.row : TILE;
  tile.columns = channels - tile.column < TILE ? channels - tile.column : TILE;
  return tile;
}

struct scatter_loop
{
  struct dino_pca_fit *fit;
  size_t               count;
};

static void
scatter_item (void *data, size_t item, int thread)
{
  const struct scatter_loop *loop = data;
  struct dino_pca_fit       *fit = loop->fit;
  const struct tile          tile = find_tile (fit, item);
  const size_t               channels = (size_t) fit->n_channels;

  fit->kernels->add_products (fit->batch + tile.row, tile.rows, fit->batch + tile.column, tile.columns, loop->count, channels,
                              fit->scatter + tile.row * channels + tile.column, channels);
}

static void
add_batch (struct dino_pca_fit *fit, const float *tokens, const size_t *rows, size_t count)
{
  struct batch_loop   batch = { fit, tokens, rows, count };
  struct scatter_loop scatter = { fit, count };

  dino_loop_run (fit->team, n_tiles (fit), batch_item, &batch);
  dino_loop_run (fit->team, n_tile_items (fit), scatter_item, &scatter);
  fit->n_samples += count;
}

bool
dino_pca_fit_add (struct dino_pca_fit *fit, const float *tokens, size_t n, const uint8_t *mask, struct dino_error *error)
{
  size_t rows[BATCH], row = 0, count;

  for (size_t i = 0; i < n; i++)
    if ((mask == NULL || mask[i] != 0) && !all_finite (tokens + i * (size_t) fit->n_channels, (size_t) fit->n_channels))
      return dino_pca_set_not_finite (error);
  while ((count = gather (rows, n, mask, &row)) > 0)
    add_batch (fit, tokens, rows, count);
  return true;
}

struct covariance_loop
{
  const struct dino_pca_fit *fit;
  double                    *matrix; /* [D, D] */
};

/* A tile and its mirror image. */
static void
covariance_item (void *data, size_t item, int thread)
{
  const struct covariance_loop *loop = data;
  const struct dino_pca_fit    *fit = loop->fit;
  const struct tile             tile = find_tile (fit, item);
  const size_t                  channels = (size_t) fit->n_channels, end_row = tile.row + tile.rows, end = tile.column + tile.columns;
  const double                  n = (double) fit->n_samples;

  for (size_t i = tile.row; i < end_row; i++)
    for (size_t j = tile.row == tile.column ? i : tile.column; j < end; j++)
      loop->matrix[i * channels + j] = loop->matrix[j * channels + i] = (fit->scatter[i * channels + j] - fit->sum[i] * fit->sum[j] / n) / (n - 1);
}

/* Covariance [D, D], n-1 in the denominator. Returns its trace. */
static double
covariance (const struct dino_pca_fit *fit, double *matrix)
{
  struct covariance_loop loop = { fit, matrix };
  double                 trace = 0;

  dino_loop_run (fit->team, n_tile_items (fit), covariance_item, &loop);
  for (size_t i = 0; i < (size_t) fit->n_channels; i++)
    {
      double *variance = matrix + i * (size_t) (fit->n_channels + 1);

      *variance = fmax (*variance, 0);
      trace += *variance;
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
