/* Masks: PNG files whose indexes or greys are classes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/heads/classes.h"
#include "io/output.h"

/* values [*height, *width], a new array (dino_free() it): indexes of a palette, or
 * greys as the file has them. Colour and 16 bits are refused. */
bool dino_mask_read (const char *path, uint8_t **values, int *width, int *height, struct dino_error *error);

/* mask [height, width] of classes, or DINO_NO_CLASS (patch-labels.h), as a PNG
 * with a palette: its indexes are the classes' values, and its colours theirs.
 * Where there is no class the index is dino_classes_unseen() and transparent. */
bool dino_mask_write (struct dino_output *output, const uint8_t *mask, int width, int height, const struct dino_classes *classes, struct dino_error *error);
