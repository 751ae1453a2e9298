/* The one EXIF tag that matters for looking: orientation (CIPA DC-008, tag 0x0112). */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* data is a TIFF structure (after "Exif\0\0"). 1 … 8; 1 when absent or malformed. */
int dino_exif_orientation (const uint8_t *data, size_t length);
