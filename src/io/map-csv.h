/* A map's values for tables. */
#pragma once

#include <stdbool.h>

#include "core/maps/map.h"
#include "core/picture/geometry.h"
#include "io/output.h"

/* A header, then a line for each patch, row by row: "row,column,x0,y0,x1,y1,
 * value,valid", for maps of three channels "value1,value2,value3". Rows and
 * columns count from 0, boxes are in pixels of the original (dino_geometry_patch()),
 * values bring back the float32 that they are, valid is 1 or 0. Decimal points
 * and commas in every locale. geometry is that of the map's picture. Nothing is
 * committed. */
bool dino_map_write_csv (struct dino_output *output, const struct dino_map *map, const struct dino_geometry *geometry, struct dino_error *error);
