/* The layers of an exported picture, before they are put together. Private to render. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "render/compose.h"

/* The picture part of an export: pixels under the map, and where they lie. */
struct dino_frame
{
  int             width, height; /* as turned */
  struct dino_box box;           /* in pixels of the original, before it is turned */
  const uint8_t  *under;         /* [height, width, channels of the picture], NULL for a map alone */
  uint8_t        *cropped;       /* under, when it is ours */
  uint8_t        *drawn;         /* [height, width, 4], the map, premultiplied */
};

/* To be cleared whatever the outcome. */
bool dino_frame_init (struct dino_frame *frame, const struct dino_export *description, struct dino_error *error);
void dino_frame_clear (struct dino_frame *frame);
