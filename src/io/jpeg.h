/* JPEG (ISO/IEC 10918) by libjpeg-turbo. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/picture/picture.h"
#include "io/refusal.h"

/* Decodes as Pillow does (ISLOW DCT, fancy upsampling); the picture is not
 * turned, but its EXIF orientation is set. Samples are not measured
 * (dino_picture_measure()). NULL with refusal, which is zero before, set. */
struct dino_picture *dino_jpeg_read (const uint8_t *data, size_t length, struct dino_refusal *refusal);

/* Measured, and an error in words. Programs have dino_picture_helper_read() instead:
 * what decodes a stranger's file runs in a process of its own. */
struct dino_picture *dino_jpeg_decode (const uint8_t *data, size_t length, const char *name, struct dino_error *error);
