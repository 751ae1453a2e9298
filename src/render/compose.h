/* Exported pictures: the radiograph, the map over it, and a colour bar. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/maps/draw.h"
#include "core/maps/map.h"
#include "core/picture/geometry.h"

enum dino_export_size
{
  DINO_EXPORT_ORIGINAL, /* the pixels of the original */
  DINO_EXPORT_MODEL     /* the pixels of the model's input */
};

struct dino_export
{
  const uint8_t              *picture; /* [height, width, channels], 8-bit, what is shown */
  const uint8_t              *guide;   /* the same, which edge-guided smoothing follows: not a window that a hand has set; NULL: picture */
  int                         width, height, channels;
  const struct dino_geometry *geometry;
  const struct dino_map      *map;
  struct dino_map_style       style;
  enum dino_export_size       size;
  bool                        part;     /* of the original only the pixels that box touches, as a window shows them: */
  struct dino_box             box;      /* in pixels of the original */
  int                         turns;    /* 0 … 3 quarter turns clockwise */
  bool                        flipped;  /* mirrored left to right, after turning */
  bool                        map_only; /* no radiograph under the map, transparent where there is no map */
  bool                        bar;      /* colour bar with numbers and the research-only line below the picture */
  const char                 *caption;  /* with the bar: a line under the title, such as the model's name; may be NULL */
};

/* *pixels is [height, width, channels], 3 (RGB) or, for map_only, 4 (RGBA, not
 * premultiplied); dino_free() it. */
bool dino_export_compose (const struct dino_export *description,
                          uint8_t                 **pixels,
                          int                      *width,
                          int                      *height,
                          int                      *channels,
                          struct dino_error        *error);
