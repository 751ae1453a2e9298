/* Lengths, words and what a point takes hold of: against worked examples and a
 * plain search over points of the line. */
#include "support.h"

#include <math.h>

#include "app/dinoscope-measure.h"

static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_spacing (void)
{
  struct dino_attributes attributes = { .spacing = DINO_SPACING_DETECTOR, .spacing_x = 0.143, .spacing_y = 0.15 };

  g_assert_cmpint (dinoscope_spacing_of (NULL).kind, ==, DINO_SPACING_UNKNOWN);
  g_assert_cmpint (dinoscope_spacing_of (&attributes).kind, ==, DINO_SPACING_DETECTOR);
  assert_text (dinoscope_spacing_describe (dinoscope_spacing_of (&attributes)), "0.15 × 0.143 mm at detector");
  attributes.spacing = DINO_SPACING_CALIBRATED;
  assert_text (dinoscope_spacing_describe (dinoscope_spacing_of (&attributes)), "0.15 × 0.143 mm calibrated");
  attributes.spacing = DINO_SPACING_PLANE;
  assert_text (dinoscope_spacing_describe (dinoscope_spacing_of (&attributes)), "0.15 × 0.143 mm");
  attributes.spacing = DINO_SPACING_UNKNOWN;
  assert_text (dinoscope_spacing_describe (dinoscope_spacing_of (&attributes)), "px (spacing unknown)");

  /* Numbers that cannot be a spacing are none. */
  attributes.spacing = DINO_SPACING_DETECTOR;
  for (int i = 0; i < 3; i++)
    {
      attributes.spacing_y = ((const double[]){ 0, -1, NAN })[i];
      g_assert_cmpint (dinoscope_spacing_of (&attributes).kind, ==, DINO_SPACING_UNKNOWN);
    }
}

/* 300 columns and 400 rows: 3-4-5 in pixels, 30-80-85.4 in millimetres of 0.1 and 0.2. */
static void
test_length (void)
{
  const DinoscopeDistance distance = { { 1000, 700 }, { 50, 450 } };
  DinoscopeSpacing        spacing = { DINO_SPACING_UNKNOWN, 7, 7 };

  g_assert_cmpfloat_with_epsilon (dinoscope_distance_length (&distance, spacing), 500, 1e-12);
  assert_text (dinoscope_distance_describe (&distance, spacing), "500 px");
  spacing = (DinoscopeSpacing){ DINO_SPACING_DETECTOR, 0.1, 0.2 };
  g_assert_cmpfloat_with_epsilon (dinoscope_distance_length (&distance, spacing), sqrt (30.0 * 30 + 80 * 80), 1e-12);
  assert_text (dinoscope_distance_describe (&distance, spacing), "85.4 mm at detector");
  spacing.kind = DINO_SPACING_CALIBRATED;
  assert_text (dinoscope_distance_describe (&distance, spacing), "85.4 mm calibrated");
  spacing.kind = DINO_SPACING_PLANE;
  assert_text (dinoscope_distance_describe (&distance, spacing), "85.4 mm");
}

static void
assert_line (const DinoscopeDistance *line, double x0, double y0, double x1, double y1)
{
  g_assert_cmpfloat_with_epsilon (line->x[0], x0, 1e-12);
  g_assert_cmpfloat_with_epsilon (line->y[0], y0, 1e-12);
  g_assert_cmpfloat_with_epsilon (line->x[1], x1, 1e-12);
  g_assert_cmpfloat_with_epsilon (line->y[1], y1, 1e-12);
}

static void
test_stays_inside (void)
{
  DinoscopeDistance line = { { 10, 30 }, { 20, 60 } };

  dinoscope_distance_place_end (&line, 1, 500, -3, 100, 80);
  assert_line (&line, 10, 20, 100, 0);
  dinoscope_distance_place_end (&line, 1, 30, 60, 100, 80);
  dinoscope_distance_shift (&line, 5, 10, 100, 80);
  assert_line (&line, 15, 30, 35, 70);
  /* Cut, and not bent. */
  dinoscope_distance_shift (&line, -50, 50, 100, 80);
  assert_line (&line, 0, 40, 20, 80);
}

static DinoscopeView
make_view (int turns, bool flipped)
{
  DinoscopeView view;

  dinoscope_view_init (&view);
  view.width = 400;
  view.height = 300;
  dinoscope_view_set_picture (&view, 2000, 1500, false);
  view.turns = turns;
  view.flipped = flipped;
  dinoscope_view_layout (&view);
  return view;
}

/* Whatever way the view is turned, what is under the pointer is what is on the screen there. */
static void
test_find (void)
{
  const DinoscopeDistance lines[] = {
    { { 200, 1800 }, { 200, 200 } },
    { { 200, 1800 }, { 600, 1400 } },
    { { 200, 205 }, { 602, 1300 } },
  };

  for (int orientation = 0; orientation < 8; orientation++)
    {
      DinoscopeView view = make_view (orientation % 4, orientation >= 4);
      DinoscopeHit  part;
      double        x, y;

      dinoscope_view_to_widget (&view, 1800, 200, &x, &y);
      g_assert_cmpint (dinoscope_distance_find (&view, lines, 3, -1, x + 3, y - 3, &part), ==, 0);
      g_assert_cmpint (part, ==, DINOSCOPE_HIT_SECOND_END);
      dinoscope_view_to_widget (&view, 1000, 200, &x, &y);
      g_assert_cmpint (dinoscope_distance_find (&view, lines, 3, -1, x, y, &part), ==, 0);
      g_assert_cmpint (part, ==, DINOSCOPE_HIT_LINE);
      dinoscope_view_to_widget (&view, 1000, 100, &x, &y);
      g_assert_cmpint (dinoscope_distance_find (&view, lines, 3, -1, x, y, &part), ==, -1);
      g_assert_cmpint (part, ==, DINOSCOPE_HIT_NONE);
      /* Beyond its ends a line goes on for nobody. */
      dinoscope_view_to_widget (&view, 1990, 200, &x, &y);
      g_assert_cmpint (dinoscope_distance_find (&view, lines, 1, -1, x, y, &part), ==, -1);

      /* Two ends at one place: the chosen line's. */
      dinoscope_view_to_widget (&view, 202, 601, &x, &y);
      g_assert_cmpint (dinoscope_distance_find (&view, lines, 3, 1, x, y, &part), ==, 1);
      g_assert_cmpint (part, ==, DINOSCOPE_HIT_FIRST_END);
      g_assert_cmpint (dinoscope_distance_find (&view, lines, 3, 2, x, y, &part), ==, 2);
      g_assert_cmpint (part, ==, DINOSCOPE_HIT_FIRST_END);
    }
}

static void
test_find_without_length (void)
{
  const DinoscopeDistance point = { { 1000, 1000 }, { 700, 700 } };
  DinoscopeView           view = make_view (0, false);
  DinoscopeHit            part;
  double                  x, y;

  dinoscope_view_to_widget (&view, 1000, 700, &x, &y);
  g_assert_cmpint (dinoscope_distance_find (&view, &point, 1, -1, x, y, &part), ==, 0);
  g_assert_cmpint (part, ==, DINOSCOPE_HIT_SECOND_END);
  g_assert_cmpint (dinoscope_distance_find (&view, NULL, 0, -1, x, y, &part), ==, -1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/measure/spacing", test_spacing);
  g_test_add_func ("/measure/length", test_length);
  g_test_add_func ("/measure/stays-inside", test_stays_inside);
  g_test_add_func ("/measure/find", test_find);
  g_test_add_func ("/measure/find-without-length", test_find_without_length);
  return g_test_run ();
}
