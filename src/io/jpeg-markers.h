/* What stands before the samples of a JPEG file and libjpeg does not tell. Private to io. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Walks the marker segments up to the first scan. *exif points at the TIFF
 * structure of the first EXIF segment in data, NULL when there is none;
 * *profile tells of an ICC profile. */
void dino_jpeg_find_markers (const uint8_t *data, size_t length, const uint8_t **exif, size_t *exif_length, bool *profile);
