/* Tokens beside the map: squares in the map's colours. */
#include <math.h>

#include "core/base/memory.h"
#include "render/cells.h"
#include "render/compose.h"
#include "render/label.h"

#include "io-support.h"

#define FONT 20.0
#define SIDE 400

static const double white[3] = { 1, 1, 1 };

struct fixture
{
  struct dino_map      *map;
  struct dino_map_style style;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  static const float values[3] = { 0, 5, 20 };

  fixture->map = dino_map_new (2, 1, 1, NULL);
  fixture->map->values[1] = 10;
  g_strlcpy (fixture->map->colormap, "grey", sizeof fixture->map->colormap);
  fixture->map->seen = (struct dino_box){ 0, 0, 20, 10 };
  g_assert_true (dino_map_add_cells (fixture->map, 3, NULL));
  for (int i = 0; i < 3; i++)
    {
      g_snprintf (fixture->map->cells[i].label, sizeof fixture->map->cells[i].label, "T%d", i);
      fixture->map->cells[i].value = values[i];
    }
  g_assert_true (dino_map_measure (fixture->map, NULL));
  dino_map_style_init (&fixture->style);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  dino_map_unref (fixture->map);
}

/* On blue; cairo_surface_destroy() it. */
static cairo_surface_t *
draw (struct fixture *fixture, double width, double *height, double *used)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, SIDE, SIDE);
  cairo_t         *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 0, 0, 1);
  cairo_paint (cr);
  *height = dino_cells_draw (cr, fixture->map, &fixture->style, width, FONT, white, used);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static guint32
pixel (cairo_surface_t *surface, int x, int y)
{
  const guint8 *row = cairo_image_surface_get_data (surface) + (gsize) y * (gsize) cairo_image_surface_get_stride (surface);

  return ((const guint32 *) (gconstpointer) row)[x] & 0xffffff;
}

/* One a line: the lowest colour, the middle, and what lies above the range as the last. */
static void
test_colors (struct fixture *fixture, gconstpointer data)
{
  double           height, used;
  cairo_surface_t *surface = draw (fixture, 1, &height, &used);

  g_assert_cmpfloat (fixture->map->high, ==, 10);
  g_assert_cmphex (pixel (surface, 10, (int) (height / 6)), ==, 0);
  g_assert_cmphex (pixel (surface, 10, (int) (height / 2)) >> 16, ==, 128);
  g_assert_cmphex (pixel (surface, 10, (int) (height * 5 / 6)), ==, 0xffffff);
  g_assert_cmphex (pixel (surface, SIDE - 1, 10), ==, 0x0000ff);
  cairo_surface_destroy (surface);

  /* The style's range and its threshold. */
  fixture->style.has_range = fixture->style.has_threshold = true;
  fixture->style.low = 0;
  fixture->style.high = fixture->style.threshold = 5;
  surface = draw (fixture, 1, &height, &used);
  g_assert_cmphex (pixel (surface, 10, (int) (height / 6)), ==, 0x0000ff);
  g_assert_cmphex (pixel (surface, 10, (int) (height / 2)), ==, 0xffffff);
  cairo_surface_destroy (surface);
}

static void
test_lines (struct fixture *fixture, gconstpointer data)
{
  double height[3], used[3];

  cairo_surface_destroy (draw (fixture, SIDE, &height[0], &used[0]));
  cairo_surface_destroy (draw (fixture, used[0] - 1, &height[1], &used[1]));
  cairo_surface_destroy (draw (fixture, 1, &height[2], &used[2]));
  g_assert_cmpfloat (height[1], ==, 2 * height[0]);
  g_assert_cmpfloat (height[2], ==, 3 * height[0]);
  g_assert_cmpfloat (used[1], <, used[0]);
  g_assert_cmpfloat (used[2], <, used[1]);
  fixture->map->n_cells = 0;
  cairo_surface_destroy (draw (fixture, SIDE, &height[0], &used[0]));
  g_assert_cmpfloat (height[0], ==, 0);
  g_assert_false (dino_cells_exist (fixture->map));
  fixture->map->n_cells = 3;
}

/* Below the colour bar, and nowhere else: without it every pixel is of the picture. */
static void
test_export (struct fixture *fixture, gconstpointer data)
{
  guint8               picture[20 * 10] = { 0 };
  struct dino_geometry geometry;
  struct dino_export   description = { .picture = picture, .width = 20, .height = 10, .channels = 1, .geometry = &geometry, .map = fixture->map, .style = fixture->style };
  int                  heights[2], width, channels;
  guint8              *pixels[2];

  g_assert_true (dino_geometry_init_raw (&geometry, 10, 20, 10, NULL));
  for (int bar = 0; bar < 2; bar++)
    {
      guint8 *without;
      int     height;

      description.bar = bar != 0;
      fixture->map->n_cells = 0;
      g_assert_true (dino_export_compose (&description, &without, &width, &height, &channels, NULL));
      fixture->map->n_cells = 3;
      g_assert_true (dino_export_compose (&description, &pixels[bar], &width, &heights[bar], &channels, NULL));
      if (bar)
        g_assert_cmpint (heights[bar], >, height);
      else
        g_assert_cmpmem (pixels[bar], (gsize) (width * heights[bar] * channels), without, (gsize) (width * height * channels));
      dino_free (without);
      dino_free (pixels[bar]);
    }
}

static void
test_labels (void)
{
  char label[DINO_LABEL_LENGTH];

  dino_label_format (label, dino_label_round (0.012345));
  g_assert_cmpstr (label, ==, "0.0123");
  dino_label_format (label, dino_label_round (-3.4871));
  g_assert_cmpstr (label, ==, "−3.49");
  dino_label_format (label, dino_label_round (20000));
  g_assert_cmpstr (label, ==, "20000");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/cells/colors", struct fixture, NULL, set_up, test_colors, tear_down);
  g_test_add ("/cells/lines", struct fixture, NULL, set_up, test_lines, tear_down);
  g_test_add ("/cells/export", struct fixture, NULL, set_up, test_export, tear_down);
  g_test_add_func ("/cells/labels", test_labels);
  return g_test_run ();
}
