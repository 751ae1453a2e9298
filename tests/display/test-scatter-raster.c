/* Points of a scatter as pixels, and what lies where; without a display. */
#include <math.h>
#include <string.h>

#include "app/dinoscope-scatter-raster.h"

#include "support.h"

static const float  plane[] = { -1, -1, 1, -1, 1, 1, -1, 1, 0, 0 };
static const guint8 colors[] = { 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0, 255, 255, 255 };
static const guint8 shapes[] = { 0, 1, 2, 3, 0 };

static const DinoscopeScatterPoints points = { .n = 5, .plane = plane, .colors = colors, .shapes = shapes };

static DinoscopeScatterFrame
fit (int width, int height)
{
  DinoscopeScatterFrame frame = { .radius = 6 };

  dinoscope_scatter_frame_fit (&frame, &points, width, height, 20);
  return frame;
}

static void
test_frame (void)
{
  DinoscopeScatterFrame frame = fit (300, 200), before;
  double                left, top, x, y;

  /* The narrow side decides; y goes up. */
  dinoscope_scatter_frame_to_pixels (&frame, 1, 1, &left, &top);
  g_assert_cmpfloat_with_epsilon (top, 20, 1e-9);
  g_assert_cmpfloat_with_epsilon (left, 230, 1e-9);
  dinoscope_scatter_frame_to_plane (&frame, left, top, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (y, 1, 1e-9);
  /* Zooming leaves the place under the pointer where it is. */
  before = frame;
  dinoscope_scatter_frame_zoom (&frame, 3, 40, 170);
  g_assert_cmpfloat_with_epsilon (frame.scale, 3 * before.scale, 1e-9);
  dinoscope_scatter_frame_to_plane (&before, 40, 170, &x, &y);
  dinoscope_scatter_frame_to_pixels (&frame, x, y, &left, &top);
  g_assert_cmpfloat_with_epsilon (left, 40, 1e-9);
  g_assert_cmpfloat_with_epsilon (top, 170, 1e-9);
}

static const guint8 *
pixel (const DinoscopeScatterFrame *frame, const guint8 *pixels, double x, double y)
{
  double left, top;

  dinoscope_scatter_frame_to_pixels (frame, x, y, &left, &top);
  return pixels + 4 * ((gsize) top * (gsize) frame->width + (gsize) left);
}

static void
test_pixels (void)
{
  const DinoscopeScatterFrame frame = fit (160, 160);
  DinoscopeScatterPoints      some = points;
  const guint8                selected[] = { 0, 1, 0, 0, 0 };
  g_autofree guint8          *pixels = g_malloc (160 * 160 * 4);
  guint8                      full;

  dinoscope_scatter_raster (&points, &frame, pixels);
  g_assert_cmpuint (pixel (&frame, pixels, 0.5, 0.1)[3], ==, 0);
  for (gsize i = 0; i < points.n; i++)
    {
      const guint8 *at = pixel (&frame, pixels, (double) plane[2 * i], (double) plane[2 * i + 1]);

      for (int c = 0; c < 3; c++)
        g_assert_cmpuint (at[c], ==, colors[3 * i + (gsize) c] != 0 ? at[3] : 0);
      g_assert_cmpuint (at[3], >, 200);
    }
  full = pixel (&frame, pixels, 1, -1)[3];
  some.selected = selected;
  dinoscope_scatter_raster (&some, &frame, pixels);
  g_assert_cmpuint (pixel (&frame, pixels, 1, -1)[3], ==, full);
  g_assert_cmpuint (pixel (&frame, pixels, -1, -1)[3], <, full / 2);
}

/* Points at and beyond the edges are cut, and nothing else is written. */
static void
test_edges (void)
{
  DinoscopeScatterFrame frame = fit (64, 48);
  g_autofree guint8    *pixels = g_malloc (64 * 48 * 4 + 64);

  for (int i = -200; i <= 200; i += 7)
    {
      frame.x = i / 10.0;
      frame.scale = 7;
      memset (pixels + 64 * 48 * 4, 0xab, 64);
      dinoscope_scatter_raster (&points, &frame, pixels);
      for (int k = 0; k < 64; k++)
        g_assert_cmpuint (pixels[64 * 48 * 4 + k], ==, 0xab);
    }
}

static void
test_find (void)
{
  const DinoscopeScatterFrame frame = fit (160, 160);
  double                      left, top;

  for (gsize i = 0; i < points.n; i++)
    {
      dinoscope_scatter_frame_to_pixels (&frame, (double) plane[2 * i], (double) plane[2 * i + 1], &left, &top);
      g_assert_cmpint (dinoscope_scatter_find (&points, &frame, left + 3, top - 3, 8), ==, i);
      g_assert_cmpint (dinoscope_scatter_find (&points, &frame, left + 9, top, 8), ==, -1);
    }
}

/* From any point to any other by arrows. */
static void
test_step (void)
{
  g_assert_cmpint (dinoscope_scatter_step (&points, 0, 1, 0), ==, 1);
  g_assert_cmpint (dinoscope_scatter_step (&points, 0, 0, -1), ==, 3);
  g_assert_cmpint (dinoscope_scatter_step (&points, 0, -1, 0), ==, -1);
  g_assert_cmpint (dinoscope_scatter_step (&points, 2, 0, 1), ==, 1);
  g_assert_cmpint (dinoscope_scatter_step (&points, 4, 1, 0), !=, -1);
}

static void
test_enclose (void)
{
  const double triangle[] = { -2, -2, 2, -2, 2, 2 }, notch[] = { -2, -2, 2, -2, 2, 2, 0, -0.5, -2, 2 };
  guint8       selected[5];

  g_assert_cmpuint (dinoscope_scatter_enclose (&points, triangle, 3, selected), ==, 1 + (selected[0] != 0) + (selected[2] != 0) + (selected[4] != 0));
  g_assert_true (selected[1]);
  g_assert_false (selected[3]);
  /* What lies in a bay of the line is outside. */
  g_assert_cmpuint (dinoscope_scatter_enclose (&points, notch, 5, selected), ==, 4 - (selected[2] == 0) - (selected[3] == 0));
  g_assert_true (selected[0] && selected[1]);
  g_assert_false (selected[4]);
  g_assert_cmpuint (dinoscope_scatter_enclose (&points, triangle, 2, selected), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scatter-raster/frame", test_frame);
  g_test_add_func ("/scatter-raster/pixels", test_pixels);
  g_test_add_func ("/scatter-raster/edges", test_edges);
  g_test_add_func ("/scatter-raster/find", test_find);
  g_test_add_func ("/scatter-raster/step", test_step);
  g_test_add_func ("/scatter-raster/enclose", test_enclose);
  return g_test_run ();
}
