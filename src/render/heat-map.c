#include "render/heat-map.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "core/maps/colormap.h"
#include "render/bar.h"
#include "render/label.h"
#include "render/text.h"

/* In files, so it is never translated. */
#define NOTICE "For research only. Not for clinical use."

#define MARGIN 24.0
#define TITLE_FONT 18.0
#define FONT 13.0
#define SMALL_FONT 11.0
#define NAMES 34.0 /* room for the numbers of rows and columns */
#define BAR_WIDTH 16.0
#define BAR_ROOM 70.0
#define MAX_TICKS 12
#define N_SHADES 240

/* Cells of this size and more have their value in them. */
#define MIN_CELL 26.0

struct place
{
  double x, y, side; /* of the cells; side of one */
};

static const struct dino_colormap *
colors (void)
{
  return dino_colormap_find ("viridis");
}

/* align: 0 the text begins at x, 0.5 it has its middle there, 1 its end. Returns its height. */
static double
show (cairo_t *cr, const char *text, double size, bool bold, double grey, double x, double y, double align, double width)
{
  PangoLayout *layout = dino_text_layout (cr, text, size, bold);
  double       height;

  dino_text_fit (layout, width);
  cairo_set_source_rgb (cr, grey, grey, grey);
  dino_text_show (cr, layout, x - align * dino_text_width (layout), y);
  height = dino_text_height (layout);
  g_object_unref (layout);
  return height;
}

static void
color_of (const struct dino_heat_maps *maps, double value, uint8_t rgb[3])
{
  dino_colormap_lookup (colors (), maps->high > maps->low ? (value - maps->low) / (maps->high - maps->low) : 0.5, rgb);
}

static void
draw_cell (const struct dino_heat_maps *maps, cairo_t *cr, double value, double x, double y, double side)
{
  uint8_t rgb[3] = { 0xe0, 0xe0, 0xe0 };
  char    text[32];
  int     hundredths;

  if (!isnan (value))
    color_of (maps, value, rgb);
  cairo_set_source_rgb (cr, rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0);
  cairo_rectangle (cr, x, y, side, side);
  cairo_fill (cr);
  if (isnan (value) || side < MIN_CELL)
    return;
  hundredths = (int) lround (fabs (value) * 100);
  snprintf (text, sizeof text, "%s%d.%02d", value < 0 && hundredths > 0 ? "−" : "", hundredths / 100, hundredths % 100);
  /* Dark on light cells, light on dark ones. */
  show (cr, text, SMALL_FONT, false, rgb[0] * 0.3 + rgb[1] * 0.6 + rgb[2] * 0.1 > 130 ? 0.05 : 1, x + side / 2, y + side / 2 - SMALL_FONT * 0.7, 0.5, side);
}

/* Numbers are left out where they would touch. */
static size_t
step_of (double side)
{
  return side >= 18 ? 1 : (size_t) ceil (18 / side);
}

static void
draw_map (const struct dino_heat_maps *maps, const struct dino_heat_map *map, cairo_t *cr, const struct place *place)
{
  const double bottom = place->y + (double) map->rows * place->side, across = (double) map->columns * place->side;
  char         text[16];

  show (cr, map->title, FONT, true, 0.1, place->x, place->y - FONT * 1.7, 0, across + NAMES);
  for (size_t i = 0; i < map->rows; i++)
    for (size_t j = 0; j < map->columns; j++)
      draw_cell (maps, cr, map->values[i * map->columns + j], place->x + (double) j * place->side, bottom - (double) (i + 1) * place->side, place->side);
  for (size_t i = 0; i < map->rows; i += step_of (place->side))
    {
      snprintf (text, sizeof text, "%d", map->row_names[i]);
      show (cr, text, SMALL_FONT, false, 0.3, place->x - 6, bottom - ((double) i + 0.5) * place->side - SMALL_FONT * 0.7, 1, NAMES);
    }
  for (size_t j = 0; j < map->columns; j += step_of (place->side))
    {
      snprintf (text, sizeof text, "%d", map->column_names[j]);
      show (cr, text, SMALL_FONT, false, 0.3, place->x + ((double) j + 0.5) * place->side, bottom + 4, 0.5, NAMES);
    }
}

static void
draw_bar (const struct dino_heat_maps *maps, cairo_t *cr, double x, double y, double height)
{
  double    ticks[MAX_TICKS];
  const int n = dino_bar_ticks (maps->low, maps->high, 6, ticks, MAX_TICKS);

  for (int i = 0; i < N_SHADES; i++)
    {
      uint8_t rgb[3];

      dino_colormap_lookup (colors (), 1 - i / (N_SHADES - 1.0), rgb);
      cairo_set_source_rgb (cr, rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0);
      /* Each reaches below the next, so that no seam is seen. */
      cairo_rectangle (cr, x, y + i * height / N_SHADES, BAR_WIDTH, height / N_SHADES * (i + 1 < N_SHADES ? 2 : 1));
      cairo_fill (cr);
    }
  for (int i = 0; i < n && maps->high > maps->low; i++)
    {
      const double place = y + (maps->high - ticks[i]) / (maps->high - maps->low) * height;
      char         label[DINO_LABEL_LENGTH];

      cairo_set_source_rgb (cr, 0.3, 0.3, 0.3);
      cairo_rectangle (cr, x + BAR_WIDTH, place - 0.5, 4, 1);
      cairo_fill (cr);
      dino_label_format (label, ticks[i]);
      show (cr, label, SMALL_FONT, false, 0.1, x + BAR_WIDTH + 8, place - SMALL_FONT * 0.7, 0, BAR_ROOM);
    }
}

/* The largest cells that all maps have room for. */
static double
cell_side (const struct dino_heat_maps *maps, double width, double height)
{
  double columns = 0, rows = 1;

  for (size_t i = 0; i < maps->n_maps; i++)
    {
      columns += (double) maps->maps[i].columns;
      rows = fmax (rows, (double) maps->maps[i].rows);
    }
  return fmin (fmin ((width - (double) maps->n_maps * (NAMES + MARGIN)) / fmax (columns, 1), height / rows), 60);
}

void
dino_heat_maps_paint (const void *data, cairo_t *cr, double width, double height)
{
  const struct dino_heat_maps *maps = data;
  double                       y = MARGIN, most = 0;
  struct place                 place = { .x = MARGIN };

  y += show (cr, maps->title, TITLE_FONT, true, 0.1, MARGIN, y, 0, width - 2 * MARGIN) + 4;
  if (maps->caption != NULL)
    y += show (cr, maps->caption, SMALL_FONT, false, 0.3, MARGIN, y, 0, width - 2 * MARGIN) + 6;
  y += show (cr, maps->row_title, SMALL_FONT, false, 0.3, MARGIN, y, 0, width - 2 * MARGIN) + 2;
  y += show (cr, maps->column_title, SMALL_FONT, false, 0.3, MARGIN, y, 0, width - 2 * MARGIN) + 2;
  place.y = y + FONT * 2;
  place.side = cell_side (maps, width - 2 * MARGIN - BAR_ROOM, height - place.y - MARGIN - 4 * SMALL_FONT);
  for (size_t i = 0; i < maps->n_maps; i++)
    {
      place.x += NAMES;
      draw_map (maps, &maps->maps[i], cr, &place);
      place.x += (double) maps->maps[i].columns * place.side + MARGIN;
      most = fmax (most, (double) maps->maps[i].rows * place.side);
    }
  draw_bar (maps, cr, place.x, place.y, most);
  show (cr, NOTICE, SMALL_FONT, false, 0.4, MARGIN, height - MARGIN - SMALL_FONT, 0, width - 2 * MARGIN);
}
