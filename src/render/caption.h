/* The strip below an exported picture: what the map is, its colours, who may use it. Private to render. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/maps/draw.h"
#include "core/maps/map.h"

/* Height in pixels of the strip for a picture of this width. caption may be NULL. */
int dino_caption_height (const struct dino_map *map, const struct dino_map_style *style, const char *caption, int width);

/* Draws the strip into pixels [height, width, channels], 3 (RGB) or 4 (RGBA, opaque). */
bool dino_caption_draw (const struct dino_map       *map,
                        const struct dino_map_style *style,
                        const char                  *caption,
                        uint8_t                     *pixels,
                        int                          width,
                        int                          height,
                        int                          channels,
                        struct dino_error           *error);
