#include "render/cells.h"

#include <math.h>
#include <stdio.h>

#include "render/label.h"
#include "render/text.h"

/* Parts of the font size. */
#define SQUARE 1.2
#define LINE 1.7
#define GAP 0.4
#define BETWEEN 1.2

struct cells
{
  cairo_t                     *cr;
  const struct dino_map       *map;
  const struct dino_map_style *style;
  double                       font_size;
  const double                *text_rgb;
};

bool
dino_cells_exist (const struct dino_map *map)
{
  return map->n_cells > 0 && map->channels == 1;
}

static void
draw_square (const struct cells *cells, double value, double x, double y)
{
  cairo_t *cr = cells->cr;
  double   side = SQUARE * cells->font_size;
  uint8_t  rgb[3];

  cairo_rectangle (cr, x, y + (LINE * cells->font_size - side) / 2, side, side);
  if (dino_map_style_color (cells->style, cells->map, value, rgb))
    {
      cairo_set_source_rgb (cr, rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0);
      cairo_fill_preserve (cr);
    }
  cairo_set_source_rgba (cr, cells->text_rgb[0], cells->text_rgb[1], cells->text_rgb[2], 0.6);
  cairo_set_line_width (cr, cells->font_size / 12);
  cairo_stroke (cr);
}

/* Returns where it ends. */
static double
draw_text (const struct cells *cells, PangoLayout *layout, double x, double y)
{
  cairo_set_source_rgb (cells->cr, cells->text_rgb[0], cells->text_rgb[1], cells->text_rgb[2]);
  dino_text_show (cells->cr, layout, x, y + (LINE * cells->font_size - dino_text_height (layout)) / 2);
  return x + dino_text_width (layout);
}

static bool
holds (double x, double y, double length, double height, const double *point)
{
  return point[0] >= x && point[0] < x + length && point[1] >= y && point[1] < y + height;
}

/* Goes through the cells line by line and draws them where there is a style;
 * point and found: which of them lies there. Returns the height. */
static double
walk (const struct cells *cells, double width, double *used, const double *point, int *found)
{
  double x = 0, y = 0, longest = 0, font_size = cells->font_size;
  int    n = dino_cells_exist (cells->map) ? cells->map->n_cells : 0;

  for (int i = 0; i < n; i++)
    {
      const struct dino_map_cell *cell = &cells->map->cells[i];
      char                        number[DINO_LABEL_LENGTH];
      PangoLayout                *label = dino_text_layout (cells->cr, cell->label, font_size, true);
      PangoLayout                *value;
      double                      length;

      dino_label_format (number, dino_label_round ((double) cell->value));
      value = dino_text_layout (cells->cr, number, font_size, false);
      length = (SQUARE + 2 * GAP) * font_size + dino_text_width (label) + dino_text_width (value);
      if (x > 0 && x + length > width)
        {
          x = 0;
          y += LINE * font_size;
        }
      if (cells->style != NULL)
        {
          draw_square (cells, (double) cell->value, x, y);
          draw_text (cells, value, draw_text (cells, label, x + (SQUARE + GAP) * font_size, y) + GAP * font_size, y);
        }
      if (point != NULL && holds (x, y, length, LINE * font_size, point))
        *found = i;
      longest = fmax (longest, x + length);
      x += length + BETWEEN * font_size;
      g_object_unref (label);
      g_object_unref (value);
    }
  if (used != NULL)
    *used = longest;
  return n > 0 ? y + LINE * font_size : 0;
}

double
dino_cells_draw (cairo_t *cr, const struct dino_map *map, const struct dino_map_style *style, double width, double font_size, const double text_rgb[3], double *used)
{
  const struct cells cells = { cr, map, style, font_size, text_rgb };

  return walk (&cells, width, used, NULL, NULL);
}

int
dino_cells_find (cairo_t *cr, const struct dino_map *map, double width, double font_size, double x, double y)
{
  const struct cells cells = { cr, map, NULL, font_size, NULL };
  const double       point[2] = { x, y };
  int                found = -1;

  walk (&cells, width, NULL, point, &found);
  return found;
}
