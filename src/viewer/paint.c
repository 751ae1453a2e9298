#include "viewer/paint.h"

#include <math.h>

static void
add_rectangle (cairo_t *cr, struct rectangle box)
{
  cairo_rectangle (cr, box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0);
}

static void
draw_cell (cairo_t *cr, struct rectangle place, const guint8 *rgba, double opacity)
{
  double alpha = rgba[3];

  if (alpha == 0)
    return;
  cairo_set_source_rgba (cr, rgba[0] / alpha, rgba[1] / alpha, rgba[2] / alpha, opacity * alpha / 255);
  add_rectangle (cr, place);
  cairo_fill (cr);
}

static void
draw_cells (cairo_t *cr, const Map *map, const struct view *view, struct rectangle visible, double opacity)
{
  const guint8 *cells = g_bytes_get_data (map->cells, NULL);

  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  for (int row = 0; row < map->rows; row++)
    for (int column = 0; column < map->columns; column++)
      {
        struct rectangle place = view_place_sharp (view, map_cell (map, row, column));

        if (rectangle_meets (place, visible))
          draw_cell (cr, place, cells + 4 * ((gsize) row * (gsize) map->columns + (gsize) column), opacity);
      }
}

/* Where the encoder saw a part of the picture only, which one. */
static void
draw_frame (cairo_t *cr, const Map *map, const struct view *view, struct rectangle picture)
{
  struct rectangle box = view_place (view, map->box);
  const double     dashes[] = { 4, 4 };

  if (box.x0 <= picture.x0 + 1 && box.y0 <= picture.y0 + 1 && box.x1 >= picture.x1 - 1 && box.y1 >= picture.y1 - 1)
    return;
  add_rectangle (cr, (struct rectangle){ floor (box.x0) + 0.5, floor (box.y0) + 0.5, ceil (box.x1) - 0.5, ceil (box.y1) - 0.5 });
  cairo_set_line_width (cr, 1);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.7);
  cairo_stroke_preserve (cr);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.9);
  cairo_stroke (cr);
}

void
paint_map (cairo_t *cr, const Map *map, const struct view *view, double opacity)
{
  struct rectangle picture = view_picture (view);
  struct rectangle visible;

  cairo_save (cr);
  add_rectangle (cr, picture);
  cairo_clip (cr);
  cairo_clip_extents (cr, &visible.x0, &visible.y0, &visible.x1, &visible.y1);
  draw_cells (cr, map, view, visible, opacity);
  draw_frame (cr, map, view, picture);
  cairo_restore (cr);
}
