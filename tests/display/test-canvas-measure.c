/* Distances on the canvas: by mouse, by keys, through zoom, turn and flip. */
#include "canvas-fixture.h"

#include <math.h>

#include "app/dinoscope-canvas-private.h"
#include "core/picture/attributes.h"
#include "engine/dinoscope-study-private.h"

#define WIDTH 680
#define HEIGHT 640

/* A grey ramp whose rows lie farther apart than its columns; first tells pictures apart. */
static DinoscopeStudy *
make_study (enum dino_spacing kind, guint8 first)
{
  struct dino_error    failure = { 0 };
  struct dino_picture *picture = dino_picture_new (WIDTH, HEIGHT, 1, 8, &failure);
  DinoscopeStudy      *study;
  g_autoptr (GError)   error = NULL;

  for (int i = 0; i < WIDTH * HEIGHT; i++)
    picture->samples8[i] = (guint8) (i % WIDTH / 4);
  picture->samples8[0] = first;
  g_assert_true (dino_picture_measure (picture, &failure));
  picture->attributes = dino_attributes_new (0, &failure);
  picture->attributes->spacing = kind;
  picture->attributes->spacing_x = 0.1;
  picture->attributes->spacing_y = 0.2;
  study = dinoscope_study_new (picture, NULL, "ramp", NULL, FALSE, NULL, &error);
  g_assert_no_error (error);
  return study;
}

static void
show (CanvasFixture *fixture, enum dino_spacing kind, guint8 first)
{
  g_autoptr (DinoscopeStudy) study = make_study (kind, first);

  dinoscope_canvas_set_study (fixture->canvas, study, TRUE);
  canvas_fixture_settle (fixture);
}

static void
activate (CanvasFixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->canvas), action, NULL));
}

/* From one point of the picture to another, as a hand with a mouse would. */
static void
drag (CanvasFixture *fixture, double x0, double y0, double x1, double y1)
{
  double widget_x, widget_y;

  dinoscope_canvas_picture_to_widget (fixture->canvas, x0, y0, &widget_x, &widget_y);
  dinoscope_canvas_measure_press (fixture->canvas, widget_x, widget_y);
  dinoscope_canvas_picture_to_widget (fixture->canvas, (x0 + x1) / 2, y0, &widget_x, &widget_y);
  dinoscope_canvas_measure_drag (fixture->canvas, widget_x, widget_y);
  dinoscope_canvas_picture_to_widget (fixture->canvas, x1, y1, &widget_x, &widget_y);
  dinoscope_canvas_measure_drag (fixture->canvas, widget_x, widget_y);
  dinoscope_canvas_measure_release (fixture->canvas);
}

static void
assert_measured (CanvasFixture *fixture, const char *expected)
{
  g_autofree char *text = dinoscope_canvas_dup_measured (fixture->canvas);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_line (CanvasFixture *fixture, guint index, double x0, double y0, double x1, double y1)
{
  const DinoscopeDistance *line = &g_array_index (fixture->canvas->measure.lines, DinoscopeDistance, index);

  g_assert_cmpfloat_with_epsilon (line->x[0], x0, 1e-6);
  g_assert_cmpfloat_with_epsilon (line->y[0], y0, 1e-6);
  g_assert_cmpfloat_with_epsilon (line->x[1], x1, 1e-6);
  g_assert_cmpfloat_with_epsilon (line->y[1], y1, 1e-6);
}

/* 300 columns of 0.1 mm and 200 rows of 0.2 mm: 30 and 40, so 50 mm. */
static void
test_units (CanvasFixture *fixture, gconstpointer data)
{
  static const struct
  {
    enum dino_spacing kind;
    const char       *text;
  } cases[] = {
    { DINO_SPACING_DETECTOR, "50.0 mm at detector" },
    { DINO_SPACING_CALIBRATED, "50.0 mm calibrated" },
    { DINO_SPACING_PLANE, "50.0 mm" },
    { DINO_SPACING_UNKNOWN, "361 px" },
  };

  g_object_set (fixture->canvas, "measuring", TRUE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      show (fixture, cases[i].kind, (guint8) i);
      assert_measured (fixture, "");
      drag (fixture, 100, 100, 400, 300);
      assert_line (fixture, 0, 100, 100, 400, 300);
      assert_measured (fixture, cases[i].text);
    }
}

/* Ends and lines are taken up again, also when the picture is enlarged, turned and mirrored. */
static void
test_drag_again (CanvasFixture *fixture, gconstpointer data)
{
  show (fixture, DINO_SPACING_DETECTOR, 0);
  g_object_set (fixture->canvas, "measuring", TRUE, NULL);
  drag (fixture, 100, 100, 400, 300);
  drag (fixture, 120, 500, 600, 500);
  g_assert_cmpuint (fixture->canvas->measure.lines->len, ==, 2);
  assert_measured (fixture, "48.0 mm at detector");

  activate (fixture, "view.turn-right");
  activate (fixture, "view.flip");
  dinoscope_canvas_zoom_at (fixture->canvas, 1.3, 170, 160);
  assert_line (fixture, 0, 100, 100, 400, 300);
  drag (fixture, 400, 300, 400, 100);
  g_assert_cmpuint (fixture->canvas->measure.lines->len, ==, 2);
  assert_line (fixture, 0, 100, 100, 400, 100);
  assert_measured (fixture, "30.0 mm at detector");
  drag (fixture, 250, 100, 260, 130);
  assert_line (fixture, 0, 110, 130, 410, 130);

  /* Not beyond the edge; and back to where it began is no line. */
  drag (fixture, 410, 130, 900, -50);
  assert_line (fixture, 0, 110, 130, WIDTH, 0);
  drag (fixture, 300, 400, 300, 400);
  g_assert_cmpuint (fixture->canvas->measure.lines->len, ==, 2);
}

static void
click (CanvasFixture *fixture, double x, double y)
{
  double widget_x, widget_y;

  dinoscope_canvas_picture_to_widget (fixture->canvas, x, y, &widget_x, &widget_y);
  dinoscope_canvas_click (fixture->canvas, 1, widget_x, widget_y);
}

static void
test_select_and_remove (CanvasFixture *fixture, gconstpointer data)
{
  show (fixture, DINO_SPACING_DETECTOR, 0);
  g_object_set (fixture->canvas, "measuring", TRUE, NULL);
  drag (fixture, 100, 100, 400, 100);
  drag (fixture, 100, 500, 300, 500);
  click (fixture, 250, 100);
  assert_measured (fixture, "30.0 mm at detector");
  click (fixture, 500, 300);
  assert_measured (fixture, "");
  click (fixture, 250, 100);
  activate (fixture, "view.measure-remove");
  g_assert_cmpuint (fixture->canvas->measure.lines->len, ==, 1);
  assert_measured (fixture, "20.0 mm at detector");
  activate (fixture, "view.measure-remove");
  g_assert_cmpuint (fixture->canvas->measure.lines->len, ==, 0);
  assert_measured (fixture, "");
}

static void
test_keyboard (CanvasFixture *fixture, gconstpointer data)
{
  show (fixture, DINO_SPACING_UNKNOWN, 0);
  /* Two picture pixels a device pixel: a step is two of them. */
  activate (fixture, "view.measure-next");
  g_assert_true (fixture->canvas->measure.active);
  assert_line (fixture, 0, 255, 320, 425, 320);
  assert_measured (fixture, "170 px");
  activate (fixture, "view.select-right");
  assert_line (fixture, 0, 255, 320, 427, 320);
  activate (fixture, "view.far-up");
  assert_line (fixture, 0, 255, 320, 427, 300);
  activate (fixture, "view.measure-next");
  activate (fixture, "view.far-left");
  assert_line (fixture, 0, 235, 320, 427, 300);

  /* Left on the screen, whatever that is in the picture; turned, it is fitted smaller. */
  activate (fixture, "view.turn-right");
  activate (fixture, "view.select-left");
  assert_line (fixture, 0, 235, 323, 427, 300);
  activate (fixture, "view.measure-add");
  g_assert_cmpuint (fixture->canvas->measure.lines->len, ==, 2);
  activate (fixture, "view.measure-next");
  g_assert_cmpint (fixture->canvas->measure.selected, ==, 0);

  /* Out of the tool arrows move the patch cursor again. */
  activate (fixture, "view.leave-tool");
  g_assert_false (fixture->canvas->measure.active);
  dinoscope_canvas_set_geometry (fixture->canvas, &(const struct dino_geometry){ WIDTH, HEIGHT, 56, 56, 0, 0, 56, 56, 14, 4, 4 });
  activate (fixture, "view.select-left");
  assert_line (fixture, 0, 235, 323, 427, 300);
  g_assert_cmpint (fixture->canvas->selected_row, >=, 0);
}

static void
test_stays_with_picture (CanvasFixture *fixture, gconstpointer data)
{
  g_object_set (fixture->canvas, "measuring", TRUE, NULL);
  show (fixture, DINO_SPACING_DETECTOR, 1);
  drag (fixture, 100, 100, 400, 100);
  show (fixture, DINO_SPACING_DETECTOR, 2);
  g_assert_cmpuint (fixture->canvas->measure.lines->len, ==, 0);
  assert_measured (fixture, "");
  show (fixture, DINO_SPACING_DETECTOR, 1);
  assert_line (fixture, 0, 100, 100, 400, 100);
  dinoscope_canvas_set_study (fixture->canvas, NULL, FALSE);
  assert_measured (fixture, "");
}

static void
assert_description_has (CanvasFixture *fixture, const char *part, gboolean has)
{
  g_assert_cmpint (strstr (fixture->canvas->told_description, part) != NULL, ==, has);
}

static void
test_accessible (CanvasFixture *fixture, gconstpointer data)
{
  show (fixture, DINO_SPACING_DETECTOR, 0);
  assert_description_has (fixture, "istance", FALSE);
  activate (fixture, "view.measure");
  assert_description_has (fixture, "Measuring: no distance yet.", TRUE);
  drag (fixture, 100, 100, 400, 100);
  assert_description_has (fixture, "Distance: 30.0 mm at detector.", TRUE);
  drag (fixture, 100, 500, 300, 500);
  assert_description_has (fixture, "Distances: 30.0 mm at detector, 20.0 mm at detector.", TRUE);
}

static gboolean
is_yellow (const guint8 *pixel)
{
  return pixel[0] > 200 && pixel[1] > 180 && pixel[2] < 140;
}

/* The line is drawn from end to end and nowhere else; while Space is held it is not there. */
static void
test_drawn (CanvasFixture *fixture, gconstpointer data)
{
  g_autofree guint8 *pixels = NULL;
  g_autofree guint8 *bare = NULL;
  int                width, height;

  show (fixture, DINO_SPACING_DETECTOR, 0);
  g_object_set (fixture->canvas, "measuring", TRUE, NULL);
  drag (fixture, 100, 400, 500, 400);
  pixels = canvas_fixture_pixels (fixture, &width, &height);
  for (int x = 0; x < 340; x += 10)
    g_assert_cmpint (is_yellow (pixels + (200 * width + x) * 4), ==, x >= 50 && x <= 250);
  g_object_set (fixture->canvas, "peeking", TRUE, NULL);
  bare = canvas_fixture_pixels (fixture, &width, &height);
  for (int i = 0; i < width * height; i++)
    g_assert_false (is_yellow (bare + i * 4));
}

int
main (int argc, char *argv[])
{
  if (!canvas_fixture_init (&argc, &argv))
    return 0;

  canvas_fixture_add ("/canvas-measure/units", test_units);
  canvas_fixture_add ("/canvas-measure/drag-again", test_drag_again);
  canvas_fixture_add ("/canvas-measure/select-and-remove", test_select_and_remove);
  canvas_fixture_add ("/canvas-measure/keyboard", test_keyboard);
  canvas_fixture_add ("/canvas-measure/stays-with-picture", test_stays_with_picture);
  canvas_fixture_add ("/canvas-measure/accessible", test_accessible);
  canvas_fixture_add ("/canvas-measure/drawn", test_drawn);
  return g_test_run ();
}
