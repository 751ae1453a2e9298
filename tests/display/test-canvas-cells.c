/* Tokens that have no place in the picture, on the canvas: beside what the
 * model saw, in its corner where there is no room, and in the map's colours. */
#include "canvas-fixture.h"

#include "core/base/memory.h"

/* Grey values have no colour, and vik's ends do. */
#define COLORMAP "vik"

static guint8
grey (int x, int y)
{
  return 90;
}

/* A picture of one grey under a map of zeros that are not drawn, with one cell of the last colour. */
static void
show_cell (CanvasFixture *fixture, int width, int height, gboolean valid)
{
  struct dino_map_style    style;
  struct dino_map         *core = dino_map_new (2, 2, 1, NULL);
  g_autoptr (DinoscopeMap) map = NULL;

  canvas_fixture_show_pattern (fixture, width, height, grey);
  g_assert_true (dino_geometry_init_raw (&fixture->geometry, 10, width, height, NULL));
  dinoscope_canvas_set_geometry (fixture->canvas, &fixture->geometry);
  core->seen = (struct dino_box){ 0, 0, width, height };
  core->valid = dino_alloc_zeroed (4, 1, NULL);
  g_assert_true (dino_map_add_cells (core, 1, NULL));
  g_strlcpy (core->cells[0].label, "CLS", sizeof core->cells[0].label);
  core->cells[0].value = valid ? 1 : -1;
  map = dinoscope_map_new (core);
  dino_map_style_init (&style);
  style.colormap = dino_colormap_find (COLORMAP);
  style.has_range = style.has_threshold = TRUE;
  style.low = style.threshold = 0;
  style.high = 1;
  dinoscope_canvas_set_map (fixture->canvas, map, &style);
  canvas_fixture_settle (fixture);
}

/* The pixels that have the last colour of the map: their number and the box around them. */
static int
find_color (CanvasFixture *fixture, int box[4])
{
  int                width, height, count = 0;
  g_autofree guint8 *pixels = canvas_fixture_pixels (fixture, &width, &height);
  guint8             rgb[3];

  dino_colormap_lookup (dino_colormap_find (COLORMAP), 1, rgb);
  box[0] = width;
  box[1] = height;
  box[2] = box[3] = 0;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const guint8 *pixel = pixels + 4 * (y * width + x);

        if (ABS (pixel[0] - rgb[0]) > 2 || ABS (pixel[1] - rgb[1]) > 2 || ABS (pixel[2] - rgb[2]) > 2)
          continue;
        box[0] = MIN (box[0], x);
        box[1] = MIN (box[1], y);
        box[2] = MAX (box[2], x + 1);
        box[3] = MAX (box[3], y + 1);
        count++;
      }
  return count;
}

/* A square of some size and nothing else. */
static void
assert_square (const int box[4], int count)
{
  g_assert_cmpint (box[2] - box[0], >=, 8);
  g_assert_cmpint (ABS ((box[2] - box[0]) - (box[3] - box[1])), <=, 1);
  g_assert_cmpint (count, >=, (box[2] - box[0] - 1) * (box[3] - box[1] - 1));
}

static void
test_beside (CanvasFixture *fixture, gconstpointer data)
{
  int box[4];

  show_cell (fixture, 20, 80, TRUE);
  assert_square (box, find_color (fixture, box));
  /* The picture is a quarter of its height wide and lies in the middle. */
  g_assert_cmpint (box[0], >, CANVAS_WIDTH / 2 + CANVAS_HEIGHT / 8);
  g_assert_cmpint (box[3], <, 60);
}

static void
test_above (CanvasFixture *fixture, gconstpointer data)
{
  int box[4];

  show_cell (fixture, 80, 20, TRUE);
  assert_square (box, find_color (fixture, box));
  g_assert_cmpint (box[3], <, CANVAS_HEIGHT / 2 - CANVAS_WIDTH / 8);
  g_assert_cmpint (box[0], >, CANVAS_WIDTH / 2);
}

/* Zoomed in there is nothing but picture. */
static void
test_corner (CanvasFixture *fixture, gconstpointer data)
{
  int box[4];

  show_cell (fixture, 340, 320, TRUE);
  assert_square (box, find_color (fixture, box));
  g_assert_cmpint (box[0], >, CANVAS_WIDTH / 2);
  g_assert_cmpint (box[2], <, CANVAS_WIDTH);
  g_assert_cmpint (box[3], <, 60);
}

/* A cell is found where it is drawn, its number included, and nowhere else. */
static void
test_found (CanvasFixture *fixture, gconstpointer data)
{
  int box[4];

  show_cell (fixture, 20, 80, TRUE);
  assert_square (box, find_color (fixture, box));
  g_assert_cmpint (dinoscope_canvas_find_cell (fixture->canvas, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2), ==, 0);
  g_assert_cmpint (dinoscope_canvas_find_cell (fixture->canvas, box[2] + 10, (box[1] + box[3]) / 2), ==, 0);
  g_assert_cmpint (dinoscope_canvas_find_cell (fixture->canvas, box[0] - 8, (box[1] + box[3]) / 2), ==, -1);
  g_assert_cmpint (dinoscope_canvas_find_cell (fixture->canvas, (box[0] + box[2]) / 2, box[3] + 20), ==, -1);
  g_object_set (fixture->canvas, "map-visible", FALSE, NULL);
  g_assert_cmpint (dinoscope_canvas_find_cell (fixture->canvas, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2), ==, -1);
}

/* Nothing under the threshold, and nothing while the map is hidden. */
static void
test_hidden (CanvasFixture *fixture, gconstpointer data)
{
  int box[4];

  show_cell (fixture, 340, 320, FALSE);
  g_assert_cmpint (find_color (fixture, box), ==, 0);
  show_cell (fixture, 340, 320, TRUE);
  g_object_set (fixture->canvas, "map-visible", FALSE, NULL);
  canvas_fixture_settle (fixture);
  g_assert_cmpint (find_color (fixture, box), ==, 0);
}

int
main (int argc, char **argv)
{
  if (!canvas_fixture_init (&argc, &argv))
    return 0;
  canvas_fixture_add ("/canvas-cells/beside", test_beside);
  canvas_fixture_add ("/canvas-cells/above", test_above);
  canvas_fixture_add ("/canvas-cells/corner", test_corner);
  canvas_fixture_add ("/canvas-cells/found", test_found);
  canvas_fixture_add ("/canvas-cells/hidden", test_hidden);
  return g_test_run ();
}
