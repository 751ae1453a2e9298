/* An export as a sheet of paper sees it: images with what lies over them, and
 * texts as texts. SVG, PDF and prints are painted from it. */
#pragma once

#include <cairo.h>
#include <stdbool.h>

#include "render/compose.h"

struct dino_sheet;

/* The images are made here, which takes a while; painting is Cairo's. What
 * description points to must stay until dino_sheet_free(). NULL and error when
 * the map and the picture do not fit or memory cannot be had. */
struct dino_sheet *dino_sheet_new (const struct dino_export *description, struct dino_error *error);
void               dino_sheet_free (struct dino_sheet *sheet);

/* In points of 1/72 inch, chosen so that texts have a size for reading. */
void dino_sheet_get_size (const struct dino_sheet *sheet, double *width, double *height);

/* Pixels of the picture part, as they are turned. */
void dino_sheet_get_pixels (const struct dino_sheet *sheet, int *width, int *height);

/* Paints at the origin of cr, which is left as it was; false when Cairo fails. */
bool dino_sheet_paint (const struct dino_sheet *sheet, cairo_t *cr, struct dino_error *error);
