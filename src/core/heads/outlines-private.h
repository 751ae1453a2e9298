/* What the files of outlines share. */
#pragma once

#include "core/heads/outlines.h"

/* Points that grow. */
struct dino_points
{
  struct dino_point *points;
  size_t             n, room;
};

bool dino_points_add (struct dino_points *points, struct dino_point point, struct dino_error *error);

/* Leaves out corners of all rings, of polygons of each class by themselves;
 * points and rings are changed in place. */
bool dino_outlines_simplify (struct dino_outlines *outlines, int width, int height, double simplify, struct dino_error *error);
