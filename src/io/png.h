/* PNG (ISO/IEC 15948) by libpng's low-level interface. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/picture/picture.h"
#include "io/output.h"
#include "io/refusal.h"

/* Samples are not measured (dino_picture_measure()). As a mask: one channel of 8
 * bits, the indexes of a palette or the greys as the file has them (a bit is 0 or
 * 1); colour and 16 bits are refused. NULL with refusal, which is zero before, set. */
struct dino_picture *dino_png_read (const uint8_t *data, size_t length, bool as_mask, struct dino_refusal *refusal);

/* Measured, and an error in words. Programs have dino_picture_helper_read() instead:
 * what decodes a stranger's file runs in a process of its own. */
struct dino_picture *dino_png_decode (const uint8_t *data, size_t length, const char *name, struct dino_error *error);
struct dino_picture *dino_png_decode_mask (const uint8_t *data, size_t length, const char *name, struct dino_error *error);

/* samples is [height, width, channels], channels 1 (grey), 3 (RGB) or 4 (RGBA,
 * not premultiplied), 8 bits. No time stamp and no text are written. */
bool dino_png_write (struct dino_output *output, const uint8_t *samples, int width, int height, int channels, struct dino_error *error);

/* indexes is [height, width] into colors [n_colors, 4], at most 256 of red, green,
 * blue and alpha, not premultiplied. An index beyond them is an error. */
bool dino_png_write_indexed (struct dino_output *output, const uint8_t *indexes, int width, int height, const uint8_t *colors, int n_colors, struct dino_error *error);
