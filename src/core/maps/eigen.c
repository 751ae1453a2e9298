#include "core/maps/eigen.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/blas.h"
#include "core/encoder/loop.h"

/* Below this, and above so many vectors, LAPACK is as fast. */
#define MIN_SIZE 192
#define MAX_VECTORS 8

/* Vectors that are multiplied at once: some more than are wanted, since what
 * lies close together is then found together. */
#define EXTRA_VECTORS 5

/* Of the space, in blocks. */
#define FIRST_CHECK 6
#define MAX_STEPS 24

/* |A v - lambda v| against the largest eigenvalue. Of a vector, the error is
 * that over the distance to the next eigenvalue. */
#define TOLERANCE 1e-11

/* Rows of the matrix that a thread multiplies at once. */
#define ROWS 96

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

bool
dino_largest_eigenvectors_lapack (double *matrix, int n, int k, double *values, double *vectors, struct dino_error *error)
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

/* A growing space; vectors are rows. */
struct space
{
  const double     *matrix;
  int               n, block, size; /* size: vectors there */
  struct dino_team *team;
  double           *basis;  /* [capacity + block, n], orthonormal */
  double           *images; /* [capacity, n]: basis times matrix */
  double           *ritz;   /* [capacity, capacity]: basis matrix basis^T, all of it */
  double           *small;  /* [capacity, capacity]: work */
  double           *values, *weights, *products;
  int               capacity;
};

static void
space_clear (struct space *space)
{
  dino_free (space->basis);
  dino_free (space->images);
  dino_free (space->ritz);
  dino_free (space->small);
  dino_free (space->values);
  dino_free (space->weights);
  dino_free (space->products);
}

static bool
space_init (struct space *space, const double *matrix, int n, int k, struct dino_team *team, struct dino_error *error)
{
  const int    block = k + EXTRA_VECTORS, capacity = block * MAX_STEPS;
  const size_t columns = (size_t) n;

  *space = (struct space){ .matrix = matrix, .n = n, .block = block, .team = team, .capacity = capacity };
  return (space->basis = dino_alloc ((size_t) capacity + (size_t) block, columns * sizeof (double), error)) != NULL &&
         (space->images = dino_alloc ((size_t) capacity, columns * sizeof (double), error)) != NULL &&
         (space->ritz = dino_alloc ((size_t) capacity, (size_t) capacity * sizeof (double), error)) != NULL &&
         (space->small = dino_alloc ((size_t) capacity, (size_t) capacity * sizeof (double), error)) != NULL &&
         (space->values = dino_alloc ((size_t) capacity, sizeof (double), error)) != NULL &&
         (space->weights = dino_alloc ((size_t) capacity, MAX_VECTORS * sizeof (double), error)) != NULL &&
         (space->products = dino_alloc ((size_t) capacity, sizeof (double), error)) != NULL;
}

/* Numbers that repeat nothing: a linear congruence (Knuth's multiplier). */
static void
fill_start (double *vectors, size_t count)
{
  uint64_t state = 1;

  for (size_t i = 0; i < count; i++)
    {
      state = state * 6364136223846793005u + 1442695040888963407u;
      vectors[i] = (double) (state >> 11) * 0x1p-53 - 0.5;
    }
}

/* Makes a vector orthogonal to the n_others before it, twice, and of length 1.
 * False when it lies among them: the matrix is of low rank. */
static bool
orthonormalise (struct space *space, double *vector, int n_others)
{
  const double before = cblas_dnrm2 (space->n, vector, 1);
  double       after;

  for (int pass = 0; pass < 2 && n_others > 0; pass++)
    {
      cblas_dgemv (CblasRowMajor, CblasNoTrans, n_others, space->n, 1, space->basis, space->n, vector, 1, 0, space->products, 1);
      cblas_dgemv (CblasRowMajor, CblasTrans, n_others, space->n, -1, space->basis, space->n, space->products, 1, 1, vector, 1);
    }
  after = cblas_dnrm2 (space->n, vector, 1);
  if (!(after > 1e-13 * before))
    return false;
  cblas_dscal (space->n, 1 / after, vector, 1);
  return true;
}

struct image_loop
{
  const struct space *space;
  const double       *vectors;
  double             *images;
};

/* Some columns of the images: rows of the matrix, which is symmetric. */
static void
image_item (void *data, size_t item, int thread)
{
  const struct image_loop *loop = data;
  const struct space      *space = loop->space;
  const int                first = (int) item * ROWS, rows = space->n - first < ROWS ? space->n - first : ROWS;

  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, space->block, rows, space->n, 1, loop->vectors, space->n,
               space->matrix + (size_t) first * (size_t) space->n, space->n, 0, loop->images + first, space->n);
}

static void
multiply (struct space *space, const double *vectors, double *images)
{
  struct image_loop loop = { space, vectors, images };
  const size_t      n_items = (size_t) (space->n + ROWS - 1) / ROWS;

  dino_loop_run (space->team, n_items, image_item, &loop);
}

/* Takes in the block of new vectors behind the basis; false when they are no
 * more directions. */
static bool
grow (struct space *space)
{
  const size_t n = (size_t) space->n;
  double      *added = space->basis + (size_t) space->size * n, *images = space->images + (size_t) space->size * n;
  const int    size = space->size + space->block;

  for (int i = 0; i < space->block; i++)
    if (!orthonormalise (space, added + (size_t) i * n, space->size + i))
      return false;
  multiply (space, added, images);
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, size, space->block, space->n, 1, space->basis, space->n, images, space->n, 0,
               space->ritz + space->size, space->capacity);
  for (int i = 0; i < space->size; i++)
    for (int j = space->size; j < size; j++)
      space->ritz[(size_t) j * (size_t) space->capacity + (size_t) i] = space->ritz[(size_t) i * (size_t) space->capacity + (size_t) j];
  space->size = size;
  memcpy (space->basis + (size_t) size * n, images, (size_t) space->block * n * sizeof *images);
  return true;
}

/* The best approximations that the space has; weights [k, size]. */
static bool
solve_small (struct space *space, int k, struct dino_error *error)
{
  for (int i = 0; i < space->size; i++)
    for (int j = 0; j < space->size; j++)
      space->small[i * space->size + j] = 0.5 * (space->ritz[(size_t) i * (size_t) space->capacity + (size_t) j] +
                                                 space->ritz[(size_t) j * (size_t) space->capacity + (size_t) i]);
  return dino_largest_eigenvectors_lapack (space->small, space->size, k, space->values, space->weights, error);
}

/* The approximations as vectors [k, n], and whether all are good enough. */
static bool
are_good (struct space *space, int k, double *vectors)
{
  double *residuals = space->basis + (size_t) space->size * (size_t) space->n; /* [block, n]: overwritten */
  bool    good = true;

  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, k, space->n, space->size, 1, space->weights, space->size, space->basis, space->n, 0, vectors, space->n);
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, k, space->n, space->size, 1, space->weights, space->size, space->images, space->n, 0, residuals, space->n);
  for (int i = 0; i < k; i++)
    {
      double *residual = residuals + (size_t) i * (size_t) space->n;

      cblas_daxpy (space->n, -space->values[i], vectors + (size_t) i * (size_t) space->n, 1, residual, 1);
      good = good && cblas_dnrm2 (space->n, residual, 1) <= TOLERANCE * space->values[k - 1];
    }
  /* What they stood upon goes on from the last images. */
  memcpy (residuals, space->images + (size_t) (space->size - space->block) * (size_t) space->n, (size_t) space->block * (size_t) space->n * sizeof *residuals);
  return good;
}

/* False without an error: it did not come to the tolerance, or to an end. */
static bool
iterate (struct space *space, int k, double *values, double *vectors, struct dino_error *error)
{
  fill_start (space->basis, (size_t) space->block * (size_t) space->n);
  for (int step = 1; step <= MAX_STEPS; step++)
    {
      if (!grow (space))
        return false;
      if (step < FIRST_CHECK || step % 3 != 0)
        continue;
      if (!solve_small (space, k, error))
        return false;
      if (are_good (space, k, vectors))
        {
          memcpy (values, space->values, (size_t) k * sizeof *values);
          return true;
        }
    }
  return false;
}

bool
dino_largest_eigenvectors (double *matrix, int n, int k, struct dino_team *team, double *values, double *vectors, struct dino_error *error)
{
  struct dino_error failure = { 0 };
  struct space      space = { 0 };
  bool              found;

  dino_blas_enter_thread ();
  if (n < MIN_SIZE || k > MAX_VECTORS)
    return dino_largest_eigenvectors_lapack (matrix, n, k, values, vectors, error);
  found = space_init (&space, matrix, n, k, team, &failure) && iterate (&space, k, values, vectors, &failure);
  space_clear (&space);
  if (!found && failure.code != DINO_CODE_NONE)
    return dino_error_set (error, failure.code, "%s", failure.message);
  return found || dino_largest_eigenvectors_lapack (matrix, n, k, values, vectors, error);
}
