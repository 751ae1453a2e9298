/* A small copy of a picture, as it is shown. */
#pragma once

#include <stdint.h>

#include "core/base/error.h"
#include "core/picture/picture.h"

struct dino_thumbnail
{
  int     width, height;
  uint8_t pixels[]; /* [height, width, 3] */
};

/* The picture with its own greys, area-averaged so that its long side is at
 * most side; pictures that are smaller stay as they are. dino_free() it. */
struct dino_thumbnail *dino_thumbnail_new (const struct dino_picture *picture, int side, struct dino_error *error);
