/* The tensor's pixels on the screen, against each device pixel looked up on its own. */
#include "support.h"

#include <math.h>

#include "app/dinoscope-model-raster.h"

#define CASES 300

/* What RAD-DINO's processor does, at the size asked for. */
static const struct dino_processor processor = {
  .resize = true,
  .shortest_edge = 56,
  .center_crop = true,
  .crop_width = 56,
  .crop_height = 56,
  .rescale_factor = 1.0 / 255,
  .std = { 1, 1, 1 },
};

static DinoscopeView
random_view (int width, int height)
{
  DinoscopeView view;

  dinoscope_view_init (&view);
  view.width = g_test_rand_int_range (20, 300);
  view.height = g_test_rand_int_range (20, 300);
  view.scale = g_test_rand_int_range (1, 3);
  dinoscope_view_set_picture (&view, width, height, false);
  view.turns = g_test_rand_int_range (0, 4);
  view.flipped = g_test_rand_bit ();
  view.fitted = g_test_rand_bit ();
  view.zoom = exp (g_test_rand_double_range (log (0.5), log (30)));
  view.center_x = g_test_rand_double_range (0, width);
  view.center_y = g_test_rand_double_range (0, height);
  dinoscope_view_layout (&view);
  return view;
}

static guint8 *
random_greys (const struct dino_geometry *geometry)
{
  gsize   n = (gsize) geometry->input_width * (gsize) geometry->input_height * 3;
  guint8 *greys = g_malloc (n);

  for (gsize i = 0; i < n; i++)
    greys[i] = (guint8) g_test_rand_int_range (0, 256);
  return greys;
}

/* Device pixels of the viewport whose middle lies in the box have the grey found there. */
static guint
compare (const DinoscopeView *view, const struct dino_geometry *geometry, const guint8 *greys)
{
  int                x, y, width, height;
  g_autoptr (GBytes) bytes = dinoscope_model_raster_draw (view, geometry, greys, &x, &y, &width, &height);
  const guint8      *pixels = bytes != NULL ? g_bytes_get_data (bytes, NULL) : NULL;
  guint              compared = 0;

  for (int j = 0; j < (int) view->height * view->scale; j++)
    for (int i = 0; i < (int) view->width * view->scale; i++)
      {
        double        picture_x, picture_y, column, row;
        const guint8 *expected;

        dinoscope_view_to_picture (view, (i + 0.5) / view->scale, (j + 0.5) / view->scale, &picture_x, &picture_y);
        column = picture_x * geometry->resized_width / geometry->width - geometry->left;
        row = picture_y * geometry->resized_height / geometry->height - geometry->top;
        /* At its edges the box is brought to whole device pixels. */
        if (column < 0.6 || row < 0.6 || column > geometry->input_width - 0.6 || row > geometry->input_height - 0.6)
          continue;
        g_assert_nonnull (pixels);
        g_assert_cmpint (i, >=, x);
        g_assert_cmpint (j, >=, y);
        g_assert_cmpint (i, <, x + width);
        g_assert_cmpint (j, <, y + height);
        /* A middle on an edge may fall on either side. */
        if (fabs (column - round (column)) < 1e-6 || fabs (row - round (row)) < 1e-6)
          continue;
        expected = greys + ((int) row * geometry->input_width + (int) column) * 3;
        g_assert_cmpmem (pixels + ((j - y) * width + (i - x)) * 3, 3, expected, 3);
        compared++;
      }
  return compared;
}

static void
test_enlarged (void)
{
  guint compared = 0;

  for (int i = 0; i < CASES; i++)
    {
      int                  width = g_test_rand_int_range (56, 150);
      int                  height = g_test_rand_int_range (56, 150);
      DinoscopeView        view = random_view (width, height);
      struct dino_geometry geometry;
      struct dino_error    failure = { 0 };
      g_autofree guint8   *greys = NULL;

      g_assert_true (dino_geometry_init (&geometry, &processor, 14, width, height, (enum dino_fit) (i % 3), 0, &failure));
      greys = random_greys (&geometry);
      /* Each pixel of the tensor has a device pixel of its own. */
      if (view.zoom * view.scale * MIN ((double) width / geometry.resized_width, (double) height / geometry.resized_height) >= 1)
        compared += compare (&view, &geometry, greys);
    }
  g_assert_cmpuint (compared, >, 100000);
}

/* Stripes of black and white, four to a device pixel, are grey and not stripes. */
static void
test_reduced (void)
{
  const struct dino_geometry geometry = { 400, 400, 400, 400, 0, 0, 392, 392, 14, 28, 28 };
  g_autofree guint8         *greys = g_malloc (392 * 392 * 3);
  DinoscopeView              view;

  for (int i = 0; i < 392 * 392 * 3; i++)
    greys[i] = i / 3 % 392 % 2 == 0 ? 0 : 254;
  dinoscope_view_init (&view);
  view.width = view.height = 100;
  dinoscope_view_set_picture (&view, 400, 400, false);
  for (int turns = 0; turns < 4; turns++)
    {
      int                x, y, width, height;
      g_autoptr (GBytes) bytes = NULL;
      const guint8      *pixels;

      view.turns = turns;
      dinoscope_view_layout (&view);
      bytes = dinoscope_model_raster_draw (&view, &geometry, greys, &x, &y, &width, &height);
      pixels = g_bytes_get_data (bytes, NULL);
      g_assert_cmpint (width, ==, 98);
      g_assert_cmpint (height, ==, 98);
      for (int i = 0; i < width * height * 3; i++)
        g_assert_cmpuint (pixels[i], ==, 127);
    }
}

static void
test_out_of_sight (void)
{
  const struct dino_geometry geometry = { 400, 1600, 56, 224, 0, 84, 56, 56, 14, 4, 4 };
  g_autofree guint8         *greys = g_malloc0 (56 * 56 * 3);
  DinoscopeView              view;
  int                        x, y, width, height;

  dinoscope_view_init (&view);
  view.width = view.height = 100;
  dinoscope_view_set_picture (&view, 400, 1600, false);
  dinoscope_view_place (&view, 1, 200, 100, 50, 50);
  g_assert_null (dinoscope_model_raster_draw (&view, &geometry, greys, &x, &y, &width, &height));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model-raster/enlarged", test_enlarged);
  g_test_add_func ("/model-raster/reduced", test_reduced);
  g_test_add_func ("/model-raster/out-of-sight", test_out_of_sight);
  return g_test_run ();
}
