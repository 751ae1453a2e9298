/* The arithmetic of the view, over thousands of random pictures, viewports and
 * gestures. */
#include "support.h"

#include <math.h>

#include "app/dinoscope-view.h"

#define CASES 5000

static double
between (double low, double high)
{
  return g_test_rand_double_range (low, high);
}

/* Any picture in any viewport, zoomed and panned anywhere. */
static DinoscopeView
random_view (void)
{
  DinoscopeView view;

  dinoscope_view_init (&view);
  view.width = g_test_rand_int_range (1, 2000);
  view.height = g_test_rand_int_range (1, 2000);
  view.scale = g_test_rand_int_range (1, 4);
  dinoscope_view_set_picture (&view, g_test_rand_int_range (1, 5000), g_test_rand_int_range (1, 5000), false);
  view.turns = g_test_rand_int_range (0, 4);
  view.flipped = g_test_rand_bit ();
  view.fitted = g_test_rand_int_range (0, 4) == 0;
  view.zoom = exp (between (log (0.005), log (60)));
  view.center_x = between (-0.2, 1.2) * view.picture_width;
  view.center_y = between (-0.2, 1.2) * view.picture_height;
  dinoscope_view_layout (&view);
  return view;
}

static void
assert_near (double value, double expected, double tolerance)
{
  g_assert_cmpfloat_with_epsilon (value, expected, tolerance);
}

static void
test_round_trips (void)
{
  for (int i = 0; i < CASES; i++)
    {
      DinoscopeView view = random_view ();
      double        x = between (-1, 2) * view.picture_width;
      double        y = between (-1, 2) * view.picture_height;
      double        widget_x, widget_y, back_x, back_y;

      dinoscope_view_to_widget (&view, x, y, &widget_x, &widget_y);
      dinoscope_view_to_picture (&view, widget_x, widget_y, &back_x, &back_y);
      assert_near (back_x, x, 1e-6);
      assert_near (back_y, y, 1e-6);
    }
}

static void
test_corner_on_device_pixels (void)
{
  for (int i = 0; i < CASES; i++)
    {
      DinoscopeView   view = random_view ();
      struct dino_box box;

      box = dinoscope_view_box_to_widget (&view, (struct dino_box){ 0, 0, view.picture_width, view.picture_height });
      assert_near (box.x0 * view.scale, round (box.x0 * view.scale), 1e-6);
      assert_near (box.y0 * view.scale, round (box.y0 * view.scale), 1e-6);
    }
}

/* A picture larger than the viewport leaves no gap, a smaller one is in the middle. */
static void
test_limits (void)
{
  for (int i = 0; i < CASES; i++)
    {
      DinoscopeView   view = random_view ();
      double          pixel = 1.0 / view.scale + 1e-6;
      struct dino_box box;

      g_assert_cmpfloat (view.zoom, >=, dinoscope_view_smallest_zoom (&view));
      g_assert_cmpfloat (view.zoom, <=, dinoscope_view_largest_zoom (&view));
      g_assert_cmpfloat (dinoscope_view_smallest_zoom (&view), <=, dinoscope_view_original_zoom (&view));
      g_assert_cmpfloat (dinoscope_view_largest_zoom (&view), >=, dinoscope_view_original_zoom (&view));

      box = dinoscope_view_box_to_widget (&view, (struct dino_box){ 0, 0, view.picture_width, view.picture_height });
      if (box.x1 - box.x0 <= view.width)
        assert_near ((box.x0 + box.x1) / 2, view.width / 2, pixel);
      else
        g_assert_true (box.x0 <= pixel && box.x1 >= view.width - pixel);
      if (box.y1 - box.y0 <= view.height)
        assert_near ((box.y0 + box.y1) / 2, view.height / 2, pixel);
      else
        g_assert_true (box.y0 <= pixel && box.y1 >= view.height - pixel);
    }
}

static void
test_fit (void)
{
  for (int i = 0; i < CASES; i++)
    {
      DinoscopeView   view = random_view ();
      struct dino_box box;

      dinoscope_view_fit (&view);
      box = dinoscope_view_box_to_widget (&view, (struct dino_box){ 0, 0, view.picture_width, view.picture_height });
      g_assert_true (fabs (box.x1 - box.x0 - view.width) < 1e-6 || fabs (box.y1 - box.y0 - view.height) < 1e-6);
      g_assert_cmpfloat (box.x1 - box.x0, <=, view.width + 1e-6);
      g_assert_cmpfloat (box.y1 - box.y0, <=, view.height + 1e-6);

      view.width = g_test_rand_int_range (1, 2000);
      dinoscope_view_layout (&view);
      assert_near (view.zoom, dinoscope_view_fit_zoom (&view), 1e-9);
    }
}

/* The point under the pointer stays, unless that would leave a gap. */
static void
test_anchored_zoom (void)
{
  int held = 0;

  for (int i = 0; i < CASES; i++)
    {
      DinoscopeView   view = random_view ();
      double          widget_x = between (0, view.width);
      double          widget_y = between (0, view.height);
      double          before = view.zoom;
      double          zoom = before * exp (between (-1.5, 1.5));
      double          x, y, after_x, after_y;
      struct dino_box box;

      dinoscope_view_to_picture (&view, widget_x, widget_y, &x, &y);
      dinoscope_view_zoom_at (&view, zoom, widget_x, widget_y);
      zoom = CLAMP (zoom, dinoscope_view_smallest_zoom (&view), dinoscope_view_largest_zoom (&view));
      assert_near (view.zoom, zoom, 1e-9 * zoom);

      dinoscope_view_to_widget (&view, x, y, &after_x, &after_y);
      box = dinoscope_view_box_to_widget (&view, (struct dino_box){ 0, 0, view.picture_width, view.picture_height });
      if (box.x0 < -2 && box.x1 > view.width + 2)
        assert_near (after_x, widget_x, ((0.5 * MAX (zoom / before, 1) + 0.5) / view.scale + 1e-6));
      if (box.y0 < -2 && box.y1 > view.height + 2)
        assert_near (after_y, widget_y, ((0.5 * MAX (zoom / before, 1) + 0.5) / view.scale + 1e-6));
      held += box.x0 < -2 && box.x1 > view.width + 2 && box.y0 < -2 && box.y1 > view.height + 2;
    }
  /* The condition must not have excused nearly all cases. */
  g_assert_cmpint (held, >, CASES / 5);
}

/* In and out again at one point ends where it began, without drift. */
static void
test_zoom_does_not_drift (void)
{
  for (int i = 0; i < 200; i++)
    {
      DinoscopeView view;
      double        x, y, after_x, after_y;

      dinoscope_view_init (&view);
      view.width = 900;
      view.height = 700;
      view.scale = 1 + i % 2;
      dinoscope_view_set_picture (&view, 2500, 3000, false);
      view.turns = i % 4;
      dinoscope_view_place (&view, 2, 1250, 1500, 450, 350);
      x = between (200, 700);
      y = between (200, 500);
      dinoscope_view_to_picture (&view, x, y, &after_x, &after_y);
      for (int step = 0; step < 40; step++)
        dinoscope_view_zoom_at (&view, view.zoom * ((step / 4) % 2 == 0 ? 1.25 : 0.8), x, y);
      dinoscope_view_to_widget (&view, after_x, after_y, &after_x, &after_y);
      assert_near (view.zoom, 2, 1e-9);
      assert_near (after_x, x, 1.0 / view.scale + 1e-6);
      assert_near (after_y, y, 1.0 / view.scale + 1e-6);
    }
}

static void
test_steps (void)
{
  for (int i = 0; i < CASES; i++)
    {
      DinoscopeView view = random_view ();
      double        in = dinoscope_view_step (&view, 1);
      double        out = dinoscope_view_step (&view, -1);

      g_assert_cmpfloat (in, >=, view.zoom);
      g_assert_cmpfloat (out, <=, view.zoom);
      if (view.zoom < dinoscope_view_largest_zoom (&view))
        g_assert_cmpfloat (in, >, view.zoom);
      if (view.zoom > dinoscope_view_smallest_zoom (&view))
        g_assert_cmpfloat (out, <, view.zoom);
    }
}

/* From the fit, whole steps come past the original size and back to the fit exactly. */
static void
test_steps_stop (void)
{
  DinoscopeView view;
  bool          original = false;

  dinoscope_view_init (&view);
  view.width = 777;
  view.height = 555;
  dinoscope_view_set_picture (&view, 3000, 2800, false);
  for (int i = 0; i < 30; i++)
    {
      dinoscope_view_zoom_at (&view, dinoscope_view_step (&view, 1), 400, 300);
      original = original || view.zoom == 1;
    }
  g_assert_true (original);
  assert_near (view.zoom, 40, 1e-9);
  while (!view.fitted && view.zoom > dinoscope_view_smallest_zoom (&view))
    dinoscope_view_zoom_at (&view, dinoscope_view_step (&view, -1), 400, 300);
  g_assert_true (view.fitted);
}

static void
test_place_and_pan (void)
{
  for (int i = 0; i < CASES; i++)
    {
      DinoscopeView view;
      double        dx = between (-80, 80), dy = between (-80, 80);
      double        x0, y0, x1, y1;

      dinoscope_view_init (&view);
      view.width = 600;
      view.height = 500;
      dinoscope_view_set_picture (&view, 2000, 2000, false);
      view.turns = i % 4;
      view.flipped = i % 8 >= 4;
      dinoscope_view_place (&view, 3, 1000, 1000, 300, 250);
      dinoscope_view_to_widget (&view, 900, 900, &x0, &y0);
      dinoscope_view_pan (&view, dx, dy);
      dinoscope_view_to_widget (&view, 900, 900, &x1, &y1);
      assert_near (x1 - x0, dx, 1);
      assert_near (y1 - y0, dy, 1);
      assert_near (view.zoom, 3, 1e-12);
    }
}

static void
test_reveal (void)
{
  for (int i = 0; i < CASES; i++)
    {
      DinoscopeView   view = random_view ();
      double          x = between (0, view.picture_width), y = between (0, view.picture_height);
      double          size = 0.5 * MIN (view.width, view.height) / view.zoom;
      struct dino_box box = { x, y, MIN (x + size, view.picture_width), MIN (y + size, view.picture_height) };
      struct dino_box shown;
      double          zoom = view.zoom;

      dinoscope_view_reveal (&view, box);
      shown = dinoscope_view_box_to_widget (&view, box);
      assert_near (view.zoom, zoom, 1e-9 * zoom);
      g_assert_cmpfloat (shown.x0, >, -1.001);
      g_assert_cmpfloat (shown.y0, >, -1.001);
      g_assert_cmpfloat (shown.x1, <, view.width + 1.001);
      g_assert_cmpfloat (shown.y1, <, view.height + 1.001);
    }
}

/* A turn moves the top of the screen to its right, whatever was done before. */
static void
test_turns (void)
{
  for (int i = 0; i < CASES; i++)
    {
      DinoscopeView view = random_view ();
      DinoscopeView before = view;
      double        x = between (0, view.picture_width), y = between (0, view.picture_height);
      double        x0, y0, x1, y1, center_x, center_y;
      bool          clockwise = g_test_rand_bit ();

      view.fitted = before.fitted = false;
      view.width = view.height = before.width = before.height = 1000;
      dinoscope_view_layout (&before);
      view = before;
      dinoscope_view_turn (&view, clockwise);

      dinoscope_view_to_widget (&before, before.center_x, before.center_y, &center_x, &center_y);
      dinoscope_view_to_widget (&before, x, y, &x0, &y0);
      dinoscope_view_to_widget (&view, x, y, &x1, &y1);
      x0 -= center_x;
      y0 -= center_y;
      dinoscope_view_to_widget (&view, before.center_x, before.center_y, &center_x, &center_y);
      x1 -= center_x;
      y1 -= center_y;
      assert_near (x1, clockwise ? -y0 : y0, 1e-6 * (1 + fabs (y0)));
      assert_near (y1, clockwise ? x0 : -x0, 1e-6 * (1 + fabs (x0)));

      dinoscope_view_turn (&view, !clockwise);
      g_assert_cmpint (view.turns, ==, before.turns);
    }
}

static void
test_directions (void)
{
  for (int i = 0; i < CASES; i++)
    {
      DinoscopeView view = random_view ();
      int           x, y;
      double        x0, y0, x1, y1;
      int           dx = i % 2 == 0 ? 1 : 0;
      int           dy = i % 2 == 0 ? 0 : -1;

      dinoscope_view_direction (&view, dx, dy, &x, &y);
      g_assert_cmpint (abs (x) + abs (y), ==, 1);
      dinoscope_view_to_widget (&view, 0, 0, &x0, &y0);
      dinoscope_view_to_widget (&view, x, y, &x1, &y1);
      assert_near (x1 - x0, dx * view.zoom, 1e-6);
      assert_near (y1 - y0, dy * view.zoom, 1e-6);
    }
}

static void
test_scrolling (void)
{
  for (int i = 0; i < CASES; i++)
    {
      DinoscopeView view = random_view ();
      DinoscopeView scrolled;
      double        width, height, left, top, again_width, again_height, again_left, again_top;

      dinoscope_view_content (&view, &width, &height, &left, &top);
      g_assert_cmpfloat (left, >=, 0);
      g_assert_cmpfloat (left, <=, MAX (width - view.width, 0) + 1e-6);
      g_assert_cmpfloat (top, >=, 0);
      g_assert_cmpfloat (top, <=, MAX (height - view.height, 0) + 1e-6);

      scrolled = view;
      dinoscope_view_scroll_to (&scrolled, left, top);
      assert_near (scrolled.center_x, view.center_x, 1e-6);
      assert_near (scrolled.center_y, view.center_y, 1e-6);

      dinoscope_view_scroll_to (&scrolled, between (0, MAX (width - view.width, 0) + 1e-9), top);
      dinoscope_view_content (&scrolled, &again_width, &again_height, &again_left, &again_top);
      assert_near (again_width, width, 1e-6);
      assert_near (again_top, top, 1e-6);
    }
}

static void
test_another_picture (void)
{
  DinoscopeView view;
  double        relative;

  dinoscope_view_init (&view);
  view.width = 800;
  view.height = 600;
  dinoscope_view_set_picture (&view, 1000, 1000, false);
  dinoscope_view_place (&view, 3, 250, 750, 400, 300);
  view.turns = 1;
  relative = view.zoom / dinoscope_view_fit_zoom (&view);

  dinoscope_view_set_picture (&view, 3000, 2000, true);
  assert_near (view.zoom / dinoscope_view_fit_zoom (&view), relative, 1e-9);
  assert_near (view.center_x, 750, 1e-6);
  assert_near (view.center_y, 1500, 1e-6);
  g_assert_cmpint (view.turns, ==, 1);
  g_assert_false (view.fitted);

  dinoscope_view_set_picture (&view, 500, 500, false);
  g_assert_true (view.fitted);
  g_assert_cmpint (view.turns, ==, 0);
  assert_near (view.zoom, 600.0 / 500, 1e-9);
}

static void
test_nothing_to_see (void)
{
  DinoscopeView view;

  dinoscope_view_init (&view);
  g_assert_false (dinoscope_view_is_usable (&view));
  dinoscope_view_layout (&view);
  dinoscope_view_pan (&view, 10, 10);
  dinoscope_view_scroll_to (&view, 10, 10);
  dinoscope_view_set_picture (&view, 100, 100, true);
  g_assert_false (dinoscope_view_is_usable (&view));
  view.width = view.height = 50;
  dinoscope_view_layout (&view);
  assert_near (view.zoom, 0.5, 1e-12);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/view/round-trips", test_round_trips);
  g_test_add_func ("/view/corner-on-device-pixels", test_corner_on_device_pixels);
  g_test_add_func ("/view/limits", test_limits);
  g_test_add_func ("/view/fit", test_fit);
  g_test_add_func ("/view/anchored-zoom", test_anchored_zoom);
  g_test_add_func ("/view/zoom-does-not-drift", test_zoom_does_not_drift);
  g_test_add_func ("/view/steps", test_steps);
  g_test_add_func ("/view/steps-stop", test_steps_stop);
  g_test_add_func ("/view/place-and-pan", test_place_and_pan);
  g_test_add_func ("/view/reveal", test_reveal);
  g_test_add_func ("/view/turns", test_turns);
  g_test_add_func ("/view/directions", test_directions);
  g_test_add_func ("/view/scrolling", test_scrolling);
  g_test_add_func ("/view/another-picture", test_another_picture);
  g_test_add_func ("/view/nothing-to-see", test_nothing_to_see);

  return g_test_run ();
}
