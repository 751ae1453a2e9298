/* Strokes on the canvas: by mouse, by keys, and undone. */
#include "canvas-fixture.h"

#include "app/dinoscope-canvas-private.h"

#define WIDTH 680
#define HEIGHT 640

typedef struct
{
  DinoscopeScribbles   *scribbles;
  DinoscopeScribbleKit *kit;
} Shown;

static guint8
ramp (int x, int y)
{
  return (guint8) (x / 4);
}

static Shown
show (CanvasFixture *fixture)
{
  g_autoptr (DinoscopeScribbles)   scribbles = dinoscope_scribbles_new ();
  g_autoptr (DinoscopeScribbleKit) kit = dinoscope_scribble_kit_new ();

  canvas_fixture_show_pattern (fixture, WIDTH, HEIGHT, ramp);
  dinoscope_scribbles_set_study (scribbles, dinoscope_canvas_get_study (fixture->canvas));
  dinoscope_canvas_set_scribbles (fixture->canvas, scribbles);
  dinoscope_canvas_set_scribble_kit (fixture->canvas, kit);
  return (Shown){ scribbles, kit };
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
  dinoscope_canvas_scribbles_press (fixture->canvas, widget_x, widget_y);
  dinoscope_canvas_picture_to_widget (fixture->canvas, x1, y1, &widget_x, &widget_y);
  dinoscope_canvas_scribbles_drag (fixture->canvas, widget_x, widget_y);
  dinoscope_canvas_scribbles_release (fixture->canvas);
}

static void
assert_stroke (Shown shown, guint i, guint number, double radius, const double *places, guint n)
{
  const DinoscopeScribbleStroke *stroke = dinoscope_scribbles_get (shown.scribbles, i);

  g_assert_cmpuint (stroke->number, ==, number);
  g_assert_cmpfloat (stroke->radius, ==, radius);
  g_assert_cmpuint (stroke->places->len, ==, n);
  for (guint k = 0; k < n; k++)
    g_assert_cmpfloat_with_epsilon (g_array_index (stroke->places, double, k), places[k], 1e-6);
}

static void
test_mouse (CanvasFixture *fixture, gconstpointer data)
{
  Shown    shown = show (fixture);
  gboolean painting = FALSE;
  double   x, y;

  activate (fixture, "view.paint");
  g_object_set (shown.kit, "brush", 30.0, NULL);
  drag (fixture, 100, 120, 300, 200);
  assert_stroke (shown, 0, 1, 15, (double[]){ 100, 120, 300, 200 }, 4);
  activate (fixture, "view.paint-class-next");
  g_assert_cmpuint (dinoscope_scribble_kit_get_current (shown.kit), ==, 0);
  dinoscope_canvas_picture_to_widget (fixture->canvas, 50, 60, &x, &y);
  dinoscope_canvas_click (fixture->canvas, 1, x, y);
  assert_stroke (shown, 1, 0, 15, (double[]){ 50, 60 }, 2);
  activate (fixture, "view.rub-out");
  g_object_get (fixture->canvas, "painting", &painting, NULL);
  g_assert_false (painting);
  drag (fixture, 10, 10, 20, 10);
  g_assert_cmpuint (dinoscope_scribbles_get (shown.scribbles, 2)->number, ==, DINOSCOPE_SCRIBBLE_RUBS_OUT);

  /* Another tool takes the brush away, and the brush another tool. */
  g_object_set (fixture->canvas, "measuring", TRUE, NULL);
  g_object_get (fixture->canvas, "rubbing-out", &painting, NULL);
  g_assert_false (painting);
  activate (fixture, "view.paint");
  g_object_get (fixture->canvas, "measuring", &painting, NULL);
  g_assert_false (painting);
  activate (fixture, "view.leave-tool");
  g_object_get (fixture->canvas, "painting", &painting, NULL);
  g_assert_false (painting);
}

static void
test_keys (CanvasFixture *fixture, gconstpointer data)
{
  Shown                shown = show (fixture);
  struct dino_geometry geometry;

  g_assert_true (dino_geometry_init_raw (&geometry, 20, WIDTH, HEIGHT, NULL));
  dinoscope_canvas_set_geometry (fixture->canvas, &geometry);
  dinoscope_canvas_select_patch (fixture->canvas, 3, 4);
  activate (fixture, "view.paint");
  activate (fixture, "view.paint-patch");
  assert_stroke (shown, 0, 1, 10, (double[]){ 90, 70 }, 2);
  activate (fixture, "view.rub-out-patch");
  assert_stroke (shown, 1, DINOSCOPE_SCRIBBLE_RUBS_OUT, 10, (double[]){ 90, 70 }, 2);
}

/* What was painted and rubbed out, as pixels. */
static void
test_drawn (CanvasFixture *fixture, gconstpointer data)
{
  Shown              shown = show (fixture);
  const guint8       orange[3] = { 255, 128, 0 };
  int                width;
  double             x, y;
  g_autofree guint8 *pixels = NULL;
  const guint8      *painted, *rubbed_out;

  dinoscope_scribble_kit_set_color (shown.kit, 1, orange);
  dinoscope_scribbles_begin (shown.scribbles, 1, 20, 200, 300);
  dinoscope_scribbles_extend (shown.scribbles, 400, 300);
  dinoscope_scribbles_end (shown.scribbles);
  dinoscope_scribbles_begin (shown.scribbles, DINOSCOPE_SCRIBBLE_RUBS_OUT, 30, 300, 300);
  dinoscope_scribbles_end (shown.scribbles);
  pixels = canvas_fixture_pixels (fixture, &width, NULL);
  dinoscope_canvas_picture_to_widget (fixture->canvas, 220, 300, &x, &y);
  painted = pixels + ((gsize) y * (gsize) width + (gsize) x) * 4;
  dinoscope_canvas_picture_to_widget (fixture->canvas, 300, 300, &x, &y);
  rubbed_out = pixels + ((gsize) y * (gsize) width + (gsize) x) * 4;
  /* Six tenths of the colour over the grey 55. */
  g_assert_cmpint (ABS (painted[0] - 175), <=, 3);
  g_assert_cmpint (ABS (painted[2] - 22), <=, 3);
  g_assert_cmpint (rubbed_out[0], ==, rubbed_out[2]);
}

/* A mask in the kit's colours, what lies around and what was not seen left clear. */
static void
test_mask (CanvasFixture *fixture, gconstpointer data)
{
  Shown               shown = show (fixture);
  struct dino_classes classes;
  guint8             *values = g_malloc0 ((gsize) WIDTH * HEIGHT);
  g_autoptr (GBytes)  mask = g_bytes_new_take (values, (gsize) WIDTH * HEIGHT);
  int                 width;
  g_autofree guint8  *pixels = NULL;
  const guint8        blue[3] = { 0, 0, 255 };

  memset (values, 1, (gsize) WIDTH * 200);
  memset (values + (gsize) WIDTH * 400, 255, (gsize) WIDTH * 100);
  dinoscope_scribble_kit_get_classes (shown.kit, &classes);
  dinoscope_scribble_kit_set_color (shown.kit, 1, blue);
  g_object_set (shown.kit, "opacity", 0.5, NULL);
  dinoscope_scribbles_set_mask (shown.scribbles, mask, &classes);
  while (fixture->canvas->scribbles.mask_texture == NULL)
    g_main_context_iteration (NULL, TRUE);
  pixels = canvas_fixture_pixels (fixture, &width, NULL);
  g_assert_cmpint (ABS (pixels[(20 * width + 20) * 4 + 2] - 132), <=, 4);
  g_assert_cmpint (pixels[(150 * width + 20) * 4 + 2], ==, pixels[(150 * width + 20) * 4]);
  g_assert_cmpint (pixels[(220 * width + 20) * 4 + 2], ==, pixels[(220 * width + 20) * 4]);
  dinoscope_scribbles_set_mask (shown.scribbles, NULL, NULL);
  g_assert_null (fixture->canvas->scribbles.mask_texture);
}

static void
test_state (void)
{
  g_autoptr (DinoscopeScribbles) scribbles = dinoscope_scribbles_new ();
  g_autoptr (GVariant)           before = dinoscope_scribbles_dup_state (scribbles);
  g_autoptr (GVariant)           none = NULL;

  /* Without a picture nothing can be painted. */
  dinoscope_scribbles_begin (scribbles, 0, 1, 2, 3);
  dinoscope_scribbles_extend (scribbles, 20, 30);
  dinoscope_scribbles_end (scribbles);
  none = dinoscope_scribbles_dup_state (scribbles);
  g_assert_true (g_variant_equal (before, none));
}

static void
test_kit (void)
{
  g_autoptr (DinoscopeScribbleKit) kit = dinoscope_scribble_kit_new ();
  struct dino_classes              classes;
  guint                            number;

  g_assert_false (dinoscope_scribble_kit_remove (kit, 0));
  g_assert_true (dinoscope_scribble_kit_add (kit));
  g_assert_cmpuint (dinoscope_scribble_kit_get_current (kit), ==, 2);
  number = dinoscope_scribble_kit_get (kit, 2)->number;
  g_assert_true (dinoscope_scribble_kit_remove (kit, 1));
  g_assert_cmpuint (dinoscope_scribble_kit_get (kit, 1)->number, ==, number);
  g_assert_null (dinoscope_scribble_kit_find (kit, 1));
  g_assert_cmpuint (dinoscope_scribble_kit_get_current (kit), ==, 1);
  dinoscope_scribble_kit_set_name (kit, 1, "");
  dinoscope_scribble_kit_set_name (kit, 1, "lung");
  dinoscope_scribble_kit_get_classes (kit, &classes);
  g_assert_cmpint (classes.n, ==, 2);
  g_assert_cmpstr (classes.list[1].name, ==, "lung");
  while (dinoscope_scribble_kit_add (kit))
    ;
  g_assert_cmpuint (dinoscope_scribble_kit_get_n (kit), ==, DINO_DECODER_MAX_CLASSES);
}

int
main (int argc, char *argv[])
{
  if (!canvas_fixture_init (&argc, &argv))
    return 0;
  canvas_fixture_add ("/canvas-scribbles/mouse", test_mouse);
  canvas_fixture_add ("/canvas-scribbles/keys", test_keys);
  canvas_fixture_add ("/canvas-scribbles/drawn", test_drawn);
  canvas_fixture_add ("/canvas-scribbles/mask", test_mask);
  g_test_add_func ("/canvas-scribbles/state", test_state);
  g_test_add_func ("/canvas-scribbles/kit", test_kit);
  return g_test_run ();
}
