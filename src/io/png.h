/* PNG (ISO/IEC 15948) by libpng's low-level interface. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/picture/picture.h"
#include "io/output.h"

struct dino_picture *dino_png_decode (const uint8_t *data, size_t length, const char *name, struct dino_error *error);

/* The same of a mask: one channel of 8 bits, the indexes of a palette or the greys
 * as the file has them (a bit is 0 or 1). Colour and 16 bits are refused. */
struct dino_picture *dino_png_decode_mask (const uint8_t *data, size_t length, const char *name, struct dino_error *error);

/* samples is [height, width, channels], channels 1 (grey), 3 (RGB) or 4 (RGBA,
 * not premultiplied), 8 bits. No time stamp and no text are written. */
bool dino_png_write (struct dino_output *output, const uint8_t *samples, int width, int height, int channels, struct dino_error *error);

/* indexes is [height, width] into colors [n_colors, 4], at most 256 of red, green,
 * blue and alpha, not premultiplied. An index beyond them is an error. */
bool dino_png_write_indexed (struct dino_output *output, const uint8_t *indexes, int width, int height, const uint8_t *colors, int n_colors, struct dino_error *error);
