/* Outlines as files that other programs read. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/heads/classes.h"
#include "core/heads/outlines.h"
#include "io/output.h"

/* GeoJSON (RFC 7946, but for the coordinates, which are pixels of the original
 * from its upper left corner, y downwards): a FeatureCollection with a Polygon a
 * component; its properties are "class", "value" and "area_pixels". */
bool dino_outlines_write_geojson (struct dino_output *output, const struct dino_outlines *outlines, const struct dino_classes *classes, struct dino_error *error);

/* SVG of the original's size: a path a component, in its class's colour. */
bool dino_outlines_write_svg (struct dino_output *output, const struct dino_outlines *outlines, const struct dino_classes *classes, int width, int height, struct dino_error *error);

enum dino_outlines_format
{
  DINO_OUTLINES_GEOJSON, /* .geojson, .json */
  DINO_OUTLINES_SVG      /* .svg */
};

/* By how a file's name ends; false when it is none of them. */
bool dino_outlines_format_of (const char *path, enum dino_outlines_format *format);
