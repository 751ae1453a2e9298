#include "core/vectors/representation.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/blas.h"
#include "core/encoder/kernels.h"
#include "core/encoder/loop.h"

/* Channels of either side that a thread multiplies at once, and rows that are
 * brought to double at a time. */
#define TILE ((size_t) 96)
#define BATCH ((size_t) 256)

/* LAPACK, as OpenBLAS carries it: all eigenvalues of a symmetric matrix. */
extern void dsyev_ (const char *jobz,
                    const char *uplo,
                    const int  *n,
                    double     *a,
                    const int  *lda,
                    double     *w,
                    double     *work,
                    const int  *lwork,
                    int        *info,
                    size_t      jobz_length,
                    size_t      uplo_length);

void
dino_center_rows (float *rows, size_t n, size_t width)
{
  for (size_t c = 0; n > 0 && c < width; c++)
    {
      double sum = 0;

      for (size_t i = 0; i < n; i++)
        sum += (double) rows[i * width + c];
      for (size_t i = 0; i < n; i++)
        rows[i * width + c] = (float) ((double) rows[i * width + c] - sum / (double) n);
    }
}

/* first^T second, tile by tile. */
struct cross
{
  const struct dino_representation *first, *second;
  size_t                            n;
  const struct dino_kernels        *kernels;
  double                           *scratch; /* [threads, 2 BATCH TILE + TILE TILE] */
  double                           *squares; /* [tiles] sums of the products' squares, or NULL; else */
  double                           *matrix;  /* [first's width, second's width] */
};

#define SCRATCH (2 * BATCH * TILE + TILE * TILE)

static size_t
n_tiles (size_t width)
{
  return (width + TILE - 1) / TILE;
}

/* Some channels of some rows, [rows, TILE] with rows every TILE. */
static void
widen (const struct dino_representation *representation, size_t row, size_t n_rows, size_t channel, size_t n_channels, double *out)
{
  for (size_t i = 0; i < n_rows; i++)
    for (size_t c = 0; c < n_channels; c++)
      out[i * TILE + c] = (double) representation->rows[(row + i) * representation->width + channel + c];
}

static void
cross_item (void *data, size_t item, int thread)
{
  const struct cross *cross = data;
  const size_t        across = n_tiles (cross->second->width), i = item / across * TILE, j = item % across * TILE;
  const size_t        n_i = cross->first->width - i < TILE ? cross->first->width - i : TILE;
  const size_t        n_j = cross->second->width - j < TILE ? cross->second->width - j : TILE;
  double             *a = cross->scratch + (size_t) thread * SCRATCH, *b = a + BATCH * TILE, *sums = b + BATCH * TILE;
  double              square = 0;

  memset (sums, 0, TILE * TILE * sizeof *sums);
  for (size_t row = 0; row < cross->n; row += BATCH)
    {
      const size_t n_rows = cross->n - row < BATCH ? cross->n - row : BATCH;

      widen (cross->first, row, n_rows, i, n_i, a);
      widen (cross->second, row, n_rows, j, n_j, b);
      cross->kernels->add_products (a, n_i, b, n_j, n_rows, TILE, sums, TILE);
    }
  for (size_t x = 0; x < n_i; x++)
    for (size_t y = 0; y < n_j; y++)
      {
        square += sums[x * TILE + y] * sums[x * TILE + y];
        if (cross->matrix != NULL)
          cross->matrix[(i + x) * cross->second->width + j + y] = sums[x * TILE + y];
      }
  if (cross->squares != NULL)
    cross->squares[item] = square;
}

static void
run_cross (struct cross *cross, struct dino_team *team)
{
  dino_loop_run (team, n_tiles (cross->first->width) * n_tiles (cross->second->width), cross_item, cross);
}

/* ||first^T second||^2, which is the sum of products of the Gram matrices' elements. */
static double
squared_product (struct cross *cross, const struct dino_representation *first, const struct dino_representation *second, struct dino_team *team)
{
  const size_t tiles = n_tiles (first->width) * n_tiles (second->width);
  double       sum = 0;

  cross->first = first;
  cross->second = second;
  run_cross (cross, team);
  for (size_t i = 0; i < tiles; i++)
    sum += cross->squares[i];
  return sum;
}

/* The diagonal of the Gram matrix, [n]. */
static void
fill_diagonal (const struct dino_representation *representation, size_t n, double *diagonal)
{
  for (size_t i = 0; i < n; i++)
    {
      diagonal[i] = 0;
      for (size_t c = 0; c < representation->width; c++)
        diagonal[i] += (double) representation->rows[i * representation->width + c] * (double) representation->rows[i * representation->width + c];
    }
}

/* HSIC up to a factor that cancels. Rows of a Gram matrix of centred vectors
 * add up to nothing, so that without their diagonal they add up to minus that. */
static double
hsic (double product, const double *one, const double *other, size_t n, bool debiased)
{
  double diagonals = 0, trace_one = 0, trace_other = 0;

  if (!debiased)
    return product;
  for (size_t i = 0; i < n; i++)
    {
      diagonals += one[i] * other[i];
      trace_one += one[i];
      trace_other += other[i];
    }
  return product - diagonals + trace_one * trace_other / ((double) (n - 1) * (double) (n - 2)) - 2 * diagonals / (double) (n - 2);
}

struct cka
{
  struct cross cross;
  size_t       n;
  bool         debiased;
  double      *diagonals[2]; /* [n_first or n_second, n] */
  double      *own[2];       /* HSIC of each with itself */
};

static bool
cka_init (struct cka *cka, const struct dino_representation *const sides[2], const size_t counts[2], struct dino_team *team, struct dino_error *error)
{
  size_t widest = 1;
  bool   good = true;

  for (int side = 0; side < 2; side++)
    {
      cka->diagonals[side] = dino_alloc (counts[side], cka->n * sizeof (double), error);
      cka->own[side] = dino_alloc (counts[side], sizeof (double), error);
      good = good && cka->diagonals[side] != NULL && cka->own[side] != NULL;
      for (size_t i = 0; i < counts[side]; i++)
        widest = sides[side][i].width > widest ? sides[side][i].width : widest;
    }
  cka->cross.n = cka->n;
  cka->cross.kernels = dino_kernels_for (dino_isa_detect ());
  cka->cross.squares = dino_alloc (n_tiles (widest), n_tiles (widest) * sizeof (double), error);
  cka->cross.scratch = dino_alloc (dino_loop_threads (team), SCRATCH * sizeof (double), error);
  return good && cka->cross.squares != NULL && cka->cross.scratch != NULL;
}

static void
cka_clear (struct cka *cka)
{
  for (int side = 0; side < 2; side++)
    {
      dino_free (cka->diagonals[side]);
      dino_free (cka->own[side]);
    }
  dino_free (cka->cross.squares);
  dino_free (cka->cross.scratch);
}

static bool
go_on (const struct dino_progress *progress, size_t done, size_t total, struct dino_error *error)
{
  return dino_progress_report (progress, (int) done, (int) total) || dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
}

static bool
measure (struct cka *cka, const struct dino_representation *const sides[2], const size_t counts[2], struct dino_team *team, const struct dino_progress *progress, double *out, struct dino_error *error)
{
  const size_t total = counts[0] + counts[1] + counts[0] * counts[1];
  size_t       done = 0;

  for (int side = 0; side < 2; side++)
    for (size_t i = 0; i < counts[side]; i++)
      {
        double *diagonal = cka->diagonals[side] + i * cka->n;

        if (!go_on (progress, done++, total, error))
          return false;
        fill_diagonal (&sides[side][i], cka->n, diagonal);
        cka->own[side][i] = hsic (squared_product (&cka->cross, &sides[side][i], &sides[side][i], team), diagonal, diagonal, cka->n, cka->debiased);
      }
  for (size_t i = 0; i < counts[0]; i++)
    for (size_t j = 0; j < counts[1]; j++)
      {
        const double own = cka->own[0][i] * cka->own[1][j];

        if (!go_on (progress, done++, total, error))
          return false;
        out[i * counts[1] + j] = own > 0 ? hsic (squared_product (&cka->cross, &sides[0][i], &sides[1][j], team), cka->diagonals[0] + i * cka->n, cka->diagonals[1] + j * cka->n, cka->n, cka->debiased) / sqrt (own) : NAN;
      }
  return true;
}

bool
dino_linear_cka (const struct dino_representation *first,
                 size_t                            n_first,
                 const struct dino_representation *second,
                 size_t                            n_second,
                 size_t                            n,
                 bool                              debiased,
                 struct dino_team                 *team,
                 const struct dino_progress       *progress,
                 double                           *out,
                 struct dino_error                *error)
{
  const struct dino_representation *const sides[2] = { first, second };
  const size_t                            counts[2] = { n_first, n_second };
  struct cka                              cka = { .n = n, .debiased = debiased };
  bool                                    done;

  if (n < (debiased ? 4 : 2))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("%zu pictures are too few to compare representations."), n);
  done = cka_init (&cka, sides, counts, team, error) && measure (&cka, sides, counts, team, progress, out, error);
  cka_clear (&cka);
  return done;
}

/* The eigenvalues of matrix [n, n], which is destroyed. */
static bool
find_eigenvalues (double *matrix, size_t size, double *values, struct dino_error *error)
{
  const int n = (int) size;
  int       n_work = -1, info = 0;
  double    wanted = 0, *work;

  dsyev_ ("N", "L", &n, matrix, &n, values, &wanted, &n_work, &info, 1, 1);
  n_work = (int) wanted > 1 ? (int) wanted : 1;
  work = dino_alloc ((size_t) n_work, sizeof *work, error);
  if (work == NULL)
    return false;
  dsyev_ ("N", "L", &n, matrix, &n, values, work, &n_work, &info, 1, 1);
  dino_free (work);
  return info == 0 || dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The eigenvalues cannot be found."));
}

static double
rank_of (const double *eigenvalues, size_t n)
{
  double sum = 0, entropy = 0, largest = 0;

  for (size_t i = 0; i < n; i++)
    largest = fmax (largest, eigenvalues[i]);
  /* What rounding leaves is no direction. */
  for (size_t i = 0; i < n; i++)
    sum += eigenvalues[i] > largest * 1e-14 ? sqrt (eigenvalues[i]) : 0;
  for (size_t i = 0; i < n && sum > 0; i++)
    if (eigenvalues[i] > largest * 1e-14)
      entropy -= sqrt (eigenvalues[i]) / sum * log (sqrt (eigenvalues[i]) / sum);
  return sum > 0 ? exp (entropy) : 0;
}

/* [width, n] of [n, width] */
static float *
transpose (const struct dino_representation *representation, size_t n, struct dino_error *error)
{
  float *out = dino_alloc (representation->width, n * sizeof *out, error);

  for (size_t i = 0; out != NULL && i < n; i++)
    for (size_t c = 0; c < representation->width; c++)
      out[c * n + i] = representation->rows[i * representation->width + c];
  return out;
}

bool
dino_effective_rank (const struct dino_representation *representation, size_t n, struct dino_team *team, double *rank, struct dino_error *error)
{
  const bool                 turned = n < representation->width;
  float                     *rows = turned ? transpose (representation, n, error) : NULL;
  struct dino_representation narrow = *representation;
  struct cross               cross = { .first = &narrow, .second = &narrow, .n = n, .kernels = dino_kernels_for (dino_isa_detect ()) };
  double                    *values;
  bool                       done = !turned || rows != NULL;

  if (turned)
    {
      cross.n = representation->width;
      narrow = (struct dino_representation){ rows, n };
    }
  cross.scratch = dino_alloc (dino_loop_threads (team), SCRATCH * sizeof (double), error);
  cross.matrix = dino_alloc (narrow.width, narrow.width * sizeof (double), error);
  values = dino_alloc (narrow.width, sizeof *values, error);
  done = done && cross.scratch != NULL && cross.matrix != NULL && values != NULL;
  if (done)
    {
      dino_blas_enter_thread ();
      run_cross (&cross, team);
      done = find_eigenvalues (cross.matrix, narrow.width, values, error);
    }
  if (done)
    *rank = rank_of (values, narrow.width);
  dino_free (rows);
  dino_free (cross.scratch);
  dino_free (cross.matrix);
  dino_free (values);
  return done;
}
