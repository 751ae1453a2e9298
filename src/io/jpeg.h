/* JPEG (ISO/IEC 10918) by libjpeg-turbo. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/picture/picture.h"

/* Decodes as Pillow does (ISLOW DCT, fancy upsampling); the picture is not
 * turned, but its EXIF orientation is set. */
struct dino_picture *dino_jpeg_decode (const uint8_t *data, size_t length, const char *name, struct dino_error *error);
