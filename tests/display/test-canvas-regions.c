/* Regions on the canvas: by mouse, by keys, through zoom, turn and flip. */
#include "canvas-fixture.h"

#include <math.h>

#include "app/dinoscope-canvas-private.h"

#define WIDTH 680
#define HEIGHT 640

static guint8
ramp (int x, int y)
{
  return (guint8) (x / 4);
}

static DinoscopeRegions *
show (CanvasFixture *fixture)
{
  g_autoptr (DinoscopeRegions) regions = dinoscope_regions_new ();

  canvas_fixture_show_pattern (fixture, WIDTH, HEIGHT, ramp);
  dinoscope_regions_set_study (regions, dinoscope_canvas_get_study (fixture->canvas));
  dinoscope_canvas_set_regions (fixture->canvas, regions);
  return regions;
}

static void
activate (CanvasFixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->canvas), action, NULL));
}

static void
drag (CanvasFixture *fixture, double x0, double y0, double x1, double y1)
{
  double widget_x, widget_y;

  dinoscope_canvas_picture_to_widget (fixture->canvas, x0, y0, &widget_x, &widget_y);
  dinoscope_canvas_regions_press (fixture->canvas, widget_x, widget_y);
  dinoscope_canvas_picture_to_widget (fixture->canvas, x1, y0, &widget_x, &widget_y);
  dinoscope_canvas_regions_drag (fixture->canvas, widget_x, widget_y);
  dinoscope_canvas_picture_to_widget (fixture->canvas, x1, y1, &widget_x, &widget_y);
  dinoscope_canvas_regions_drag (fixture->canvas, widget_x, widget_y);
  dinoscope_canvas_regions_release (fixture->canvas);
}

static void
click (CanvasFixture *fixture, double x, double y)
{
  double widget_x, widget_y;

  dinoscope_canvas_picture_to_widget (fixture->canvas, x, y, &widget_x, &widget_y);
  dinoscope_canvas_click (fixture->canvas, 1, widget_x, widget_y);
}

static void
assert_region (DinoscopeRegions *regions, guint i, enum dino_shape shape, double x0, double y0, double x1, double y1)
{
  const DinoscopeRegion *region = dinoscope_regions_get (regions, i);

  g_assert_cmpint (region->shape, ==, shape);
  g_assert_cmpfloat (region->box.x0, ==, x0);
  g_assert_cmpfloat (region->box.y0, ==, y0);
  g_assert_cmpfloat (region->box.x1, ==, x1);
  g_assert_cmpfloat (region->box.y1, ==, y1);
}

static void
test_mouse (CanvasFixture *fixture, gconstpointer data)
{
  DinoscopeRegions *regions = show (fixture);

  activate (fixture, "view.region-box");
  drag (fixture, 100, 100, 400, 300);
  assert_region (regions, 0, DINO_SHAPE_BOX, 100, 100, 400, 300);
  drag (fixture, 250, 200, 280, 150); /* inside: moves */
  assert_region (regions, 0, DINO_SHAPE_BOX, 130, 50, 430, 250);
  drag (fixture, 430, 50, 330, 90); /* its upper right corner */
  assert_region (regions, 0, DINO_SHAPE_BOX, 130, 90, 330, 250);
  drag (fixture, 130, 90, 400, 300); /* past the opposite one */
  assert_region (regions, 0, DINO_SHAPE_BOX, 330, 250, 400, 300);
  drag (fixture, 350, 280, 2000, -900); /* not out of the picture */
  assert_region (regions, 0, DINO_SHAPE_BOX, WIDTH - 70, 0, WIDTH, 50);

  activate (fixture, "view.region-ellipse");
  g_assert_cmpint (fixture->canvas->regions.tool, ==, DINOSCOPE_REGION_TOOL_ELLIPSE);
  drag (fixture, 500, 600, 60, 200);
  assert_region (regions, 1, DINO_SHAPE_ELLIPSE, 60, 200, 500, 600);
  drag (fixture, 300, 300, 300, 300); /* without size: none, but a hold of the ellipse */
  g_assert_cmpuint (dinoscope_regions_get_n (regions), ==, 2);
  drag (fixture, 70, 630, 70, 635); /* without width: none */
  g_assert_cmpuint (dinoscope_regions_get_n (regions), ==, 2);

  /* In one that is not selected another one can be drawn. */
  click (fixture, 10, 630);
  g_assert_cmpint (dinoscope_regions_get_selected (regions), ==, -1);
  drag (fixture, 250, 350, 350, 450);
  assert_region (regions, 2, DINO_SHAPE_ELLIPSE, 250, 350, 350, 450);
  click (fixture, 200, 400);
  g_assert_cmpint (dinoscope_regions_get_selected (regions), ==, 1);
  click (fixture, 300, 400); /* the smaller one */
  g_assert_cmpint (dinoscope_regions_get_selected (regions), ==, 2);
}

static void
test_turned (CanvasFixture *fixture, gconstpointer data)
{
  DinoscopeRegions *regions = show (fixture);

  activate (fixture, "view.region-box");
  drag (fixture, 100, 100, 400, 300);
  activate (fixture, "view.turn-right");
  activate (fixture, "view.flip");
  dinoscope_canvas_zoom_at (fixture->canvas, 1.3, 170, 160);
  drag (fixture, 400, 100, 420, 90);
  assert_region (regions, 0, DINO_SHAPE_BOX, 100, 90, 420, 300);
  drag (fixture, 200, 200, 210, 210);
  assert_region (regions, 0, DINO_SHAPE_BOX, 110, 100, 430, 310);
}

/* Half a widget pixel a picture pixel: a step is eight of the picture's. */
static void
test_keyboard (CanvasFixture *fixture, gconstpointer data)
{
  DinoscopeRegions *regions = show (fixture);

  activate (fixture, "view.region-next");
  g_assert_true (fixture->canvas->regions.tool == DINOSCOPE_REGION_TOOL_BOX);
  assert_region (regions, 0, DINO_SHAPE_BOX, 255, 240, 425, 400);
  activate (fixture, "view.select-right");
  activate (fixture, "view.select-up");
  assert_region (regions, 0, DINO_SHAPE_BOX, 263, 232, 433, 392);
  activate (fixture, "view.far-left");
  activate (fixture, "view.far-down");
  assert_region (regions, 0, DINO_SHAPE_BOX, 263, 232, 425, 400);
  for (int i = 0; i < 100; i++)
    activate (fixture, "view.far-left");
  g_assert_cmpfloat (dinoscope_regions_get (regions, 0)->box.x0, ==, 263);
  g_assert_cmpfloat (dinoscope_regions_get (regions, 0)->box.x1, >, 263);
  g_assert_cmpfloat (dinoscope_regions_get (regions, 0)->box.x1, <=, 263 + 8);
  activate (fixture, "view.region-ellipse");
  activate (fixture, "view.region-add");
  assert_region (regions, 1, DINO_SHAPE_ELLIPSE, 255, 240, 425, 400);
  activate (fixture, "view.region-next");
  g_assert_cmpint (dinoscope_regions_get_selected (regions), ==, 0);
  activate (fixture, "view.region-previous");
  g_assert_cmpint (dinoscope_regions_get_selected (regions), ==, 1);

  /* Shift and an arrow take the corner that is lower right on the screen. */
  activate (fixture, "view.turn-right");
  activate (fixture, "view.far-right");
  g_assert_cmpfloat (dinoscope_regions_get (regions, 1)->box.y0, <, 240);
  g_assert_cmpfloat (dinoscope_regions_get (regions, 1)->box.x1, ==, 425);
  activate (fixture, "view.region-remove");
  g_assert_cmpuint (dinoscope_regions_get_n (regions), ==, 1);
  activate (fixture, "view.leave-tool");
  g_assert_cmpint (fixture->canvas->regions.tool, ==, DINOSCOPE_REGION_TOOL_NONE);
}

/* One tool at a time. */
static void
test_tools (CanvasFixture *fixture, gconstpointer data)
{
  gboolean measuring, boxes, ellipses;

  show (fixture);
  activate (fixture, "view.region-box");
  activate (fixture, "view.measure");
  g_object_get (fixture->canvas, "measuring", &measuring, "marking-boxes", &boxes, "marking-ellipses", &ellipses, NULL);
  g_assert_true (measuring && !boxes && !ellipses);
  activate (fixture, "view.region-ellipse");
  g_object_get (fixture->canvas, "measuring", &measuring, "marking-boxes", &boxes, "marking-ellipses", &ellipses, NULL);
  g_assert_true (!measuring && !boxes && ellipses);
  activate (fixture, "view.region-ellipse");
  g_object_get (fixture->canvas, "marking-ellipses", &ellipses, NULL);
  g_assert_false (ellipses);
}

static void
test_accessible (CanvasFixture *fixture, gconstpointer data)
{
  DinoscopeRegions *regions = show (fixture);

  g_assert_null (strstr (fixture->canvas->told_description, "egion"));
  activate (fixture, "view.region-box");
  g_assert_nonnull (strstr (fixture->canvas->told_description, "Marking: no region yet."));
  drag (fixture, 100, 100, 400, 300);
  dinoscope_regions_set_label (regions, 0, "heart");
  g_assert_nonnull (strstr (fixture->canvas->told_description, "1 region is marked. Selected: Region 1: heart."));
}

static gboolean
is_cyan (const guint8 *pixel)
{
  return pixel[1] > pixel[0] + 40 && pixel[2] > pixel[0] + 40;
}

/* Around a pixel, since lines lie between pixels, too. */
static gboolean
is_line (const guint8 *pixels, int width, int x, int y)
{
  for (int dy = -1; dy <= 1; dy++)
    for (int dx = -1; dx <= 1; dx++)
      if (is_cyan (pixels + ((y + dy) * width + x + dx) * 4))
        return TRUE;
  return FALSE;
}

/* The edge of a box and of an ellipse, and nothing in the middle of them. */
static void
test_drawn (CanvasFixture *fixture, gconstpointer data)
{
  DinoscopeRegions    *regions = show (fixture);
  struct dino_picture *mask = dino_picture_new (WIDTH, HEIGHT, 1, 8, NULL);
  g_autofree guint8   *pixels = NULL;
  g_autofree guint8   *masked = NULL;
  int                  width, height;

  dinoscope_regions_add (regions, DINO_SHAPE_BOX, (struct dino_box){ 100, 300, 300, 500 }, NULL);
  dinoscope_regions_add (regions, DINO_SHAPE_ELLIPSE, (struct dino_box){ 400, 300, 600, 500 }, NULL);
  pixels = canvas_fixture_pixels (fixture, &width, &height);
  g_assert_true (is_line (pixels, width, 50, 200));
  g_assert_true (is_line (pixels, width, 80, 150));
  g_assert_true (is_line (pixels, width, 200, 200));
  g_assert_true (is_line (pixels, width, 250, 250));
  g_assert_false (is_line (pixels, width, 203, 153)); /* the corner of the ellipse's box */
  g_assert_false (is_line (pixels, width, 100, 200));
  g_assert_false (is_line (pixels, width, 250, 200));

  memset (mask->samples8, 0, (gsize) WIDTH * HEIGHT);
  for (int y = 0; y < 100; y++)
    memset (mask->samples8 + y * WIDTH, 1, 200);
  dinoscope_regions_set_mask (regions, mask, "mask.png");
  while (fixture->canvas->regions.mask_texture == NULL)
    g_main_context_iteration (NULL, TRUE);
  masked = canvas_fixture_pixels (fixture, &width, &height);
  g_assert_cmpint (masked[(20 * width + 20) * 4 + 2], >, pixels[(20 * width + 20) * 4 + 2]);
  g_assert_cmpint (masked[(70 * width + 20) * 4 + 2], ==, pixels[(70 * width + 20) * 4 + 2]);
  dinoscope_regions_set_mask (regions, NULL, NULL);
  g_assert_null (fixture->canvas->regions.mask_texture);
  dino_picture_unref (mask);
}

int
main (int argc, char *argv[])
{
  if (!canvas_fixture_init (&argc, &argv))
    return 0;

  canvas_fixture_add ("/canvas-regions/mouse", test_mouse);
  canvas_fixture_add ("/canvas-regions/turned", test_turned);
  canvas_fixture_add ("/canvas-regions/keyboard", test_keyboard);
  canvas_fixture_add ("/canvas-regions/tools", test_tools);
  canvas_fixture_add ("/canvas-regions/accessible", test_accessible);
  canvas_fixture_add ("/canvas-regions/drawn", test_drawn);
  return g_test_run ();
}
