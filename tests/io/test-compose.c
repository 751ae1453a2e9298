/* Exported pictures: what lies where, to the pixel, and the colour bar. */
#include <math.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/picture/resize.h"
#include "render/bar.h"
#include "render/compose.h"
#include "render/text.h"

#include "io-support.h"

#define WIDTH 60
#define HEIGHT 40

static const struct dino_processor processor = {
  .resize = true,
  .shortest_edge = 28,
  .center_crop = true,
  .crop_width = 28,
  .crop_height = 28,
  .rescale_factor = 1,
  .std = { 1, 1, 1 },
};

struct fixture
{
  uint8_t              picture[WIDTH * HEIGHT * 3];
  struct dino_geometry geometry;
  struct dino_map     *map;
  struct dino_export   description;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  struct dino_error error = { 0 };
  int               channels = GPOINTER_TO_INT (data);

  for (gsize i = 0; i < sizeof fixture->picture; i++)
    fixture->picture[i] = (uint8_t) (i * 37 + i / 7);
  g_assert_true (dino_geometry_init (&fixture->geometry, &processor, 14, WIDTH, HEIGHT, DINO_FIT_CROP, 0, &error));
  fixture->map = dino_map_new (2, 2, channels, &error);
  assert_no_error (&error);
  for (int i = 0; i < 4 * channels; i++)
    fixture->map->values[i] = (float) i;
  fixture->map->seen = dino_geometry_seen (&fixture->geometry);
  g_strlcpy (fixture->map->colormap, "viridis", sizeof fixture->map->colormap);
  g_strlcpy (fixture->map->title, "A title", sizeof fixture->map->title);
  g_assert_true (dino_map_measure (fixture->map, &error));
  fixture->description = (struct dino_export){
    .picture = fixture->picture,
    .width = WIDTH,
    .height = HEIGHT,
    .channels = 3,
    .geometry = &fixture->geometry,
    .map = fixture->map,
  };
  dino_map_style_init (&fixture->description.style);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  dino_map_unref (fixture->map);
}

struct result
{
  uint8_t *pixels;
  int      width, height, channels;
};

static struct result
compose (const struct dino_export *description)
{
  struct dino_error error = { 0 };
  struct result     result = { 0 };

  g_assert_true (dino_export_compose (description, &result.pixels, &result.width, &result.height, &result.channels, &error));
  assert_no_error (&error);
  return result;
}

/* The colour of the cell under the centre of a pixel of the original, or false outside the map. */
static bool
color_at (const struct fixture *fixture, double x, double y, uint8_t rgb[3])
{
  const struct dino_map *map = fixture->map;
  int                    row, column;
  double                 value;

  if (!dino_geometry_patch_at (&fixture->geometry, x, y, &row, &column))
    return false;
  value = map->values[row * map->width + column];
  dino_colormap_lookup (dino_colormap_find ("viridis"), (value - map->low) / (map->high - map->low), rgb);
  return true;
}

/* The map laid over one sample, in whole numbers. */
static int
blended (int under, int color, int alpha)
{
  return (color * alpha + 127) / 255 + (under * (255 - alpha) + 127) / 255;
}

static void
test_original (struct fixture *fixture, gconstpointer data)
{
  struct result result = compose (&fixture->description);
  const int     alpha = 128; /* 0.5 */
  guint         n_covered = 0;

  g_assert_cmpint (result.width, ==, WIDTH);
  g_assert_cmpint (result.height, ==, HEIGHT);
  g_assert_cmpint (result.channels, ==, 3);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        const uint8_t *pixel = result.pixels + (y * WIDTH + x) * 3;
        const uint8_t *under = fixture->picture + (y * WIDTH + x) * 3;
        uint8_t        rgb[3];
        bool           covered = color_at (fixture, x + 0.5, y + 0.5, rgb);

        for (int c = 0; c < 3; c++)
          g_assert_cmpint (pixel[c], ==, covered ? blended (under[c], rgb[c], alpha) : under[c]);
        n_covered += covered;
      }
  /* 28 of 42 columns were seen. */
  g_assert_cmpuint (n_covered, ==, WIDTH * HEIGHT * 28 / 42);
  dino_free (result.pixels);
}

static void
test_grey_opaque (struct fixture *fixture, gconstpointer data)
{
  struct result result;

  fixture->description.channels = 1;
  fixture->description.style.opacity = 1;
  result = compose (&fixture->description);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        const uint8_t *pixel = result.pixels + (y * WIDTH + x) * 3;
        uint8_t        rgb[3];

        if (!color_at (fixture, x + 0.5, y + 0.5, rgb))
          memset (rgb, fixture->picture[y * WIDTH + x], 3);
        g_assert_cmpmem (pixel, 3, rgb, 3);
      }
  dino_free (result.pixels);
}

/* With a map that is all transparent, the model size shows exactly what the model saw. */
static void
test_model_size (struct fixture *fixture, gconstpointer data)
{
  struct dino_error  error = { 0 };
  struct result      result;
  g_autofree guint8 *resized = g_malloc (42 * 28 * 3);

  fixture->description.size = DINO_EXPORT_MODEL;
  fixture->description.style.opacity = 0;
  result = compose (&fixture->description);
  g_assert_cmpint (result.width, ==, 28);
  g_assert_cmpint (result.height, ==, 28);
  g_assert_true (dino_resize_bicubic (fixture->picture, WIDTH, HEIGHT, 3, resized, 42, 28, &error));
  for (int y = 0; y < 28; y++)
    g_assert_cmpmem (result.pixels + y * 28 * 3, 28 * 3, resized + (y * 42 + 7) * 3, 28 * 3);
  dino_free (result.pixels);

  fixture->description.style.opacity = 1;
  result = compose (&fixture->description);
  for (int y = 0; y < 28; y++)
    for (int x = 0; x < 28; x++)
      {
        uint8_t rgb[3];

        dino_colormap_lookup (dino_colormap_find ("viridis"), (y / 14 * 2 + x / 14) / 3.0, rgb);
        g_assert_cmpmem (result.pixels + (y * 28 + x) * 3, 3, rgb, 3);
      }
  dino_free (result.pixels);
}

/* Padding shows as black, as the zeros that the model got. */
static void
test_model_size_padded (struct fixture *fixture, gconstpointer data)
{
  struct dino_error    error = { 0 };
  struct dino_geometry geometry;
  struct result        result;
  g_autofree guint8   *resized = NULL;

  g_assert_true (dino_geometry_init (&geometry, &processor, 14, WIDTH, HEIGHT, DINO_FIT_PAD, 0, &error));
  g_assert_cmpint (geometry.top, <, 0);
  fixture->map->seen = dino_geometry_seen (&geometry);
  fixture->description.geometry = &geometry;
  fixture->description.size = DINO_EXPORT_MODEL;
  fixture->description.style.opacity = 0;
  result = compose (&fixture->description);
  resized = g_malloc ((gsize) (geometry.resized_width * geometry.resized_height * 3));
  g_assert_true (dino_resize_bicubic (fixture->picture, WIDTH, HEIGHT, 3, resized, geometry.resized_width, geometry.resized_height, &error));
  for (int y = 0; y < geometry.input_height; y++)
    for (int x = 0; x < geometry.input_width; x++)
      {
        int                 source_x = x + geometry.left, source_y = y + geometry.top;
        bool                inside = source_x >= 0 && source_x < geometry.resized_width && source_y >= 0 && source_y < geometry.resized_height;
        static const guint8 black[3];

        g_assert_cmpmem (result.pixels + (y * geometry.input_width + x) * 3, 3,
                         inside ? resized + (source_y * geometry.resized_width + source_x) * 3 : black, 3);
      }
  dino_free (result.pixels);
}

static void
test_map_only (struct fixture *fixture, gconstpointer data)
{
  struct result result;

  fixture->description.map_only = true;
  fixture->description.style.has_threshold = true;
  fixture->description.style.threshold = 1;
  result = compose (&fixture->description);
  g_assert_cmpint (result.channels, ==, 4);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        static const uint8_t nothing[4];
        const uint8_t       *pixel = result.pixels + (y * WIDTH + x) * 4;
        uint8_t              rgb[3];
        bool                 upper_left = x < WIDTH / 2 && y < HEIGHT / 2; /* value 0, under the threshold */

        if (upper_left || !color_at (fixture, x + 0.5, y + 0.5, rgb))
          g_assert_cmpmem (pixel, 4, nothing, 4);
        else
          {
            g_assert_cmpint (pixel[3], ==, 128);
            for (int c = 0; c < 3; c++) /* 8 bits of a premultiplied half lose one */
              g_assert_cmpint (ABS (pixel[c] - rgb[c]), <=, 1);
          }
      }
  dino_free (result.pixels);
}

static void
test_guided (struct fixture *fixture, gconstpointer data)
{
  struct result result;

  fixture->description.style.smooth = DINO_SMOOTH_GUIDED;
  result = compose (&fixture->description);
  g_assert_cmpint (result.width, ==, WIDTH);
  dino_free (result.pixels);
}

/* A window that a hand has set changes the radiograph, not the map over it. */
static void
test_guide (struct fixture *fixture, gconstpointer data)
{
  uint8_t       windowed[sizeof fixture->picture];
  gsize         size = WIDTH * HEIGHT * 4;
  struct result plain, guided, other;

  for (gsize i = 0; i < sizeof windowed; i++)
    windowed[i] = fixture->picture[i] > 100 ? 255 : 0;
  fixture->description.style.smooth = DINO_SMOOTH_GUIDED;
  fixture->description.map_only = true;
  plain = compose (&fixture->description);
  fixture->description.picture = windowed;
  other = compose (&fixture->description);
  fixture->description.guide = fixture->picture;
  guided = compose (&fixture->description);
  g_assert_cmpmem (plain.pixels, size, guided.pixels, size);
  g_assert_true (memcmp (plain.pixels, other.pixels, size) != 0);
  dino_free (plain.pixels);
  dino_free (guided.pixels);
  dino_free (other.pixels);
}

static void
test_other_picture (struct fixture *fixture, gconstpointer data)
{
  struct dino_error error = { 0 };
  struct result     result = { 0 };

  fixture->description.width = WIDTH / 2;
  g_assert_false (dino_export_compose (&fixture->description, &result.pixels, &result.width, &result.height, &result.channels, &error));
  assert_error (&error, DINO_CODE_ARGUMENT, "60 × 40");
  g_assert_null (result.pixels);
}

static bool
is_near (const uint8_t *pixel, int r, int g, int b)
{
  return ABS (pixel[0] - r) <= 24 && ABS (pixel[1] - g) <= 24 && ABS (pixel[2] - b) <= 24;
}

/* The strip: the picture above is untouched, texts keep clear of the edges at
 * every width, the research-only line is there. */
static void
test_strip (struct fixture *fixture, gconstpointer data)
{
  static const int  widths[] = { 200, 333, 518, 640, 1500, 5000 };
  struct dino_error error = { 0 };

  memset (fixture->map->title, 'W', sizeof fixture->map->title - 1);
  for (gsize i = 0; i < sizeof fixture->map->legend - 1; i++)
    fixture->map->legend[i] = i % 9 == 8 ? ' ' : 'm';
  g_strlcpy (fixture->map->unit, "a unit of many words that go on", sizeof fixture->map->unit);
  fixture->description.bar = true;
  fixture->description.caption = "Demonstration encoder, not RAD-DINO, and much more that could be said of it in one line";
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      int                width = widths[i], height = 40;
      g_autofree guint8 *picture = g_malloc0 ((gsize) (width * height));
      struct result      result, again;
      const uint8_t     *strip;
      guint              n_notice = 0;

      g_assert_true (dino_geometry_init (&fixture->geometry, &processor, 14, width, height, DINO_FIT_CROP, 0, &error));
      fixture->map->seen = dino_geometry_seen (&fixture->geometry);
      fixture->description.picture = picture;
      fixture->description.width = width;
      fixture->description.height = height;
      fixture->description.channels = 1;
      result = compose (&fixture->description);
      again = compose (&fixture->description);
      g_assert_cmpint (result.width, ==, width);
      g_assert_cmpint (result.height, >, height + width / 8);
      g_assert_cmpint (result.height, <, height + 2 * width);
      g_assert_cmpmem (result.pixels, (gsize) (width * result.height * 3), again.pixels, (gsize) (width * again.height * 3));
      strip = result.pixels + width * height * 3;
      for (int y = 0; y < result.height - height; y++)
        for (int x = 0; x < width; x++)
          {
            const uint8_t *pixel = strip + (y * width + x) * 3;

            if (x < width / 60 || x >= width - width / 60 || y == 0 || y == result.height - height - 1)
              g_assert_true (is_near (pixel, 28, 28, 31));
            n_notice += y > (result.height - height) / 2 && is_near (pixel, 247, 199, 92);
          }
      g_assert_cmpuint (n_notice, >, 20);
      dino_free (result.pixels);
      dino_free (again.pixels);
    }
}

static void
test_strip_leaves_picture (struct fixture *fixture, gconstpointer data)
{
  struct result without = compose (&fixture->description), with;

  fixture->description.bar = true;
  with = compose (&fixture->description);
  g_assert_cmpint (with.height, >, without.height);
  g_assert_cmpmem (with.pixels, WIDTH * HEIGHT * 3, without.pixels, WIDTH * HEIGHT * 3);
  dino_free (without.pixels);
  dino_free (with.pixels);
}

#define BAR_WIDTH 256
#define BAR_HEIGHT 50

static void
draw_bar (const struct fixture *fixture, uint32_t pixels[BAR_HEIGHT][BAR_WIDTH])
{
  static const double white[3] = { 1, 1, 1 };
  cairo_surface_t    *surface;
  cairo_t            *cr;

  memset (pixels, 0, sizeof (uint32_t) * BAR_HEIGHT * BAR_WIDTH);
  surface = cairo_image_surface_create_for_data ((unsigned char *) pixels, CAIRO_FORMAT_RGB24, BAR_WIDTH, BAR_HEIGHT, BAR_WIDTH * 4);
  cr = cairo_create (surface);
  dino_bar_draw (cr, fixture->map, &fixture->description.style, BAR_WIDTH, BAR_HEIGHT, white);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* The bar's colours are the table's, entry by entry. */
static void
test_bar_colors (struct fixture *fixture, gconstpointer data)
{
  uint32_t                    pixels[BAR_HEIGHT][BAR_WIDTH];
  const struct dino_colormap *viridis = dino_colormap_find ("viridis");

  draw_bar (fixture, pixels);
  for (int x = 4; x < BAR_WIDTH - 4; x++)
    {
      const uint8_t *rgb = viridis->table[x];

      g_assert_cmphex (pixels[12][x] & 0xffffff, ==, (guint32) (rgb[0] << 16 | rgb[1] << 8 | rgb[2]));
    }

  fixture->description.style.has_threshold = true;
  fixture->description.style.threshold = 1.5; /* the middle of 0 … 3: nothing is drawn below */
  draw_bar (fixture, pixels);
  for (int x = 4; x < BAR_WIDTH - 4; x++)
    if (x < 127)
      g_assert_cmphex (pixels[12][x] & 0xffffff, ==, 0);
    else if (x > 128)
      g_assert_cmphex (pixels[12][x] & 0xffffff, !=, 0);
}

static void
test_bar_components (struct fixture *fixture, gconstpointer data)
{
  uint32_t pixels[BAR_HEIGHT][BAR_WIDTH];

  for (int c = 0; c < 3; c++)
    g_snprintf (fixture->map->component_names[c], sizeof fixture->map->component_names[c], "PC%d", c + 1);
  draw_bar (fixture, pixels);
  for (int c = 0; c < 3; c++)
    {
      uint32_t left = pixels[12][c * 90 + 6] & 0xffffff, right = pixels[12][c * 90 + 70] & 0xffffff;
      uint32_t mask = 0xff0000u >> (8 * c);

      g_assert_cmphex (left & ~mask, ==, 0);
      g_assert_cmphex (right & ~mask, ==, 0);
      g_assert_cmphex (left & mask, <, right & mask);
    }
}

/* Nothing outside the rectangle, nor any trouble with odd ranges. */
static void
test_bar_ranges (struct fixture *fixture, gconstpointer data)
{
  static const double ranges[][2] = { { 0, 0 }, { -1e30, 1e30 }, { 1e-30, 2e-30 }, { 5, 5 + 1e-13 }, { -4, -3.5 }, { 0, 1e6 } };
  uint32_t            pixels[BAR_HEIGHT][BAR_WIDTH];

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      fixture->map->low = ranges[i][0];
      fixture->map->high = ranges[i][1];
      draw_bar (fixture, pixels);
      for (int x = 0; x < BAR_WIDTH; x++)
        g_assert_cmphex (pixels[BAR_HEIGHT - 1][x] & 0xffffff, ==, 0);
    }
}

static void
test_ticks (void)
{
  static const struct
  {
    double low, high;
    int    count, n;
    double ticks[12];
  } rows[] = {
    { 0, 1, 5, 6, { 0, 0.2, 0.4, 0.6, 0.8, 1 } },
    { -3.1, 4.7, 8, 8, { -3, -2, -1, 0, 1, 2, 3, 4 } },
    { 0.1, 0.7, 6, 7, { 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7 } },
    { 0, 0.0193, 4, 4, { 0, 0.005, 0.01, 0.015 } },
    { -250, 250, 2, 3, { -200, 0, 200 } }, /* a step of 500 leaves one tick */
    { 1.1, 1.9, 1, 4, { 1.2, 1.4, 1.6, 1.8 } },
    { 1e-7, 3e-7, 2, 3, { 1e-7, 2e-7, 3e-7 } },
    { 12000, 61000, 5, 5, { 20000, 30000, 40000, 50000, 60000 } },
    { 0.5, 0.5, 4, 1, { 0.5 } },
    { NAN, 1, 4, 0, { 0 } },
    { 0, INFINITY, 4, 0, { 0 } },
    { 2, 1, 4, 0, { 0 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      double ticks[12];
      int    n = dino_bar_ticks (rows[i].low, rows[i].high, rows[i].count, ticks, 12);

      g_test_message ("%g … %g", rows[i].low, rows[i].high);
      g_assert_cmpint (n, ==, rows[i].n);
      for (int j = 0; j < n; j++)
        g_assert_cmpfloat (ticks[j], ==, rows[i].ticks[j]);
    }
}

static void
test_ticks_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);

  for (guint i = 0; i < 20000; i++)
    {
      double size = pow (10, g_rand_double_range (random, -8, 8));
      double low = g_rand_double_range (random, -1, 1) * size;
      double high = low + pow (10, g_rand_double_range (random, -3, 1)) * size;
      int    count = g_rand_int_range (random, 1, 10);
      double ticks[20];
      int    n = dino_bar_ticks (low, high, count, ticks, 20);

      g_assert_cmpint (n, >=, 2);
      g_assert_cmpint (n, <=, MAX (count + 1, 10));
      for (int j = 0; j < n; j++)
        {
          char number[DINO_NUMBER_LENGTH];

          g_assert_cmpfloat (ticks[j], >=, low - 1e-8 * (high - low));
          g_assert_cmpfloat (ticks[j], <=, high + 1e-8 * (high - low));
          g_assert_true (j == 0 || ticks[j] > ticks[j - 1]);
          g_assert_cmpuint (strlen (dino_format_double (number, ticks[j])), <=, 14);
        }
    }
  g_assert_cmpint (dino_bar_ticks (0, 100, 50, (double[3]){ 0 }, 3), ==, 3);
}

/* No text fits into no width as it is. */
static void
test_empty_text (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 4, 4);
  cairo_t         *cr = cairo_create (surface);
  PangoLayout     *layout = dino_text_layout (cr, "", 20, false);
  double           height = dino_text_height (layout);

  dino_text_fit (layout, 0);
  g_assert_cmpfloat (dino_text_height (layout), ==, height);
  g_assert_cmpint (pango_layout_get_ellipsize (layout), ==, PANGO_ELLIPSIZE_NONE);
  g_object_unref (layout);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

#define ADD(name, channels, function) g_test_add (name, struct fixture, GINT_TO_POINTER (channels), set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/compose/original", 1, test_original);
  ADD ("/compose/grey-opaque", 1, test_grey_opaque);
  ADD ("/compose/model-size", 1, test_model_size);
  ADD ("/compose/model-size-padded", 1, test_model_size_padded);
  ADD ("/compose/map-only", 1, test_map_only);
  ADD ("/compose/guided", 1, test_guided);
  ADD ("/compose/guide", 1, test_guide);
  ADD ("/compose/other-picture", 1, test_other_picture);
  ADD ("/compose/strip", 1, test_strip);
  ADD ("/compose/strip-components", 3, test_strip);
  ADD ("/compose/strip-leaves-picture", 1, test_strip_leaves_picture);
  ADD ("/bar/colors", 1, test_bar_colors);
  ADD ("/bar/components", 3, test_bar_components);
  ADD ("/bar/ranges", 1, test_bar_ranges);
  g_test_add_func ("/bar/ticks", test_ticks);
  g_test_add_func ("/bar/ticks-random", test_ticks_random);
  g_test_add_func ("/text/empty", test_empty_text);
  return g_test_run ();
}
