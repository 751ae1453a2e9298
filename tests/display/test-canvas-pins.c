/* Pinned and similar patches as they are drawn: frame and number beside the cell, the cell itself untouched. */
#include "canvas-fixture.h"

#include <math.h>

typedef struct
{
  guint8 *before, *after;
  int     width, height;
} Pictures;

static void
set_pixels (CanvasFixture *fixture, guint8 **pixels, Pictures *pictures)
{
  canvas_fixture_settle (fixture);
  *pixels = canvas_fixture_pixels (fixture, &pictures->width, &pictures->height);
}

/* In device pixels, inwards. */
static void
find_box (CanvasFixture *fixture, int row, int column, int *x0, int *y0, int *x1, int *y1)
{
  struct dino_box box = dino_geometry_patch (&fixture->geometry, row, column);
  double          left, top, right, bottom;

  dinoscope_canvas_picture_to_widget (fixture->canvas, box.x0, box.y0, &left, &top);
  dinoscope_canvas_picture_to_widget (fixture->canvas, box.x1, box.y1, &right, &bottom);
  *x0 = (int) ceil (left) + 1;
  *y0 = (int) ceil (top) + 1;
  *x1 = (int) floor (right) - 1;
  *y1 = (int) floor (bottom) - 1;
}

static gboolean
is_changed (const Pictures *pictures, int x, int y)
{
  gsize index = 4 * ((gsize) y * (gsize) pictures->width + (gsize) x);

  return memcmp (pictures->before + index, pictures->after + index, 4) != 0;
}

static gboolean
is_near (const Pictures *pictures, int x, int y, int red, int green, int blue)
{
  const guint8 *pixel = pictures->after + 4 * ((gsize) y * (gsize) pictures->width + (gsize) x);

  return abs (pixel[0] - red) <= 3 && abs (pixel[1] - green) <= 3 && abs (pixel[2] - blue) <= 3;
}

/* Around the patch lie pixels of that colour, in it nothing is other than before. */
static void
assert_framed (CanvasFixture *fixture, const Pictures *pictures, int row, int column, int red, int green, int blue)
{
  int x0, y0, x1, y1, n = 0;

  find_box (fixture, row, column, &x0, &y0, &x1, &y1);
  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      g_assert_false (is_changed (pictures, x, y));
  for (int y = y0 - 4; y < y1 + 4; y++)
    n += is_near (pictures, x1 + 2, y, red, green, blue) || is_near (pictures, x1 + 1, y, red, green, blue);
  g_assert_cmpint (n, >=, y1 - y0);
  /* The plate of the number, beyond the upper left corner. */
  n = 0;
  for (int y = y0 - 16; y < y0 - 4; y++)
    for (int x = x0 - 12; x < x0 - 3; x++)
      n += is_near (pictures, x, y, red, green, blue);
  g_assert_cmpint (n, >, 20);
}

static void
test_frames (CanvasFixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeMarks)  marks = dinoscope_marks_new ();
  const DinoscopeSimilarPatch similar = { { 20, 25 }, 0.9 };
  Pictures                    pictures = { 0 };

  canvas_fixture_show_radiograph (fixture);
  dinoscope_canvas_set_marks (fixture->canvas, marks);
  dinoscope_marks_set_grid (marks, fixture->geometry.rows, fixture->geometry.columns);
  set_pixels (fixture, &pictures.before, &pictures);
  dinoscope_marks_toggle_pin (marks, 10, 12);
  dinoscope_marks_set_similar (marks, (DinoscopePatch){ 3, 3 }, &similar, 1);
  set_pixels (fixture, &pictures.after, &pictures);
  assert_framed (fixture, &pictures, 10, 12, 230, 158, 0);
  assert_framed (fixture, &pictures, 20, 25, 87, 181, 232);
  g_free (pictures.after);

  /* Nothing of them is left. */
  dinoscope_marks_clear_pins (marks);
  dinoscope_marks_set_similar (marks, (DinoscopePatch){ 3, 3 }, NULL, 0);
  set_pixels (fixture, &pictures.after, &pictures);
  g_assert_cmpmem (pictures.before, (gsize) pictures.width * (gsize) pictures.height * 4, pictures.after, (gsize) pictures.width * (gsize) pictures.height * 4);
  g_free (pictures.before);
  g_free (pictures.after);
}

/* A number at the edge stays in the canvas, and what is out of sight costs nothing. */
static void
test_edge (CanvasFixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeMarks) marks = dinoscope_marks_new ();
  Pictures                   pictures = { 0 };
  int                        n = 0;

  canvas_fixture_show_radiograph (fixture);
  dinoscope_canvas_set_marks (fixture->canvas, marks);
  dinoscope_marks_set_grid (marks, fixture->geometry.rows, fixture->geometry.columns);
  dinoscope_canvas_zoom_at (fixture->canvas, 4, 0, 0);
  set_pixels (fixture, &pictures.before, &pictures);
  dinoscope_marks_toggle_pin (marks, 36, 36);
  set_pixels (fixture, &pictures.after, &pictures);
  g_assert_cmpmem (pictures.before, (gsize) pictures.width * (gsize) pictures.height * 4, pictures.after, (gsize) pictures.width * (gsize) pictures.height * 4);
  g_free (pictures.after);
  dinoscope_marks_toggle_pin (marks, 0, 0);
  dinoscope_canvas_reveal_patch (fixture->canvas, 0, 0);
  set_pixels (fixture, &pictures.after, &pictures);
  for (int y = 0; y < pictures.height; y++)
    for (int x = 0; x < 20; x++)
      n += is_near (&pictures, x, y, 230, 158, 0);
  g_assert_cmpint (n, >, 50);
  g_free (pictures.before);
  g_free (pictures.after);
}

int
main (int argc, char **argv)
{
  if (!canvas_fixture_init (&argc, &argv))
    return 0;
  canvas_fixture_add ("/canvas-pins/frames", test_frames);
  canvas_fixture_add ("/canvas-pins/edge", test_edge);
  return g_test_run ();
}
