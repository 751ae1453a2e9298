#include <glib.h>

#include "viewer/place.h"

/* A picture of 300 x 200, of which a point is followed to the screen. */
#define WIDTH 300
#define HEIGHT 200

static struct view
make_scrolled (double zoom, struct turn turn, int area_width, int area_height, int left, int top)
{
  struct view view = { .zoom = zoom, .width = turn_swaps (turn) ? HEIGHT : WIDTH, .height = turn_swaps (turn) ? WIDTH : HEIGHT, .turn = turn, .scale = 1 };

  view.x = view_begin (zoom, view.width, area_width, left);
  view.y = view_begin (zoom, view.height, area_height, top);
  return view;
}

static struct view
make_view (double zoom, struct turn turn, int area_width, int area_height)
{
  return make_scrolled (zoom, turn, area_width, area_height, 0, 0);
}

static void
assert_box (struct rectangle got, double x0, double y0, double x1, double y1)
{
  g_assert_cmpfloat_with_epsilon (got.x0, x0, 1e-9);
  g_assert_cmpfloat_with_epsilon (got.y0, y0, 1e-9);
  g_assert_cmpfloat_with_epsilon (got.x1, x1, 1e-9);
  g_assert_cmpfloat_with_epsilon (got.y1, y1, 1e-9);
}

static void
test_centred (void)
{
  struct view view = make_view (1, TURN_NONE, 401, 300);

  assert_box (view_picture (&view), 50, 50, 350, 250);
  assert_box (view_place (&view, (struct rectangle){ 10, 20, 30, 40 }), 60, 70, 80, 90);
  view = make_view (0.5, TURN_NONE, 401, 300);
  assert_box (view_picture (&view), 125, 100, 275, 200);
  assert_box (view_place (&view, (struct rectangle){ 10, 20, 30, 40 }), 130, 110, 140, 120);
}

/* Larger than the area across, smaller down. */
static void
test_scrolled (void)
{
  /* eog leaves the second where it was; it has no effect. */
  struct view view = make_scrolled (2, TURN_NONE, 400, 500, 30, 7);

  assert_box (view_picture (&view), -30, 50, 570, 450);
  assert_box (view_place (&view, (struct rectangle){ 10, 20, 30, 40 }), -10, 90, 30, 130);
}

static void
test_turned (void)
{
  static const struct
  {
    int              orientation;
    struct rectangle place; /* of the corner box 0 … 30 x 0 … 20 */
  } cases[] = {
    { 1, { 0, 0, 30, 20 } },
    { 2, { 270, 0, 300, 20 } },
    { 3, { 270, 180, 300, 200 } },
    { 4, { 0, 180, 30, 200 } },
    { 5, { 0, 0, 20, 30 } },
    { 6, { 180, 0, 200, 30 } },
    { 7, { 180, 270, 200, 300 } },
    { 8, { 0, 270, 20, 300 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      struct turn      turn = turn_from_exif (cases[i].orientation);
      struct view      view = make_view (1, turn, 10, 10);
      struct turn      back = turn_then (turn, turn_inverse (turn));
      struct rectangle place = cases[i].place;

      assert_box (view_place (&view, (struct rectangle){ 0, 0, 30, 20 }), place.x0, place.y0, place.x1, place.y1);
      g_assert_true (back.xx == 1 && back.xy == 0 && back.yx == 0 && back.yy == 1);
      g_assert_cmpint (turn_swaps (turn), ==, cases[i].orientation > 4);
    }
}

static void
test_matrices (void)
{
  struct turn  turn, quarter = turn_from_exif (6);
  const double tiny = 6e-17; /* of the cosine of a right angle */

  g_assert_true (turn_from_matrix (tiny, -1, 1, tiny, &turn));
  g_assert_cmpint (turn.xy, ==, quarter.xy);
  g_assert_cmpint (turn.yx, ==, quarter.yx);
  turn = turn_then (turn_then (quarter, quarter), turn_then (quarter, quarter));
  g_assert_true (turn.xx == 1 && turn.yy == 1);
  g_assert_false (turn_from_matrix (0.7, -0.7, 0.7, 0.7, &turn));
  g_assert_false (turn_from_matrix (1, 1, 0, 0, &turn));
  g_assert_false (turn_from_matrix (1, 0, 1, 0, &turn));
  g_assert_false (turn_from_matrix (0, 0, 0, 0, &turn));
  g_assert_false (turn_from_matrix (2, 0, 0, 2, &turn));
  /* A mirror and a quarter do not commute. */
  turn = turn_then (turn_from_exif (2), quarter);
  g_assert_cmpint (turn.xy, ==, turn_from_exif (7).xy);
  turn = turn_then (quarter, turn_from_exif (2));
  g_assert_cmpint (turn.xy, ==, turn_from_exif (5).xy);
}

/* Neighbours share their edge, whatever zoom, turn, scroll and scale. */
static void
test_sharp (void)
{
  for (int i = 0; i < 5000; i++)
    {
      struct view      view = make_scrolled (g_test_rand_double_range (0.02, 20), turn_from_exif (g_test_rand_int_range (1, 9)), g_test_rand_int_range (1, 2000), g_test_rand_int_range (1, 2000),
                                             g_test_rand_int_range (0, 500), g_test_rand_int_range (0, 500));
      double           edge = g_test_rand_double_range (0, WIDTH);
      struct rectangle one, other, whole;
      double           shared[2];

      view.scale = g_test_rand_int_range (1, 4);
      one = view_place_sharp (&view, (struct rectangle){ 0, 0, edge, HEIGHT });
      other = view_place_sharp (&view, (struct rectangle){ edge, 0, WIDTH, HEIGHT });
      whole = view_place_sharp (&view, (struct rectangle){ 0, 0, WIDTH, HEIGHT });
      shared[0] = view.turn.xx != 0 ? one.x0 + one.x1 + other.x0 + other.x1 - whole.x0 - whole.x1 : one.y0 + one.y1 + other.y0 + other.y1 - whole.y0 - whole.y1;
      shared[1] = 2 * (view.turn.xx > 0 ? one.x1 : view.turn.xx < 0 ? one.x0
                                               : view.turn.yx > 0   ? one.y1
                                                                    : one.y0);
      g_assert_cmpfloat_with_epsilon (shared[0], shared[1], 1e-6);
      g_assert_cmpfloat_with_epsilon (one.x0 * view.scale, (double) (gint64) (one.x0 * view.scale + (one.x0 < 0 ? -0.5 : 0.5)), 1e-6);
    }
}

static void
test_meets (void)
{
  struct rectangle box = { 0, 0, 10, 10 };

  g_assert_true (rectangle_meets (box, (struct rectangle){ 9, 9, 20, 20 }));
  g_assert_false (rectangle_meets (box, (struct rectangle){ 10, 0, 20, 20 }));
  g_assert_false (rectangle_meets (box, (struct rectangle){ 0, -5, 10, 0 }));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/viewer/place/centred", test_centred);
  g_test_add_func ("/viewer/place/scrolled", test_scrolled);
  g_test_add_func ("/viewer/place/turned", test_turned);
  g_test_add_func ("/viewer/place/matrices", test_matrices);
  g_test_add_func ("/viewer/place/sharp", test_sharp);
  g_test_add_func ("/viewer/place/meets", test_meets);
  return g_test_run ();
}
