/* Many points in the plane as a picture, with a legend. */
#pragma once

#include <cairo.h>
#include <stddef.h>

#include "render/scatter-column.h"

struct dino_scatter
{
  size_t                            n;
  const float                      *plane;  /* [n, 2] */
  const struct dino_scatter_column *column; /* what points are coloured by; may be NULL */
  const char                       *title;
  const char                       *caption;           /* a line below it; may be NULL */
  const char                       *x_label, *y_label; /* where axes mean something; may be NULL */
};

/* A good size for a picture on paper. */
#define DINO_SCATTER_WIDTH 960.0
#define DINO_SCATTER_HEIGHT 680.0

/* Draws at the origin: both axes to the same scale, later points over earlier
 * ones. data is a struct dino_scatter (struct dino_chart). */
void dino_scatter_paint (const void *data, cairo_t *cr, double width, double height);

/* The radius of points of which there are n, in units of the screen. */
double dino_scatter_radius (size_t n);
