/* The strip below an exported picture: what the map is, its colours, who may use it. Private to render. */
#pragma once

#include <cairo.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/maps/draw.h"
#include "core/maps/map.h"

/* Height in pixels of the strip for a picture of this width. caption may be NULL. */
int dino_caption_height (const struct dino_map *map, const struct dino_map_style *style, const char *caption, int width);

/* The width at which the strip below a picture of this width is laid out, before
 * it is scaled to the picture's: in between letters have a size for reading. */
double dino_caption_layout_width (int width);

/* Draws the strip, width x height units, at the origin. */
void dino_caption_paint (cairo_t *cr, const struct dino_map *map, const struct dino_map_style *style, const char *caption, int width, int height);

/* Draws the strip into pixels [height, width, channels], 3 (RGB) or 4 (RGBA, opaque). */
bool dino_caption_draw (const struct dino_map       *map,
                        const struct dino_map_style *style,
                        const char                  *caption,
                        uint8_t                     *pixels,
                        int                          width,
                        int                          height,
                        int                          channels,
                        struct dino_error           *error);
