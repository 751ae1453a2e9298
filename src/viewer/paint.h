/* A map over the picture that a viewer shows. */
#pragma once

#include <cairo.h>

#include "viewer/map.h"
#include "viewer/place.h"

G_BEGIN_DECLS

/* Cells as they are, never smoothed, and a dashed line around what the encoder
 * saw where that is a part of the picture only. cr's origin is the area's. */
void paint_map (cairo_t *cr, const Map *map, const struct view *view, double opacity);

G_END_DECLS
