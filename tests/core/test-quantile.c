/* Quantiles, against numbers that numpy.percentile() gives. */
#include <glib.h>

#include "core/maps/quantile.h"

static void
test_sort (void)
{
  float values[] = { 3, -1, 7.5f, 0, -1, 2 };

  dino_quantile_sort (values, G_N_ELEMENTS (values));
  for (gsize i = 1; i < G_N_ELEMENTS (values); i++)
    g_assert_cmpfloat (values[i - 1], <=, values[i]);
  g_assert_cmpfloat (values[0], ==, -1);
  g_assert_cmpfloat (values[5], ==, 7.5);
}

static void
test_quantile (void)
{
  static const float sorted[] = { -1, -1, 0, 2, 3, 7.5f };
  static const struct
  {
    double share, value;
  } cases[] = { { 0, -1 }, { 0.1, -1 }, { 0.25, -0.75 }, { 0.5, 1 }, { 0.6, 2 }, { 0.9, 5.25 }, { 0.99, 7.275 }, { 1, 7.5 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpfloat_with_epsilon (dino_quantile (sorted, G_N_ELEMENTS (sorted), cases[i].share), cases[i].value, 1e-12);
}

static void
test_one_value (void)
{
  const float one = 4;

  g_assert_cmpfloat (dino_quantile (&one, 1, 0), ==, 4);
  g_assert_cmpfloat (dino_quantile (&one, 1, 0.37), ==, 4);
  g_assert_cmpfloat (dino_quantile (&one, 1, 1), ==, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quantile/sort", test_sort);
  g_test_add_func ("/quantile/between-neighbours", test_quantile);
  g_test_add_func ("/quantile/one-value", test_one_value);
  return g_test_run ();
}
