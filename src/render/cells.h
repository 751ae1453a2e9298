/* Tokens that have no place in the picture, as small cells in the map's colours.
 * Used by window and exports alike. */
#pragma once

#include <cairo.h>
#include <stdbool.h>

#include "core/maps/draw.h"
#include "core/maps/map.h"

/* True when the map has cells that can be coloured: one channel. */
bool dino_cells_exist (const struct dino_map *map);

/* Draws for each a square of its colour (empty under the threshold), its label
 * and its value, from the current origin on, in as many lines as width asks
 * for; text_rgb is the colour of texts and outlines. used (may be NULL) gets the
 * width of the longest line. Returns the height, 0 without cells. */
double dino_cells_draw (cairo_t                     *cr,
                        const struct dino_map       *map,
                        const struct dino_map_style *style,
                        double                       width,
                        double                       font_size,
                        const double                 text_rgb[3],
                        double                      *used);

/* The cell at x, y of what the above draws with the same width and letters; -1:
 * there is none. Nothing is drawn; cr says how texts are measured. */
int dino_cells_find (cairo_t *cr, const struct dino_map *map, double width, double font_size, double x, double y);
