/* The values of a map at pixels, as drawing finds them, for who does not want colours. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/encoder/team.h"
#include "core/maps/draw.h"
#include "core/maps/map.h"

/* Told samples [channels, width] of pixels [begin, end) of row y, which lie on
 * the map; on some thread, of different rows at once and in any order. */
typedef void (*dino_map_sample_func) (void *data, int y, int begin, int end, const float *samples);

/* The values of map, all of whose cells are valid, at the centres of the pixels
 * of the whole original (width x height). guide is its 8-bit grey picture
 * [height, width], for DINO_SMOOTH_GUIDED, else NULL. The same numbers for any
 * number of threads; team may be NULL. */
bool dino_map_sample (const struct dino_map *map,
                      enum dino_smooth       smooth,
                      const uint8_t         *guide,
                      int                    width,
                      int                    height,
                      dino_map_sample_func   func,
                      void                  *data,
                      struct dino_team      *team,
                      struct dino_error     *error);
