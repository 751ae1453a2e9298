/* Which class a patch is told to be: from a mask over the original. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/picture/geometry.h"

/* A pixel that belongs to no class: not marked, or not seen. */
#define DINO_NO_CLASS 255

/* labels [rows, columns]: the class that most pixels of a patch's cell have,
 * the lowest of several, in the mask resized and cropped as the picture was; -1
 * where fewer than share of the cell's pixels have one. classes is
 * [height, width] of the original, each a number below DINO_NO_CLASS, or that. The
 * mask is resized to the nearest pixel as Pillow does it (ImagingScaleAffine:
 * positions are summed up in doubles); what lies outside of the picture has no
 * class. */
bool dino_patch_labels (const struct dino_geometry *geometry, const uint8_t *classes, double share, int *labels, struct dino_error *error);
