/* Window and level by hand: sensitivity, directions, limits, rounding. */
#include "core/picture/window-level.h"
#include "deep-picture.h"

static void
assert_window (struct dino_window window, double center, double width)
{
  g_assert_cmpfloat_with_epsilon (window.center, center, 1e-9);
  g_assert_cmpfloat_with_epsilon (window.width, width, 1e-9);
}

/* 512 steps pass the picture's range; wider leaves the centre, brighter the width. */
static void
test_directions (void)
{
  const struct dino_window_scale scale = { -1000, 4120, 1 };
  const struct dino_window       window = { 500, 1000, DINO_VOI_LINEAR };

  assert_window (dino_window_moved (&window, &scale, 3, 0, false), 500, 1030);
  assert_window (dino_window_moved (&window, &scale, -3, 0, false), 500, 970);
  assert_window (dino_window_moved (&window, &scale, 0, 5, false), 450, 1000);
  assert_window (dino_window_moved (&window, &scale, 0, -5, false), 550, 1000);
  assert_window (dino_window_moved (&window, &scale, 0, 5, true), 550, 1000);
  assert_window (dino_window_moved (&window, &scale, 3 * DINO_WINDOW_FINE, 5 * DINO_WINDOW_FINE, false), 495, 1003);
  g_assert_cmpint (dino_window_moved (&window, &scale, 1, 1, false).function, ==, DINO_VOI_LINEAR);
}

/* Brighter means brighter, whichever way round greys are. */
static void
test_brighter (void)
{
  const struct dino_window_scale scale = { 0, 4095, 1 };
  const struct dino_window       window = { 2000, 1000, DINO_VOI_SIGMOID };
  struct dino_window             moved = dino_window_moved (&window, &scale, 0, 20, false);
  struct dino_window             inverted = dino_window_moved (&window, &scale, 0, 20, true);

  g_assert_cmpfloat (dino_window_value (&moved, 2000, 0, 255), >, dino_window_value (&window, 2000, 0, 255));
  g_assert_cmpfloat (255 - dino_window_value (&inverted, 2000, 0, 255), >, 255 - dino_window_value (&window, 2000, 0, 255));
}

static void
test_limits (void)
{
  const struct dino_window_scale scale = { 0, 100, 0.01 };
  struct dino_window             window = { 50, 40, DINO_VOI_LINEAR_EXACT };

  assert_window (dino_window_moved (&window, &scale, -5000, 0, false), 50, 0.01);
  assert_window (dino_window_moved (&window, &scale, 50000, 0, false), 50, 400);
  assert_window (dino_window_moved (&window, &scale, 0, 50000, false), -100, 40);
  assert_window (dino_window_moved (&window, &scale, 0, -50000, false), 200, 40);
  window.function = DINO_VOI_LINEAR;
  assert_window (dino_window_moved (&window, &scale, -5000, 0, false), 50, 1);
}

static void
test_rounded (void)
{
  const struct dino_window_scale whole = { 0, 4095, 1 };
  const struct dino_window_scale parts = { 0, 3, 0.0001 };
  const struct dino_window       window = { 1000.4999, 0.3, DINO_VOI_LINEAR_EXACT };
  const struct dino_window       fine = { 1.00004, 1.99996, DINO_VOI_SIGMOID };

  assert_window (dino_window_rounded (&window, &whole), 1000, 1);
  assert_window (dino_window_rounded (&fine, &parts), 1, 2);
}

static void
test_scale (void)
{
  struct dino_picture     *picture = deep_picture (100, 90);
  struct dino_window_scale scale;

  dino_window_scale_init (&scale, picture);
  g_assert_cmpfloat (scale.low, >=, 2 * -1023 - 24);
  g_assert_cmpfloat (scale.low, <, 2 * -1000 - 24);
  g_assert_cmpfloat (scale.high, <=, 2 * 3071 - 24);
  g_assert_cmpfloat (scale.unit, ==, 1);

  picture->grey->slope = 0.5;
  dino_window_scale_init (&scale, picture);
  g_assert_cmpfloat_with_epsilon (scale.unit, 0.1, 1e-12);
  picture->grey->slope = 0.0001;
  dino_window_scale_init (&scale, picture);
  g_assert_cmpfloat_with_epsilon (scale.unit, 0.00001, 1e-15);
  picture->grey->slope = -2;
  dino_window_scale_init (&scale, picture);
  g_assert_cmpfloat (scale.low, <, scale.high);
  dino_picture_unref (picture);
}

/* All of one value: still a range that can be divided by. */
static void
test_flat (void)
{
  struct dino_picture     *picture = dino_picture_new (4, 3, 1, 8, NULL);
  struct dino_window_scale scale;
  struct dino_window       window = { 77, 1, DINO_VOI_LINEAR_EXACT };

  memset (picture->samples8, 77, 12);
  g_assert_true (dino_picture_measure (picture, NULL));
  dino_window_scale_init (&scale, picture);
  g_assert_cmpfloat (scale.low, ==, 77);
  g_assert_cmpfloat (scale.high, ==, 78);
  window = dino_window_moved (&window, &scale, 512, -512, false);
  assert_window (window, 78, 2);
  dino_picture_unref (picture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/window-level/directions", test_directions);
  g_test_add_func ("/window-level/brighter", test_brighter);
  g_test_add_func ("/window-level/limits", test_limits);
  g_test_add_func ("/window-level/rounded", test_rounded);
  g_test_add_func ("/window-level/scale", test_scale);
  g_test_add_func ("/window-level/flat", test_flat);
  return g_test_run ();
}
