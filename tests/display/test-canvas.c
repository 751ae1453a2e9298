/* The canvas against reference pictures, for each renderer, and what its
 * actions and handlers do. */
#include "canvas-fixture.h"

#include <gsk/gl/gskglrenderer.h>
#include <math.h>

#include "app/dinoscope-canvas-private.h"

/* Largest difference in a channel, and the share of pixels that may exceed it:
 * the GL renderer rounds and filters differently. */
static int    tolerance = 2;
static double share = 0;

static void
activate (CanvasFixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->canvas), action, NULL));
}

static void
compare (CanvasFixture *fixture, const char *name)
{
  canvas_fixture_compare (fixture, name, tolerance, share);
}

static void
test_fitted (CanvasFixture *fixture, gconstpointer data)
{
  canvas_fixture_show_radiograph (fixture);
  canvas_fixture_show_map (fixture, "viridis", DINO_SMOOTH_CELLS);
  compare (fixture, "fitted");
}

static void
test_zoomed_cells (CanvasFixture *fixture, gconstpointer data)
{
  canvas_fixture_show_radiograph (fixture);
  canvas_fixture_show_map (fixture, "magma", DINO_SMOOTH_CELLS);
  g_object_set (fixture->canvas, "grid-visible", TRUE, NULL);
  dinoscope_canvas_zoom_at (fixture->canvas, 1.7, 120, 110);
  activate (fixture, "view.pan-right");
  activate (fixture, "view.pan-down");
  compare (fixture, "zoomed-cells");
}

static void
test_bilinear (CanvasFixture *fixture, gconstpointer data)
{
  canvas_fixture_show_radiograph (fixture);
  canvas_fixture_show_map (fixture, "inferno", DINO_SMOOTH_BILINEAR);
  compare (fixture, "bilinear");
}

static void
test_turned_and_flipped (CanvasFixture *fixture, gconstpointer data)
{
  canvas_fixture_show_radiograph (fixture);
  canvas_fixture_show_map (fixture, "viridis", DINO_SMOOTH_CELLS);
  dinoscope_canvas_select_patch (fixture->canvas, 9, 8);
  activate (fixture, "view.turn-right");
  activate (fixture, "view.flip");
  compare (fixture, "turned-flipped");
}

static void
test_selection_and_hatching (CanvasFixture *fixture, gconstpointer data)
{
  canvas_fixture_show_radiograph (fixture);
  dinoscope_canvas_select_patch (fixture->canvas, 4, 16);
  dinoscope_canvas_zoom_at (fixture->canvas, 2.2, 170, 0);
  compare (fixture, "selection-hatching");
}

static void
test_square_pixels (CanvasFixture *fixture, gconstpointer data)
{
  canvas_fixture_show_radiograph (fixture);
  dinoscope_canvas_select_patch (fixture->canvas, 18, 18);
  dinoscope_canvas_zoom_at (fixture->canvas, 12, 170, 160);
  activate (fixture, "view.turn-left");
  compare (fixture, "square-pixels");
}

static void
test_twofold_scale (CanvasFixture *fixture, gconstpointer data)
{
  g_assert_cmpint (gtk_widget_get_scale_factor (GTK_WIDGET (fixture->canvas)), ==, 2);
  canvas_fixture_show_radiograph (fixture);
  canvas_fixture_show_map (fixture, "viridis", DINO_SMOOTH_CELLS);
  dinoscope_canvas_select_patch (fixture->canvas, 12, 20);
  dinoscope_canvas_zoom_at (fixture->canvas, 0.9, 100, 60);
  compare (fixture, "twofold-scale");
}

static guint8
fine_pattern (int x, int y)
{
  return (x + y) % 2 == 0 ? 255 : 0;
}

/* Neither renderer averages by itself: stripes and moire would be texture that
 * the radiograph has not. */
static void
test_fine_pattern_averages_out (CanvasFixture *fixture, gconstpointer data)
{
  g_autofree guint8 *pixels = NULL;
  int                width, height;
  double             sum = 0, squares = 0, n = 0, mean;

  canvas_fixture_show_pattern (fixture, 2100, 2100, fine_pattern);
  pixels = canvas_fixture_pixels (fixture, &width, &height);
  for (int y = height / 4; y < 3 * height / 4; y++)
    for (int x = width / 4; x < 3 * width / 4; x++)
      {
        double value = pixels[((gsize) y * width + x) * 4];

        sum += value;
        squares += value * value;
        n++;
      }
  mean = sum / n;
  g_assert_cmpfloat_with_epsilon (mean, 127.5, 2);
  g_assert_cmpfloat (sqrt (MAX (squares / n - mean * mean, 0)), <, 3);
}

static guint8
ramp (int x, int y)
{
  return (guint8) (x / 17);
}

/* Over the edge between two tiles a ramp goes on without a step. */
static void
test_tiles_have_no_seam (CanvasFixture *fixture, gconstpointer data)
{
  g_autofree guint8 *pixels = NULL;
  double             x, y;
  int                width;

  canvas_fixture_show_pattern (fixture, 4200, 300, ramp);
  /* The edge does not fall on a device pixel. */
  dinoscope_canvas_zoom_at (fixture->canvas, 1.3701, 0, 160);
  dinoscope_canvas_picture_to_widget (fixture->canvas, 2048, 0, &x, &y);
  dinoscope_view_pan (&fixture->canvas->view, CANVAS_WIDTH / 2.0 - x, 0);
  dinoscope_canvas_view_changed (fixture->canvas);
  dinoscope_canvas_picture_to_widget (fixture->canvas, 2048, 0, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, CANVAS_WIDTH / 2.0, 1);

  pixels = canvas_fixture_pixels (fixture, &width, NULL);
  for (int column = 1; column < width; column++)
    {
      const guint8 *pixel = pixels + ((gsize) CANVAS_HEIGHT / 2 * (gsize) width + (gsize) column) * 4;
      int           step = pixel[0] - pixel[-4];

      g_assert_cmpint (step, >=, 0);
      g_assert_cmpint (step, <=, 1);
    }
}

static guint8
two_values (int x, int y)
{
  return x % 2 == 0 ? 40 : 200;
}

/* Greatly enlarged, a picture shows its own values and nothing between them. */
static void
test_pixels_are_squares (CanvasFixture *fixture, gconstpointer data)
{
  g_autofree guint8 *pixels = NULL;
  int                width, height;

  canvas_fixture_show_pattern (fixture, 200, 200, two_values);
  dinoscope_canvas_zoom_at (fixture->canvas, 20, 100, 100);
  pixels = canvas_fixture_pixels (fixture, &width, &height);
  for (gsize i = 0; i < (gsize) width * (gsize) height; i++)
    g_assert_true (pixels[4 * i] == 40 || pixels[4 * i] == 200);
}

/* While Space is held nothing lies over the picture. */
static void
test_peeking_shows_the_bare_picture (CanvasFixture *fixture, gconstpointer data)
{
  g_autofree guint8 *bare = NULL;
  g_autofree guint8 *covered = NULL;
  g_autofree guint8 *peeked = NULL;
  int                width, height;

  canvas_fixture_show_radiograph (fixture);
  dinoscope_canvas_set_geometry (fixture->canvas, NULL);
  bare = canvas_fixture_pixels (fixture, &width, &height);
  dinoscope_canvas_set_geometry (fixture->canvas, &fixture->geometry);
  canvas_fixture_show_map (fixture, "viridis", DINO_SMOOTH_CELLS);
  dinoscope_canvas_select_patch (fixture->canvas, 1, 1);
  covered = canvas_fixture_pixels (fixture, NULL, NULL);
  g_assert_cmpint (memcmp (bare, covered, (gsize) width * (gsize) height * 4), !=, 0);

  g_object_set (fixture->canvas, "peeking", TRUE, NULL);
  peeked = canvas_fixture_pixels (fixture, NULL, NULL);
  g_assert_cmpmem (bare, (gsize) width * (gsize) height * 4, peeked, (gsize) width * (gsize) height * 4);
}

static void
add (const char *renderer, const char *name, CanvasTest test)
{
  g_autofree char *path = g_strdup_printf ("/canvas/%s/%s", renderer, name);

  canvas_fixture_add (path, test);
}

/* The renderer asked for must be the one that draws: GTK falls back silently. */
static void
test_renderer (CanvasFixture *fixture, gconstpointer data)
{
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (fixture->window));

  if (g_strcmp0 (g_getenv ("GSK_RENDERER"), "gl") == 0)
    g_assert_true (GSK_IS_GL_RENDERER (renderer));
  else
    g_assert_true (GSK_IS_CAIRO_RENDERER (renderer));
}

int
main (int argc, char *argv[])
{
  const char *renderer = g_getenv ("GSK_RENDERER");

  if (!canvas_fixture_init (&argc, &argv))
    return 0;

  if (g_strcmp0 (renderer, "gl") == 0)
    {
      tolerance = 6;
      share = 0.01;
    }

  add (renderer, "renderer", test_renderer);
  if (g_strcmp0 (g_getenv ("GDK_SCALE"), "2") == 0)
    {
      add (renderer, "twofold-scale", test_twofold_scale);
      return g_test_run ();
    }
  add (renderer, "fitted", test_fitted);
  add (renderer, "zoomed-cells", test_zoomed_cells);
  add (renderer, "bilinear", test_bilinear);
  add (renderer, "turned-and-flipped", test_turned_and_flipped);
  add (renderer, "selection-and-hatching", test_selection_and_hatching);
  add (renderer, "square-pixels", test_square_pixels);
  add (renderer, "fine-pattern-averages-out", test_fine_pattern_averages_out);
  add (renderer, "tiles-have-no-seam", test_tiles_have_no_seam);
  add (renderer, "pixels-are-squares", test_pixels_are_squares);
  add (renderer, "peeking-shows-the-bare-picture", test_peeking_shows_the_bare_picture);

  return g_test_run ();
}
