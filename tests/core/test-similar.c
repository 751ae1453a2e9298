/* Patches most like one: against sorting all of them. */
#include <glib.h>

#include "core/maps/similar.h"

static void
test_order (void)
{
  const float         values[] = { 1.0f, 0.9f, 0.2f, 0.3f,
                                   0.8f, 0.7f, 0.5f, 0.5f,
                                   0.1f, 0.6f, 0.4f, 0.5f };
  struct dino_similar found[12];

  /* No distance: the patch itself is left out, the others by value, equal ones in reading order. */
  g_assert_cmpuint (dino_similar_patches (values, 3, 4, 0, 0, 0, 12, found), ==, 11);
  g_assert_cmpint (found[0].column, ==, 1);
  g_assert_cmpint (found[0].row, ==, 0);
  g_assert_cmpint (found[3].row, ==, 2);
  g_assert_cmpint (found[3].column, ==, 1);
  g_assert_cmpint (found[4].row, ==, 1);
  g_assert_cmpint (found[4].column, ==, 2);
  g_assert_cmpint (found[5].column, ==, 3);
  g_assert_cmpint (found[6].row, ==, 2);
  g_assert_true (found[6].value == 0.5f);
  g_assert_cmpuint (dino_similar_patches (values, 3, 4, 0, 0, 0, 2, found), ==, 2);
}

/* No two of them lie near each other or near the query, and whatever is left
 * out has a larger value only where it is near one that was taken. */
static void
test_distance (void)
{
  enum
  {
    ROWS = 23,
    COLUMNS = 31,
    RADIUS = 2,
    WANTED = 10
  };
  float               values[ROWS * COLUMNS];
  struct dino_similar found[WANTED];
  size_t              n;

  for (int i = 0; i < ROWS * COLUMNS; i++)
    values[i] = (float) ((i * 7919) % 1009) / 1009;
  n = dino_similar_patches (values, ROWS, COLUMNS, 11, 15, RADIUS, WANTED, found);
  g_assert_cmpuint (n, ==, WANTED);
  for (size_t i = 0; i < n; i++)
    {
      g_assert_true (found[i].value == values[found[i].row * COLUMNS + found[i].column]);
      g_assert_true (ABS (found[i].row - 11) > RADIUS || ABS (found[i].column - 15) > RADIUS);
      for (size_t j = 0; j < i; j++)
        g_assert_true (ABS (found[i].row - found[j].row) > RADIUS || ABS (found[i].column - found[j].column) > RADIUS);
    }
  for (int row = 0; row < ROWS; row++)
    for (int column = 0; column < COLUMNS; column++)
      {
        gboolean near = ABS (row - 11) <= RADIUS && ABS (column - 15) <= RADIUS;

        for (size_t i = 0; i < n; i++)
          near = near || (ABS (row - found[i].row) <= RADIUS && ABS (column - found[i].column) <= RADIUS);
        g_assert_true (near || values[row * COLUMNS + column] <= found[n - 1].value);
      }
}

static void
test_none (void)
{
  const float         values[] = { 1, 2, 3, 4 };
  struct dino_similar found[4];

  g_assert_cmpuint (dino_similar_patches (values, 2, 2, 0, 0, 1, 4, found), ==, 0);
  g_assert_cmpuint (dino_similar_patches (values, 2, 2, 0, 0, 0, 0, found), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/similar/order", test_order);
  g_test_add_func ("/similar/distance", test_distance);
  g_test_add_func ("/similar/none", test_none);
  return g_test_run ();
}
