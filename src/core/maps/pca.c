#include "core/maps/pca.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/maps/pca-private.h"

/* Rows brought to double and added to the covariance at a time. */
#define BATCH 256

/* LAPACK, as OpenBLAS carries it: selected eigenvalues and eigenvectors of a
 * symmetric matrix. The lengths of the three texts come last, by Fortran's rule. */
extern void dsyevr_ (const char   *jobz,
                     const char   *range,
                     const char   *uplo,
                     const int    *n,
                     double       *a,
                     const int    *lda,
                     const double *vl,
                     const double *vu,
                     const int    *il,
                     const int    *iu,
                     const double *abstol,
                     int          *m,
                     double       *w,
                     double       *z,
                     const int    *ldz,
                     int          *isuppz,
                     double       *work,
                     const int    *lwork,
                     int          *iwork,
                     const int    *liwork,
                     int          *info,
                     size_t        jobz_length,
                     size_t        range_length,
                     size_t        uplo_length);

struct dino_pca_fit
{
  int     n_channels;
  size_t  n_samples;
  double *shift;   /* [D] mean of the first batch: keeps the sums small */
  double *sum;     /* [D] of shifted tokens */
  double *scatter; /* [D, D] of shifted tokens, upper triangle */
  double *batch;   /* [BATCH, D] */
};

struct dino_pca_fit *
dino_pca_fit_new (int n_channels, struct dino_error *error)
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
  cblas_dsyrk (CblasRowMajor, CblasUpper, CblasTrans, fit->n_channels, count,
               1, fit->batch, fit->n_channels, 1, fit->scatter, fit->n_channels);
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

/* Covariance [D, D], upper triangle, n-1 in the denominator. Returns its trace. */
static double
covariance (const struct dino_pca_fit *fit, double *matrix)
{
  size_t channels = (size_t) fit->n_channels;
  double n = (double) fit->n_samples;
  double trace = 0;

  for (size_t i = 0; i < channels; i++)
    {
      for (size_t j = i; j < channels; j++)
        matrix[i * channels + j] = (fit->scatter[i * channels + j] - fit->sum[i] * fit->sum[j] / n) / (n - 1);
      matrix[i * channels + i] = fmax (matrix[i * channels + i], 0);
      trace += matrix[i * channels + i];
    }
  return trace;
}

/* The k largest eigenvalues, ascending in values [D], and their vectors, rows
 * of vectors [k, D]. matrix is destroyed. */
static bool
largest_eigenvectors (double *matrix, int n, int k, double *values, double *vectors, struct dino_error *error)
{
  const int    first = n - k + 1; /* counted from 1 */
  const double unused = 0;
  int          found = 0, info = 0;
  int          n_work = -1, n_iwork = -1;
  int          iwork_wanted = 0;
  double       work_wanted = 0;
  double      *work;
  int         *iwork, *support;

  /* A row-major upper triangle is a column-major lower one. */
  dsyevr_ ("V", "I", "L", &n, matrix, &n, &unused, &unused, &first, &n, &unused, &found, values, vectors, &n, NULL,
           &work_wanted, &n_work, &iwork_wanted, &n_iwork, &info, 1, 1, 1);
  n_work = (int) work_wanted;
  n_iwork = iwork_wanted;
  work = dino_alloc ((size_t) (n_work > 1 ? n_work : 1), sizeof (double), error);
  iwork = dino_alloc ((size_t) (n_iwork > 1 ? n_iwork : 1), sizeof (int), error);
  support = dino_alloc (2 * (size_t) n, sizeof (int), error);
  if (info == 0 && work != NULL && iwork != NULL && support != NULL)
    dsyevr_ ("V", "I", "L", &n, matrix, &n, &unused, &unused, &first, &n, &unused, &found, values, vectors, &n, support,
             work, &n_work, iwork, &n_iwork, &info, 1, 1, 1);
  dino_free (work);
  dino_free (iwork);
  dino_free (support);
  if (info == 0 && found == k)
    return true;
  return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The principal components of these tokens could not be computed."));
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
  if (!largest_eigenvectors (solution->matrix, fit->n_channels, n_components, solution->values, solution->vectors, error))
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
