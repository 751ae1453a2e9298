/* The outlines of what a mask shows, as polygons. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct dino_point
{
  int x, y; /* corners of pixels: 0, 0 is the upper left corner of the first one */
};

struct dino_ring
{
  size_t first, n; /* of the points; the last one is joined with the first */
};

/* Pixels of one class that are neighbours by their edges. */
struct dino_polygon
{
  int      class_index;
  uint64_t area;                /* pixels, as in the mask */
  size_t   first_ring, n_rings; /* the outer one, then its holes */
};

struct dino_outlines
{
  struct dino_point   *points;
  struct dino_ring    *rings;
  struct dino_polygon *polygons; /* in the order of their first pixels, row by row */
  size_t               n_points, n_rings, n_polygons;
};

/* The edges of the pixels of mask [height, width] whose class is first …
 * n_classes-1. Of outer rings x[i] * y[i+1] - x[i+1] * y[i] sums up to twice the
 * area, of holes to a negative number. Rings of one polygon touch at single
 * points at most, no ring touches itself.
 * simplify is in pixels: a corner is left out where it cuts off no more than
 * simplify^2 pixels and the triangle holds no other corner of the same class,
 * smallest first (M. Visvalingam and J. D. Whyatt, Line generalisation by
 * repeated elimination of points, 1993). Since the triangle is empty no line
 * crosses another, of the same class, that did not before. 0: all corners. */
struct dino_outlines *dino_outlines_new (const uint8_t *mask, int width, int height, int first, int n_classes, double simplify, struct dino_error *error);
void                  dino_outlines_free (struct dino_outlines *outlines);
