/* A map against regions that a person marked. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/maps/map.h"
#include "core/picture/picture.h"

/* What a person draws within a box. */
enum dino_shape
{
  DINO_SHAPE_BOX,
  DINO_SHAPE_ELLIPSE
};

/* Of a one-channel map inside a region. Each cell counts by the share of its
 * area that lies in the region. */
struct dino_region_result
{
  double area;        /* cells, fractions included */
  double mean;        /* weighted by area */
  double maximum;     /* of cells that the region touches */
  double mass_share;  /* sum of value*area inside over the sum of all valid values; NaN for maps with negative values or without mass */
  bool   peak_inside; /* the centre of the largest cell, the first of several, lies in the region */
};

/* box is in pixels of the original. */
bool dino_region_box (const struct dino_map *map, struct dino_box box, struct dino_region_result *result, struct dino_error *error);

/* The ellipse that the box holds; its share of each cell is exact (see ellipse.h). */
bool dino_region_ellipse (const struct dino_map *map, struct dino_box box, struct dino_region_result *result, struct dino_error *error);

/* One or the other. */
bool dino_region_shape (const struct dino_map *map, enum dino_shape shape, struct dino_box box, struct dino_region_result *result, struct dino_error *error);

/* "box", "ellipse": what files call them. */
const char *dino_shape_name (enum dino_shape shape);
bool        dino_shape_parse (const char *name, enum dino_shape *shape);

/* mask is of the original's size; samples other than 0 are inside. */
bool dino_region_mask (const struct dino_map *map, const struct dino_picture *mask, struct dino_region_result *result, struct dino_error *error);
