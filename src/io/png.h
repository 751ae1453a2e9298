/* PNG (ISO/IEC 15948) by libpng's low-level interface. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/picture/picture.h"
#include "io/output.h"

struct dino_picture *dino_png_decode (const uint8_t *data, size_t length, const char *name, struct dino_error *error);

/* samples is [height, width, channels], channels 1 (grey), 3 (RGB) or 4 (RGBA,
 * not premultiplied), 8 bits. No time stamp and no text are written. */
bool dino_png_write (struct dino_output *output, const uint8_t *samples, int width, int height, int channels, struct dino_error *error);
