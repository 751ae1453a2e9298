/* Numbers that are the same everywhere, and as likely as they should be. */
#include <math.h>

#include "core/base/random.h"
#include "support.h"

/* The first numbers of the authors' own program for seed 1234567. */
static void
test_published (void)
{
  static const uint64_t expected[] = { UINT64_C (6457827717110365317), UINT64_C (3203168211198807973), UINT64_C (9817491932198370423), UINT64_C (4593380528125082431), UINT64_C (16408922859458223821) };
  struct dino_random    random = dino_random (1234567);

  for (size_t i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (dino_random_next (&random), ==, expected[i]);
}

static void
test_distributions (void)
{
  enum
  {
    N = 20000
  };
  struct dino_random random = dino_random (3);
  double             sum = 0, squares = 0, shares = 0;
  int                counts[7] = { 0 };

  for (int i = 0; i < N; i++)
    {
      const double value = dino_random_normal (&random), share = dino_random_share (&random);

      g_assert_true (share >= 0 && share < 1);
      sum += value;
      squares += value * value;
      shares += share;
      counts[dino_random_below (&random, 7)]++;
    }
  /* Five standard errors. */
  g_assert_cmpfloat (fabs (sum / N), <, 5 / sqrt (N));
  g_assert_cmpfloat (fabs (squares / N - 1), <, 5 * sqrt (2.0 / N));
  g_assert_cmpfloat (fabs (shares / N - 0.5), <, 5 / sqrt (12.0 * N));
  for (int i = 0; i < 7; i++)
    g_assert_cmpfloat (fabs (counts[i] - N / 7.0), <, 5 * sqrt (N / 7.0));
  g_assert_cmpuint (dino_random_below (&random, 1), ==, 0);
}

static void
test_shuffle (void)
{
  struct dino_random random = dino_random (9);
  size_t             numbers[50], seen[50] = { 0 }, moved = 0;

  for (size_t i = 0; i < 50; i++)
    numbers[i] = i;
  dino_random_shuffle (&random, numbers, 50);
  for (size_t i = 0; i < 50; i++)
    {
      seen[numbers[i]]++;
      moved += numbers[i] != i;
    }
  for (size_t i = 0; i < 50; i++)
    g_assert_cmpuint (seen[i], ==, 1);
  g_assert_cmpuint (moved, >, 40);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/random/published", test_published);
  g_test_add_func ("/random/distributions", test_distributions);
  g_test_add_func ("/random/shuffle", test_shuffle);
  return g_test_run ();
}
