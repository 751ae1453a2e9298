/* Boxes that a person marked, as CSV. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/maps/region.h"
#include "core/picture/geometry.h"

struct dino_named_box
{
  char           *label;
  enum dino_shape shape; /* within box */
  struct dino_box box;   /* pixels of the original */
};

/* Lines "x0,y0,x1,y1" or "label,x0,y0,x1,y1" in pixels; a first line that is
 * not numbers is a header and names the columns (label, x0, y0, x1, y1, or x,
 * y, width, height; and shape: box or ellipse, box where it is empty or
 * absent), others are ignored. Free with dino_boxes_free(). */
bool dino_boxes_read (const char *path, struct dino_named_box **boxes, size_t *n_boxes, struct dino_error *error);
void dino_boxes_free (struct dino_named_box *boxes, size_t n_boxes);

/* Writes what dino_boxes_read() reads back to the bit, with a header, complete
 * or not at all. */
bool dino_boxes_write (const char *path, const struct dino_named_box *boxes, size_t n_boxes, struct dino_error *error);
