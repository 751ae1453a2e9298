/* Contour lines lie where an analytic field has the value of a level, and nowhere else. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/maps/draw.h"

#define CELLS 20
#define SIDE 400

/* A plane: its field between the centres of cells is the plane itself. */
static double
plane (double u, double v)
{
  return 2 * u + v;
}

static struct dino_map *
plane_map (void)
{
  struct dino_map *map = dino_map_new (CELLS, CELLS, 1, NULL);

  for (int row = 0; row < CELLS; row++)
    for (int column = 0; column < CELLS; column++)
      map->values[row * CELLS + column] = (float) plane (column + 0.5, row + 0.5);
  map->seen = (struct dino_box){ 0, 0, SIDE, SIDE };
  g_strlcpy (map->colormap, "viridis", sizeof map->colormap);
  g_assert_true (dino_map_measure (map, NULL));
  return map;
}

static void
draw_part (const struct dino_map *map, const struct dino_map_style *style, struct dino_team *team, int x0, int y0, int width, int height, uint8_t *rgba)
{
  struct dino_error error = { 0 };

  g_assert_true (dino_map_draw (map, style, NULL, 0, 0, (struct dino_box){ x0, y0, x0 + width, y0 + height }, rgba, width, height, team, &error));
}

static uint8_t *
draw (const struct dino_map *map, const struct dino_map_style *style, struct dino_team *team)
{
  uint8_t *rgba = g_malloc (4 * SIDE * SIDE);

  draw_part (map, style, team, 0, 0, SIDE, SIDE, rgba);
  return rgba;
}

static struct dino_map_style
style_with (int contours)
{
  struct dino_map_style style;

  dino_map_style_init (&style);
  style.contours = contours;
  return style;
}

/* Distance in pixels from the next of n levels of the plane, from its formula. */
static double
twin_distance (const struct dino_map *map, int n, int x, int y)
{
  double cell = (double) SIDE / CELLS;
  double value = plane ((x + 0.5) / cell, (y + 0.5) / cell), nearest = INFINITY;

  for (int k = 1; k <= n; k++)
    nearest = fmin (nearest, fabs (value - (map->low + k * (map->high - map->low) / (n + 1))));
  return nearest / (sqrt (5) / cell);
}

/* Away from the rim, where the field goes on as it was at the last centre. */
static void
test_plane (void)
{
  struct dino_map      *map = plane_map ();
  struct dino_map_style with = style_with (3), without = style_with (0);
  g_autofree uint8_t   *lines = draw (map, &with, NULL);
  g_autofree uint8_t   *bare = draw (map, &without, NULL);
  int                   n_dark = 0;

  for (int y = 20; y < SIDE - 20; y++)
    for (int x = 20; x < SIDE - 20; x++)
      {
        const uint8_t *pixel = lines + 4 * (y * SIDE + x), *below = bare + 4 * (y * SIDE + x);
        double         distance = twin_distance (map, 3, x, y);

        if (distance > 2.3)
          g_assert_cmpmem (pixel, 4, below, 4);
        if (distance < 0.3)
          {
            g_assert_cmpint (pixel[3], >, 220);
            g_assert_cmpint (pixel[0] + pixel[1] + pixel[2], <, 3 * 90);
            n_dark++;
          }
        if (distance > 1.2 && distance < 1.6)
          g_assert_cmpint (pixel[0] + pixel[1] + pixel[2], >, below[0] + below[1] + below[2]);
      }
  g_assert_cmpint (n_dark, >, 20);
  dino_map_unref (map);
}

static void
test_same_bytes (void)
{
  struct dino_map      *map = plane_map ();
  struct dino_map_style style = style_with (7);
  struct dino_team     *team = dino_team_new (3, NULL);
  g_autofree uint8_t   *alone = draw (map, &style, NULL);
  g_autofree uint8_t   *shared = draw (map, &style, team);
  g_autofree uint8_t   *tile = g_malloc (4 * 130 * 90);

  g_assert_cmpmem (alone, 4 * SIDE * SIDE, shared, 4 * SIDE * SIDE);
  draw_part (map, &style, NULL, 201, 77, 130, 90, tile);
  for (int y = 0; y < 90; y++)
    g_assert_cmpmem (tile + 4 * 130 * y, 4 * 130, alone + 4 * ((77 + y) * SIDE + 201), 4 * 130);
  dino_team_free (team);
  dino_map_unref (map);
}

/* Nothing is drawn under the threshold, and every drawn pixel has one opacity without lines. */
static void
test_threshold (void)
{
  struct dino_map      *map = plane_map ();
  struct dino_map_style style = style_with (9);
  g_autofree uint8_t   *rgba = NULL;
  g_autofree uint8_t   *bare = NULL;

  style.has_threshold = true;
  style.threshold = 30;
  rgba = draw (map, &style, NULL);
  style.contours = 0;
  bare = draw (map, &style, NULL);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        const uint8_t *pixel = bare + 4 * (y * SIDE + x);
        double         value = map->values[y * CELLS / SIDE * CELLS + x * CELLS / SIDE];

        g_assert_cmpint (pixel[3], ==, value < 30 ? 0 : 128);
        if (value < 30)
          g_assert_cmpint (rgba[4 * (y * SIDE + x) + 3], ==, 0);
      }
  dino_map_unref (map);
}

/* Not beside invalid cells, not of a constant, not of three channels, not a wrong number. */
static void
test_none (void)
{
  struct dino_map      *map = plane_map ();
  struct dino_map_style with = style_with (10), without = style_with (0), wrong = style_with (11);
  struct dino_map      *flat = dino_map_new (CELLS, CELLS, 1, NULL);
  struct dino_map      *three = dino_map_new (CELLS, CELLS, 3, NULL);
  struct dino_map      *maps[] = { flat, three };
  uint8_t               pixel[4];
  struct dino_error     error = { 0 };

  g_assert_false (dino_map_draw (map, &wrong, NULL, 0, 0, map->seen, pixel, 1, 1, NULL, &error));
  for (int i = 0; i < 2; i++)
    {
      g_autofree uint8_t *lines = NULL;
      g_autofree uint8_t *bare = NULL;

      maps[i]->seen = map->seen;
      g_strlcpy (maps[i]->colormap, "viridis", sizeof maps[i]->colormap);
      g_assert_true (dino_map_measure (maps[i], NULL));
      lines = draw (maps[i], &with, NULL);
      bare = draw (maps[i], &without, NULL);
      g_assert_cmpmem (lines, 4 * SIDE * SIDE, bare, 4 * SIDE * SIDE);
      dino_map_unref (maps[i]);
    }
  map->valid = dino_alloc_zeroed (CELLS * CELLS, 1, NULL);
  for (int i = 0; i < CELLS * CELLS; i++)
    map->valid[i] = i % 2 == 0;
  {
    g_autofree uint8_t *lines = draw (map, &with, NULL);
    g_autofree uint8_t *bare = draw (map, &without, NULL);

    g_assert_cmpmem (lines, 4 * SIDE * SIDE, bare, 4 * SIDE * SIDE);
  }
  dino_map_unref (map);
}

/* A cell that has no value takes the lines from all between it and its neighbours, and from nowhere else. */
static void
test_hole (void)
{
  enum
  {
    HOLE = 9,
    CELL = SIDE / CELLS
  };
  struct dino_map      *map = plane_map ();
  struct dino_map_style with = style_with (10), without = style_with (0);
  g_autofree uint8_t   *whole = draw (map, &with, NULL);
  g_autofree uint8_t   *lines = NULL;
  g_autofree uint8_t   *bare = NULL;
  int                   n_lost = 0;

  map->valid = dino_alloc (CELLS * CELLS, 1, NULL);
  memset (map->valid, 1, CELLS * CELLS);
  map->valid[HOLE * CELLS + HOLE] = 0;
  lines = draw (map, &with, NULL);
  bare = draw (map, &without, NULL);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        const int  at = 4 * (y * SIDE + x), low = HOLE * CELL - CELL / 2, high = low + 2 * CELL;
        const bool near = x >= low && x < high && y >= low && y < high;

        g_assert_cmpmem (lines + at, 4, (near ? bare : whole) + at, 4);
        n_lost += near && memcmp (lines + at, whole + at, 4) != 0;
      }
  g_assert_cmpint (n_lost, >, CELL * CELL);
  dino_map_unref (map);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contours/plane", test_plane);
  g_test_add_func ("/contours/same-bytes", test_same_bytes);
  g_test_add_func ("/contours/threshold", test_threshold);
  g_test_add_func ("/contours/none", test_none);
  g_test_add_func ("/contours/hole", test_hole);
  return g_test_run ();
}
