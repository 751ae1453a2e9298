/* The colour bar, drawn by Cairo and Pango. Used by window and exports alike. */
#pragma once

#include <cairo.h>

#include "core/maps/draw.h"
#include "core/maps/map.h"

/* Draws a horizontal bar with ticks, numbers and unit into the rectangle
 * (width x height, user units) at the current origin; for maps of 3 channels
 * the three components' names with their ranges. text_rgb is the colour of
 * texts and ticks. */
void dino_bar_draw (cairo_t                     *cr,
                    const struct dino_map       *map,
                    const struct dino_map_style *style,
                    double                       width,
                    double                       height,
                    const double                 text_rgb[3]);

/* About count round numbers that span low … high; returns how many were written (at most max). */
int dino_bar_ticks (double low, double high, int count, double *ticks, int max);
