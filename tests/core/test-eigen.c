/* The largest eigenvectors against LAPACK's, on spectra that are easy, close
 * together, equal, of low rank, flat, and nothing at all. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "core/maps/eigen.h"

#define N 300
#define MAX_K 8

typedef double (*Spectrum) (int i);

static double
decaying (int i)
{
  return 100.0 * pow (0.8, i);
}

static double
clustered (int i)
{
  return i < 6 ? 10.0 - 1e-4 * i : 5.0 / (i + 1);
}

static double
equal (int i)
{
  return i < 3 ? 7.0 : 1.0 / (i + 1);
}

static double
low_rank (int i)
{
  return i < 2 ? 3.0 - i : 0.0;
}

static double
flat (int i)
{
  return 1.0 + 1e-3 * (N - i) / N;
}

static double
nothing (int i)
{
  return 0.0;
}

static const struct
{
  const char *name;
  Spectrum    spectrum;
  gboolean    apart;   /* the first eigenvectors are determined */
  gboolean    settles; /* found without LAPACK, which destroys the matrix */
} cases[] = {
  { "decaying", decaying, TRUE, TRUE },
  { "clustered", clustered, TRUE, TRUE },
  { "equal", equal, FALSE, TRUE },
  { "low-rank", low_rank, FALSE, FALSE },
  { "flat", flat, TRUE, FALSE },
  { "nothing", nothing, FALSE, FALSE },
};

/* A matrix with the spectrum, turned by three reflections. */
static double *
make_matrix (int n, Spectrum spectrum)
{
  double *matrix = g_new0 (double, n *n);

  for (int i = 0; i < n; i++)
    matrix[i * n + i] = spectrum (i);
  for (int turn = 1; turn <= 3; turn++)
    {
      g_autofree double *v = g_new (double, n);
      double             norm = 0;

      for (int i = 0; i < n; i++)
        {
          v[i] = sin (turn * 1.7 + i * (turn + 0.3)) + 0.1;
          norm += v[i] * v[i];
        }
      for (int side = 0; side < 2; side++)
        for (int i = 0; i < n; i++)
          {
            const int step = side == 0 ? 1 : n, start = side == 0 ? i * n : i;
            double    product = 0;

            for (int j = 0; j < n; j++)
              product += v[j] * matrix[start + j * step];
            for (int j = 0; j < n; j++)
              matrix[start + j * step] -= 2 * product / norm * v[j];
          }
    }
  for (int i = 0; i < n; i++)
    for (int j = 0; j < i; j++)
      matrix[i * n + j] = matrix[j * n + i];
  return matrix;
}

static void
assert_orthonormal (const double *vectors, int n, int k)
{
  for (int a = 0; a < k; a++)
    for (int b = 0; b <= a; b++)
      {
        double product = 0;

        for (int i = 0; i < n; i++)
          product += vectors[a * n + i] * vectors[b * n + i];
        g_assert_cmpfloat (fabs (product - (a == b)), <=, 1e-9);
      }
}

static void
test_spectrum (gconstpointer data)
{
  static const int ks[] = { 1, 3, MAX_K };
  const gsize      index = GPOINTER_TO_SIZE (data);

  for (gsize t = 0; t < G_N_ELEMENTS (ks); t++)
    {
      const int          k = ks[t];
      g_autofree double *matrix = make_matrix (N, cases[index].spectrum), *copy = g_memdup2 (matrix, N * N * sizeof *matrix);
      g_autofree double *values = g_new (double, N), *expected = g_new (double, N);
      g_autofree double *vectors = g_new (double, N *MAX_K), *wanted = g_new (double, N *MAX_K);
      struct dino_error  error = { 0 };

      g_assert_true (dino_largest_eigenvectors (matrix, N, k, NULL, values, vectors, &error));
      if (cases[index].settles)
        g_assert_cmpmem (matrix, N * N * sizeof *matrix, copy, N * N * sizeof *copy);
      g_assert_true (dino_largest_eigenvectors_lapack (copy, N, k, expected, wanted, &error));
      assert_orthonormal (vectors, N, k);
      for (int i = 0; i < k; i++)
        {
          double product = 0;

          g_assert_cmpfloat (fabs (values[i] - expected[i]), <=, 1e-9 * (fabs (expected[k - 1]) + 1e-6));
          g_assert_cmpfloat (fabs (values[i] - cases[index].spectrum (k - 1 - i)), <=, 1e-9 * (cases[index].spectrum (0) + 1e-3));
          for (int c = 0; c < N; c++)
            product += vectors[i * N + c] * wanted[i * N + c];
          if (cases[index].apart)
            g_assert_cmpfloat (fabs (product), >=, 1 - 1e-7);
        }
    }
}

static void
test_threads (void)
{
  static const int   threads[] = { 1, 2, 3, 5 };
  g_autofree double *first_values = g_new (double, N), *first = g_new (double, N * 3);

  for (gsize t = 0; t <= G_N_ELEMENTS (threads); t++)
    {
      g_autofree double *matrix = make_matrix (N, decaying), *values = g_new (double, N), *vectors = g_new (double, N * 3);
      struct dino_team  *team = t > 0 ? dino_team_new (threads[t - 1], NULL) : NULL;

      g_assert_true (dino_largest_eigenvectors (matrix, N, 3, team, values, vectors, NULL));
      if (t == 0)
        {
          memcpy (first_values, values, 3 * sizeof *values);
          memcpy (first, vectors, 3 * N * sizeof *vectors);
        }
      g_assert_cmpmem (first_values, 3 * sizeof *values, values, 3 * sizeof *values);
      g_assert_cmpmem (first, 3 * N * sizeof *vectors, vectors, 3 * N * sizeof *vectors);
      dino_team_free (team);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/eigen/%s", cases[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_spectrum);
    }
  g_test_add_func ("/eigen/threads", test_threads);
  return g_test_run ();
}
