/* Ellipses over cells, against plain sums over many points. */
#include <glib.h>
#include <math.h>

#include "core/maps/ellipse.h"
#include "core/maps/region.h"

#define STEPS 2000

/* Midpoints of STEPS x STEPS squares of the cell. */
static double
counted_overlap (struct dino_box ellipse, struct dino_box cell)
{
  double a = (ellipse.x1 - ellipse.x0) / 2, b = (ellipse.y1 - ellipse.y0) / 2;
  double width = (cell.x1 - cell.x0) / STEPS, height = (cell.y1 - cell.y0) / STEPS;
  gint64 n = 0;

  for (int i = 0; i < STEPS; i++)
    for (int j = 0; j < STEPS; j++)
      {
        double x = (cell.x0 + (j + 0.5) * width - ellipse.x0 - a) / a;
        double y = (cell.y0 + (i + 0.5) * height - ellipse.y0 - b) / b;

        n += x * x + y * y <= 1;
      }
  return (double) n * width * height;
}

static void
test_overlap (void)
{
  static const struct dino_box ellipses[] = {
    { 0, 0, 10, 10 },
    { 3, -2, 40, 9 },
    { 4.2, 4.4, 4.9, 5.9 },  /* inside one cell */
    { -60, -50, 80, 70.5 },  /* cells inside it */
    { -100, -3, -5, 12.25 }, /* beside */
    { 8, 8, 15, 9 },
  };
  static const struct dino_box cells[] = { { 0, 0, 5, 5 }, { 4, 4, 12, 7 }, { 0, -1, 10, 11 }, { 9.5, 9.5, 10, 10 }, { -7, 2, 30, 3 } };

  for (gsize i = 0; i < G_N_ELEMENTS (ellipses); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (cells); j++)
      {
        double area = (cells[j].x1 - cells[j].x0) * (cells[j].y1 - cells[j].y0);

        g_assert_cmpfloat_with_epsilon (dino_ellipse_overlap (ellipses[i], cells[j]) / area, counted_overlap (ellipses[i], cells[j]) / area, 2.0 / STEPS);
      }
}

/* Cells tile the plane: together they have the whole ellipse, wherever it lies. */
static void
test_whole (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  for (int k = 0; k < 200; k++)
    {
      double          x = g_rand_double_range (random, 0, 30), y = g_rand_double_range (random, 0, 30);
      struct dino_box ellipse = { x, y, x + g_rand_double_range (random, 0.01, 30), y + g_rand_double_range (random, 0.01, 30) };
      double          sum = 0;

      for (int i = 0; i < 20; i++)
        for (int j = 0; j < 20; j++)
          {
            struct dino_box cell = { 3.0 * j, 3.0 * i, 3.0 * j + 3, 3.0 * i + 3 };
            double          overlap = dino_ellipse_overlap (ellipse, cell);

            g_assert_cmpfloat (overlap, >=, 0);
            g_assert_cmpfloat (overlap, <=, 9 + 1e-9);
            sum += overlap;
          }
      g_assert_cmpfloat_with_epsilon (sum, G_PI / 4 * (ellipse.x1 - ellipse.x0) * (ellipse.y1 - ellipse.y0), 1e-9);
    }
}

/* Exactly nothing, so that a cell outside never counts for the maximum. */
static void
test_outside (void)
{
  struct dino_box circle = { 0, 0, 10, 10 };

  g_assert_true (dino_ellipse_overlap (circle, (struct dino_box){ 10, 0, 20, 10 }) == 0);
  g_assert_true (dino_ellipse_overlap (circle, (struct dino_box){ 0, 0, 1.4, 1.4 }) == 0);
  g_assert_true (dino_ellipse_overlap (circle, (struct dino_box){ 8.6, 8.6, 10, 10 }) == 0);
  g_assert_true (dino_ellipse_overlap (circle, (struct dino_box){ 0, 0, 1.5, 1.5 }) > 0);
  g_assert_true (dino_ellipse_overlap ((struct dino_box){ 3, 3, 3, 9 }, (struct dino_box){ 0, 0, 10, 10 }) == 0);
}

static void
test_holds (void)
{
  struct dino_box ellipse = { 0, 0, 20, 10 };

  g_assert_true (dino_ellipse_holds (ellipse, 10, 5));
  g_assert_true (dino_ellipse_holds (ellipse, 0, 5));
  g_assert_true (dino_ellipse_holds (ellipse, 17, 8));
  g_assert_false (dino_ellipse_holds (ellipse, 18, 9));
  g_assert_false (dino_ellipse_holds (ellipse, 10, 10.01));
}

static void
test_region (void)
{
  const struct dino_box     ellipse = { 2, 3, 27, 18 };
  struct dino_map          *map = dino_map_new (3, 2, 1, NULL);
  struct dino_region_result result;
  double                    area = 0, sum = 0, maximum = -1;

  map->seen = (struct dino_box){ 0, 0, 30, 20 };
  for (int i = 0; i < 6; i++)
    map->values[i] = (float[]){ 1, 2, 0.5f, 4, 9, 6 }[i];
  for (int i = 0; i < 6; i++)
    {
      struct dino_box cell = { 10.0 * (i % 3), 10.0 * (i / 3), 10.0 * (i % 3) + 10, 10.0 * (i / 3) + 10 };
      double          share = counted_overlap (ellipse, cell) / 100;

      area += share;
      sum += share * map->values[i];
      maximum = share > 0 ? MAX (maximum, map->values[i]) : maximum;
    }
  g_assert_true (dino_region_ellipse (map, ellipse, &result, NULL));
  g_assert_cmpfloat_with_epsilon (result.area, area, 1e-3);
  g_assert_cmpfloat_with_epsilon (result.mean, sum / area, 1e-3);
  g_assert_cmpfloat_with_epsilon (result.mass_share, sum / 22.5, 1e-3);
  g_assert_true (result.maximum == maximum);
  g_assert_true (result.peak_inside); /* (15, 15) */
  g_assert_true (dino_region_shape (map, DINO_SHAPE_ELLIPSE, (struct dino_box){ 0, 0, 15, 15 }, &result, NULL));
  g_assert_false (result.peak_inside); /* though in its box */
  dino_map_unref (map);
}

static void
test_names (void)
{
  enum dino_shape shape = DINO_SHAPE_BOX;

  g_assert_true (dino_shape_parse ("ellipse", &shape) && shape == DINO_SHAPE_ELLIPSE);
  g_assert_true (dino_shape_parse ("box", &shape) && shape == DINO_SHAPE_BOX);
  g_assert_false (dino_shape_parse ("Ellipse", &shape));
  g_assert_cmpstr (dino_shape_name (DINO_SHAPE_ELLIPSE), ==, "ellipse");
  g_assert_cmpstr (dino_shape_name (DINO_SHAPE_BOX), ==, "box");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ellipse/overlap", test_overlap);
  g_test_add_func ("/ellipse/whole", test_whole);
  g_test_add_func ("/ellipse/outside", test_outside);
  g_test_add_func ("/ellipse/holds", test_holds);
  g_test_add_func ("/ellipse/region", test_region);
  g_test_add_func ("/ellipse/names", test_names);
  return g_test_run ();
}
