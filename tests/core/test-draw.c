/* Maps as pixels: against plain loops, in tiles, outside, masked. */
#include <float.h>
#include <glib.h>
#include <math.h>

#include "core/base/memory.h"
#include "core/maps/draw.h"

#define COLUMNS 7
#define ROWS 5
#define GUIDE_WIDTH 90
#define GUIDE_HEIGHT 70

static uint8_t guide[GUIDE_WIDTH * GUIDE_HEIGHT];

/* A map that lies oddly on a picture of 90 x 70 pixels and sticks out below. */
static struct dino_map *
example (int channels, bool masked)
{
  struct dino_map *map = dino_map_new (COLUMNS, ROWS, channels, NULL);

  for (int i = 0; i < COLUMNS * ROWS * channels; i++)
    map->values[i] = (float) sin (i * 1.7) * 3;
  if (masked)
    {
      map->valid = dino_alloc_zeroed (COLUMNS * ROWS, 1, NULL);
      for (int i = 0; i < COLUMNS * ROWS; i++)
        map->valid[i] = i % 4 != 1;
      for (int c = 0; c < channels; c++)
        map->values[channels + c] = NAN;
    }
  map->seen = (struct dino_box){ 3.3, -2.7, 81.9, 75.2 };
  g_strlcpy (map->colormap, "magma", sizeof map->colormap);
  g_assert_true (dino_map_measure (map, NULL));
  for (int i = 0; i < GUIDE_WIDTH * GUIDE_HEIGHT; i++)
    guide[i] = (uint8_t) (i % GUIDE_WIDTH > 40 ? 200 + i % 17 : 30 + i % 13);
  return map;
}

static void
draw (const struct dino_map *map, const struct dino_map_style *style, struct dino_box box, uint8_t *rgba, int width, int height)
{
  struct dino_error error = { 0 };

  memset (rgba, 0xaa, (size_t) (4 * width * height));
  g_assert_true (dino_map_draw (map, style, guide, GUIDE_WIDTH, GUIDE_HEIGHT, box, rgba, width, height, NULL, &error));
}

/* Twins in plain double, one pixel at a time. */

static bool
is_valid (const struct dino_map *map, int row, int column)
{
  return map->valid == NULL || map->valid[row * COLUMNS + column] != 0;
}

static double
value_at (const struct dino_map *map, int row, int column, int c)
{
  return map->values[(row * COLUMNS + column) * map->channels + c];
}

static double
twin_bilinear (const struct dino_map *map, double u, double v, int c)
{
  double sum = 0, total = 0;

  for (int row = -1; row <= ROWS; row++)
    for (int column = -1; column <= COLUMNS; column++)
      {
        int    near_row = CLAMP (row, 0, ROWS - 1);
        int    near_column = CLAMP (column, 0, COLUMNS - 1);
        double weight = fmax (0, 1 - fabs (u - column - 0.5)) * fmax (0, 1 - fabs (v - row - 0.5));

        if (weight == 0 || !is_valid (map, near_row, near_column))
          continue;
        total += weight;
        sum += weight * value_at (map, near_row, near_column, c);
      }
  return sum / total;
}

/* Mean grey of the picture's pixels whose centres lie in a cell. */
static double
twin_cell_mean (const struct dino_map *map, int row, int column)
{
  double width = (map->seen.x1 - map->seen.x0) / COLUMNS, height = (map->seen.y1 - map->seen.y0) / ROWS;
  double sum = 0;
  int    count = 0;

  for (int y = 0; y < GUIDE_HEIGHT; y++)
    for (int x = 0; x < GUIDE_WIDTH; x++)
      if (floor ((x + 0.5 - map->seen.x0) / width) == column && floor ((y + 0.5 - map->seen.y0) / height) == row)
        {
          sum += guide[y * GUIDE_WIDTH + x];
          count++;
        }
  return count > 0 ? floor (sum / count + 0.5) : 0;
}

static double cell_means[ROWS][COLUMNS];

static double
twin_guided (const struct dino_map *map, double u, double v, double grey, int c)
{
  int    row = (int) v, column = (int) u;
  double sum = 0, total = 0;

  for (int j = MAX (row - 2, 0); j <= MIN (row + 2, ROWS - 1); j++)
    for (int i = MAX (column - 2, 0); i <= MIN (column + 2, COLUMNS - 1); i++)
      {
        double dx = u - i - 0.5, dy = v - j - 0.5, dg = (grey - cell_means[j][i]) / 25.5;
        double weight = exp (-(dx * dx + dy * dy) / 0.5 - dg * dg / 2);

        if (!is_valid (map, j, i))
          continue;
        total += weight;
        sum += weight * value_at (map, j, i, c);
      }
  return sum / total;
}

static double
twin_value (const struct dino_map *map, enum dino_smooth smooth, double x, double y, int c)
{
  double u = (x - map->seen.x0) / (map->seen.x1 - map->seen.x0) * COLUMNS;
  double v = (y - map->seen.y0) / (map->seen.y1 - map->seen.y0) * ROWS;
  double grey = 0;

  if (u < 0 || v < 0 || u >= COLUMNS || v >= ROWS || !is_valid (map, (int) v, (int) u))
    return NAN;
  if (smooth == DINO_SMOOTH_CELLS)
    return value_at (map, (int) v, (int) u, c);
  if (smooth == DINO_SMOOTH_BILINEAR)
    return twin_bilinear (map, u, v, c);
  if (x >= 0 && y >= 0 && x < GUIDE_WIDTH && y < GUIDE_HEIGHT)
    grey = guide[(int) y * GUIDE_WIDTH + (int) x];
  return twin_guided (map, u, v, grey, c);
}

/* Premultiplied as one would by hand, not rounded; NaN is transparent. */
static void
twin_pixel (const struct dino_map *map, const struct dino_map_style *style, double x, double y, double rgba[4])
{
  const struct dino_colormap *colormap = dino_colormap_find (map->colormap);
  double                      low, high, value = twin_value (map, style->smooth, x, y, 0);

  memset (rgba, 0, 4 * sizeof *rgba);
  if (isnan (value) || (map->channels == 1 && style->has_threshold && value < style->threshold))
    return;
  rgba[3] = style->opacity * 255;
  dino_map_style_range (style, map, &low, &high);
  for (int c = 0; c < 3; c++)
    if (map->channels == 3)
      {
        value = twin_value (map, style->smooth, x, y, c);
        rgba[c] = 255 * style->opacity * CLAMP ((value - map->low3[c]) / (map->high3[c] - map->low3[c]), 0, 1);
      }
    else
      {
        double position = 255 * CLAMP ((value - low) / (high - low), 0, 1);
        int    entry = MIN ((int) position, 254);

        rgba[c] = style->opacity * (colormap->table[entry][c] + (position - entry) * (colormap->table[entry + 1][c] - colormap->table[entry][c]));
      }
}

static void
check_against_twin (const struct dino_map *map, const struct dino_map_style *style)
{
  const struct dino_box box = { -5.1, -6.2, 95.7, 78.3 };
  static uint8_t        rgba[4 * 61 * 53];

  draw (map, style, box, rgba, 61, 53);
  for (int row = 0; row < ROWS; row++)
    for (int column = 0; column < COLUMNS; column++)
      cell_means[row][column] = twin_cell_mean (map, row, column);
  for (int y = 0; y < 53; y++)
    for (int x = 0; x < 61; x++)
      {
        double expected[4];

        twin_pixel (map, style, box.x0 + (x + 0.5) * (box.x1 - box.x0) / 61, box.y0 + (y + 0.5) * (box.y1 - box.y0) / 53, expected);
        for (int c = 0; c < 4; c++)
          g_assert_cmpfloat_with_epsilon (rgba[4 * (y * 61 + x) + c], expected[c], 1.2);
        if (expected[3] == 0)
          g_assert_true (rgba[4 * (y * 61 + x) + 3] == 0);
      }
}

static void
test_twins (void)
{
  for (int channels = 1; channels <= 3; channels += 2)
    for (int masked = 0; masked <= 1; masked++)
      {
        struct dino_map      *map = example (channels, masked);
        struct dino_map_style style;

        dino_map_style_init (&style);
        for (style.smooth = DINO_SMOOTH_CELLS; style.smooth <= DINO_SMOOTH_GUIDED; style.smooth++)
          {
            style.opacity = 0.8;
            check_against_twin (map, &style);
            style.opacity = 1;
            check_against_twin (map, &style);
          }
        dino_map_unref (map);
      }
}

static void
test_threshold_and_range (void)
{
  struct dino_map      *map = example (1, true);
  struct dino_map_style style = { .opacity = 1, .has_threshold = true, .has_range = true, .low = -1, .high = 0.5 };

  for (style.smooth = DINO_SMOOTH_CELLS; style.smooth <= DINO_SMOOTH_GUIDED; style.smooth++)
    {
      style.threshold = -0.4;
      check_against_twin (map, &style);
      style.threshold = map->high + 1;
      check_against_twin (map, &style);
    }
  dino_map_unref (map);
}

/* Tiles of odd sizes at an awkward zoom are the parts of the whole. */
static void
check_tiles (const struct dino_map *map, enum dino_smooth smooth, double left, double top, double step)
{
  enum
  {
    WIDTH = 200,
    HEIGHT = 150,
    TILE = 37
  };
  struct dino_map_style style;
  const struct dino_box box = { left, top, left + WIDTH * step, top + HEIGHT * step };
  g_autofree uint8_t   *whole = g_malloc (4 * WIDTH * HEIGHT);
  g_autofree uint8_t   *tile = g_malloc (4 * TILE * TILE);

  dino_map_style_init (&style);
  style.smooth = smooth;
  draw (map, &style, box, whole, WIDTH, HEIGHT);
  for (int y = 0; y < HEIGHT; y += TILE)
    for (int x = 0; x < WIDTH; x += TILE)
      {
        int                   width = MIN (TILE, WIDTH - x), height = MIN (TILE, HEIGHT - y);
        const struct dino_box part = { left + x * step, top + y * step, left + (x + width) * step, top + (y + height) * step };

        draw (map, &style, part, tile, width, height);
        for (int row = 0; row < height; row++)
          g_assert_cmpmem (tile + 4 * row * width, 4 * (gsize) width, whole + 4 * ((y + row) * WIDTH + x), 4 * (gsize) width);
      }
}

static void
test_tiles (void)
{
  for (enum dino_smooth smooth = DINO_SMOOTH_CELLS; smooth <= DINO_SMOOTH_GUIDED; smooth++)
    {
      struct dino_map *map = example (1, true);

      check_tiles (map, smooth, -7.3, -9.9, 1 / 3.0);
      check_tiles (map, smooth, 10.1, 10.7, 0.1);
      check_tiles (map, smooth, -20, -20, 0.7);
      /* Pixel centres that fall on cells' edges. */
      map->seen = (struct dino_box){ 0, 0, 70, 50 };
      check_tiles (map, smooth, -0.1, -0.1, 0.2);
      check_tiles (map, smooth, -0.5 / 3, -0.5 / 3, 1 / 3.0);
      dino_map_unref (map);
    }
}

static void
test_far_outside (void)
{
  struct dino_map      *map = example (1, false);
  struct dino_map_style style;
  uint8_t               rgba[4 * 9] = { 0 };

  dino_map_style_init (&style);
  for (style.smooth = DINO_SMOOTH_CELLS; style.smooth <= DINO_SMOOTH_GUIDED; style.smooth++)
    {
      draw (map, &style, (struct dino_box){ 1e300, -1e300, 2e300, 1e300 }, rgba, 3, 3);
      for (size_t i = 0; i < sizeof rgba; i++)
        g_assert_cmpint (rgba[i], ==, 0);
      draw (map, &style, (struct dino_box){ 200, 0, 300, 50 }, rgba, 3, 3);
      for (size_t i = 0; i < sizeof rgba; i++)
        g_assert_cmpint (rgba[i], ==, 0);
    }
  dino_map_unref (map);
}

/* Equal values have the middle colour where they are the range, else its ends. */
static void
test_flat (void)
{
  struct dino_map      *map = dino_map_new (1, 1, 1, NULL);
  struct dino_map      *rgb = dino_map_new (1, 1, 3, NULL);
  struct dino_map_style style = { .opacity = 1, .colormap = dino_colormap_find ("grey") };
  uint8_t               rgba[4];

  map->seen = rgb->seen = (struct dino_box){ 0, 0, 10, 10 };
  map->values[0] = 5;
  dino_map_measure (map, NULL);
  dino_map_measure (rgb, NULL);
  draw (map, &style, map->seen, rgba, 1, 1);
  g_assert_cmpmem (rgba, 4, ((uint8_t[]){ 128, 128, 128, 255 }), 4);
  draw (rgb, &style, rgb->seen, rgba, 1, 1);
  g_assert_cmpmem (rgba, 4, ((uint8_t[]){ 128, 128, 128, 255 }), 4);
  style.has_range = true;
  style.low = 1;
  style.high = 2;
  draw (map, &style, map->seen, rgba, 1, 1);
  g_assert_cmpmem (rgba, 4, ((uint8_t[]){ 255, 255, 255, 255 }), 4);
  dino_map_unref (map);
  dino_map_unref (rgb);
}

/* Ranges as wide as floats go, and wider. */
static void
test_wide (void)
{
  struct dino_map      *map = dino_map_new (3, 1, 1, NULL);
  struct dino_map_style style = { .opacity = 1, .colormap = dino_colormap_find ("grey") };
  uint8_t               rgba[4 * 3];

  map->seen = (struct dino_box){ 0, 0, 3, 1 };
  map->values[0] = -FLT_MAX;
  map->values[2] = FLT_MAX;
  dino_map_measure (map, NULL);
  for (int wider = 0; wider <= 1; wider++)
    {
      draw (map, &style, map->seen, rgba, 3, 1);
      g_assert_cmpmem (rgba, 12, ((uint8_t[]){ 0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255 }), 12);
      style.has_range = true;
      style.low = -1e300;
      style.high = 1e300;
    }
  dino_map_unref (map);
}

/* Premultiplied values are rounded to the nearest. */
static void
test_premultiplied (void)
{
  struct dino_map      *map = dino_map_new (256, 1, 1, NULL);
  struct dino_map_style style = { .opacity = 0.5, .colormap = dino_colormap_find ("grey") };
  uint8_t               rgba[4 * 256];

  map->seen = (struct dino_box){ 0, 0, 256, 1 };
  for (int i = 0; i < 256; i++)
    map->values[i] = (float) i;
  dino_map_measure (map, NULL);
  draw (map, &style, map->seen, rgba, 256, 1);
  for (int i = 0; i < 256; i++)
    {
      g_assert_cmpint (rgba[4 * i], ==, (int) floor (i * 128 / 255.0 + 0.5));
      g_assert_cmpint (rgba[4 * i + 3], ==, 128);
    }
  dino_map_unref (map);
}

/* At an edge of the picture the guided map follows the picture. */
static void
test_guided_edge (void)
{
  struct dino_map      *map = dino_map_new (2, 1, 1, NULL);
  struct dino_map_style style = { .opacity = 1, .colormap = dino_colormap_find ("grey"), .smooth = DINO_SMOOTH_GUIDED };
  uint8_t               rgba[4 * GUIDE_WIDTH];

  /* The cells meet at 45; the picture's edge lies at 41. */
  dino_map_unref (example (1, false));
  map->seen = (struct dino_box){ 0, 0, GUIDE_WIDTH, GUIDE_HEIGHT };
  map->values[1] = 1;
  dino_map_measure (map, NULL);
  draw (map, &style, map->seen, rgba, GUIDE_WIDTH, 1);
  g_assert_cmpint (rgba[4 * 39], <, 3);
  g_assert_cmpint (rgba[4 * 43], >, 252);
  dino_map_unref (map);
}

static void
test_refused (void)
{
  struct dino_map      *map = example (1, false);
  struct dino_map_style style;
  struct dino_box       box = map->seen;
  struct dino_error     error = { 0 };
  uint8_t               rgba[4];

  dino_map_style_init (&style);
  style.smooth = DINO_SMOOTH_GUIDED;
  g_assert_false (dino_map_draw (map, &style, NULL, 0, 0, box, rgba, 1, 1, NULL, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  style.smooth = DINO_SMOOTH_CELLS;
  g_assert_false (dino_map_draw (map, &style, NULL, 0, 0, box, rgba, 0, 1, NULL, NULL));
  g_assert_false (dino_map_draw (map, &style, NULL, 0, 0, (struct dino_box){ 0, 0, 0, 1 }, rgba, 1, 1, NULL, NULL));
  g_assert_false (dino_map_draw (map, &style, NULL, 0, 0, (struct dino_box){ 0, 0, NAN, 1 }, rgba, 1, 1, NULL, NULL));
  style.opacity = 1.01;
  g_assert_false (dino_map_draw (map, &style, NULL, 0, 0, box, rgba, 1, 1, NULL, NULL));
  dino_map_style_init (&style);
  style.has_range = true;
  style.low = 2;
  style.high = 1;
  g_assert_false (dino_map_draw (map, &style, NULL, 0, 0, box, rgba, 1, 1, NULL, NULL));
  style.high = NAN;
  g_assert_false (dino_map_draw (map, &style, NULL, 0, 0, box, rgba, 1, 1, NULL, NULL));
  style.has_range = false;
  map->values[3] = INFINITY;
  g_assert_false (dino_map_draw (map, &style, NULL, 0, 0, box, rgba, 1, 1, NULL, NULL));
  dino_map_unref (map);
}

static void
test_names (void)
{
  enum dino_smooth smooth;

  for (enum dino_smooth i = DINO_SMOOTH_CELLS; i <= DINO_SMOOTH_GUIDED; i++)
    {
      g_assert_true (dino_smooth_parse (dino_smooth_name (i), &smooth));
      g_assert_cmpint (smooth, ==, i);
    }
  g_assert_false (dino_smooth_parse ("nearest", &smooth));
}

/* Bands of rows on any number of threads: enough of them that all get some. */
static void
test_threads (void)
{
  static const int      threads[] = { 1, 2, 3, 5 };
  struct dino_box       box = { 3.3, -2.0, 40.0, 41.5 };
  const int             width = 211, height = 1100;
  g_autofree guint8    *alone = g_malloc (4 * width * height), *rgba = g_malloc (4 * width * height), *grey = g_malloc (50 * 50);
  struct dino_map_style style;

  dino_map_style_init (&style);
  for (int i = 0; i < 50 * 50; i++)
    grey[i] = (guint8) (i * 7 / 5);
  for (int channels = 1; channels <= 3; channels += 2)
    {
      struct dino_map *map = dino_map_new (7, 6, channels, NULL);

      for (int i = 0; i < 42 * channels; i++)
        map->values[i] = (float) (i * 7919 % 101);
      map->seen = (struct dino_box){ 0, 0, 45, 39 };
      g_assert_true (dino_map_measure (map, NULL));
      for (int smooth = DINO_SMOOTH_CELLS; smooth <= DINO_SMOOTH_GUIDED; smooth++)
        {
          style.smooth = (enum dino_smooth) smooth;
          g_assert_true (dino_map_draw (map, &style, grey, 50, 50, box, alone, width, height, NULL, NULL));
          for (gsize t = 0; t < G_N_ELEMENTS (threads); t++)
            {
              struct dino_team *team = dino_team_new (threads[t], NULL);

              for (int time = 0; time < 3; time++)
                {
                  memset (rgba, 0x5a, 4 * width * height);
                  g_assert_true (dino_map_draw (map, &style, grey, 50, 50, box, rgba, width, height, team, NULL));
                  g_assert_cmpmem (alone, 4 * width * height, rgba, 4 * width * height);
                }
              dino_team_free (team);
            }
        }
      dino_map_unref (map);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draw/twins", test_twins);
  g_test_add_func ("/draw/threshold-and-range", test_threshold_and_range);
  g_test_add_func ("/draw/tiles", test_tiles);
  g_test_add_func ("/draw/far-outside", test_far_outside);
  g_test_add_func ("/draw/flat", test_flat);
  g_test_add_func ("/draw/wide", test_wide);
  g_test_add_func ("/draw/premultiplied", test_premultiplied);
  g_test_add_func ("/draw/guided-edge", test_guided_edge);
  g_test_add_func ("/draw/refused", test_refused);
  g_test_add_func ("/draw/names", test_names);
  g_test_add_func ("/draw/threads", test_threads);
  return g_test_run ();
}
