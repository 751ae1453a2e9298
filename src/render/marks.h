/* Patches that a map points at, framed and named. */
#pragma once

#include <cairo.h>

#include "core/maps/map.h"

/* Draws map's marks over the part of the original that box covers (pixels of
 * the original), which is width x height units wide from the current origin on;
 * letters are font_size high. Marks that lie outside are left out. */
void dino_marks_draw (cairo_t *cr, const struct dino_map *map, struct dino_box box, double width, double height, double font_size);
