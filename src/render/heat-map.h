/* Tables of numbers as coloured cells, side by side, with one colour bar. */
#pragma once

#include <cairo.h>
#include <stddef.h>

struct dino_heat_map
{
  const char   *title;
  size_t        rows, columns;
  const double *values;    /* [rows, columns]; NaN: a cell without a value */
  const int    *row_names; /* [rows], numbers of blocks; likewise */
  const int    *column_names;
};

struct dino_heat_maps
{
  const char                 *title;
  const char                 *caption;   /* a line below it; may be NULL */
  const char                 *row_title; /* what rows and columns are */
  const char                 *column_title;
  const struct dino_heat_map *maps;
  size_t                      n_maps;
  double                      low, high; /* of the colours */
};

#define DINO_HEAT_MAPS_WIDTH 1120.0
#define DINO_HEAT_MAPS_HEIGHT 620.0

/* data is a struct dino_heat_maps (struct dino_chart). Row 0 is at the bottom,
 * as blocks are drawn. */
void dino_heat_maps_paint (const void *data, cairo_t *cr, double width, double height);
