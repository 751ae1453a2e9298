/* The layers of an exported picture, before they are put together. Private to render. */
#pragma once

#include <cairo.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "render/compose.h"

/* The picture part of an export: pixels under the map, and where they lie. */
struct dino_frame
{
  int             width, height; /* as turned */
  struct dino_box box;           /* in pixels of the original, before it is turned */
  int             turns;         /* as in dino_export, 0 for whole pictures */
  bool            flipped;
  const uint8_t  *under;   /* [height, width, channels of the picture], NULL for a map alone */
  uint8_t        *cropped; /* under, when it is ours */
  uint8_t        *drawn;   /* [height, width, 4], the map, premultiplied */
};

/* To be cleared whatever the outcome. */
bool dino_frame_init (struct dino_frame *frame, const struct dino_export *description, struct dino_error *error);
void dino_frame_clear (struct dino_frame *frame);

/* The map's marks over the frame, which is width x height units large from the
 * origin of cr on; and the same in the pixels of drawn. */
bool dino_frame_draw_marks (const struct dino_frame *frame, const struct dino_map *map, cairo_t *cr, double width, double height, struct dino_error *error);
bool dino_frame_add_marks (struct dino_frame *frame, const struct dino_map *map, struct dino_error *error);
