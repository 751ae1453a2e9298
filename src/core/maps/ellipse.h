/* Ellipses over cells. */
#pragma once

#include <stdbool.h>

#include "core/picture/geometry.h"

/* Area that a cell has in common with the ellipse that a box holds, in the
 * boxes' units squared: exact but for rounding, and 0 where they do not touch.
 * An ellipse without width or height has none. */
double dino_ellipse_overlap (struct dino_box ellipse, struct dino_box cell);

/* Whether a point lies in the ellipse or on its edge. */
bool dino_ellipse_holds (struct dino_box ellipse, double x, double y);
