/* Regions under a hand: arithmetic, no widgets. */
#pragma once

#include "app/dinoscope-regions.h"
#include "app/dinoscope-view.h"

G_BEGIN_DECLS

/* The part of a region that a point of the widget is on. Corners are those of
 * the box, clockwise from its top left in the picture's pixels. */
typedef enum
{
  DINOSCOPE_GRIP_NONE = -1,
  DINOSCOPE_GRIP_CORNER_0,
  DINOSCOPE_GRIP_CORNER_1,
  DINOSCOPE_GRIP_CORNER_2,
  DINOSCOPE_GRIP_CORNER_3,
  DINOSCOPE_GRIP_WHOLE
} DinoscopeGrip;

/* A corner of a box. */
void dinoscope_region_corner (struct dino_box box, DinoscopeGrip corner, double *x, double *y);

/* The box with a corner at a whole pixel near (x, y), within a picture of
 * width x height; corners may pass each other. */
struct dino_box dinoscope_region_resized (struct dino_box box, DinoscopeGrip corner, double x, double y, int width, int height);

/* The box moved by whole pixels, as far as it stays within the picture (of
 * which it may stick out already). */
struct dino_box dinoscope_region_shifted (struct dino_box box, double dx, double dy, int width, int height);

/* Index of the region at a point of the widget, -1 when there is none, and
 * which part of it. Corners come first; of the selected region everything
 * inside counts, of others the edge, so that a region can be drawn in a region. */
int dinoscope_region_find (const DinoscopeView *view, DinoscopeRegions *regions, double widget_x, double widget_y, DinoscopeGrip *grip);

/* The region that a click at a point of the widget means: the smallest that holds it, else as above. */
int dinoscope_region_at (const DinoscopeView *view, DinoscopeRegions *regions, double widget_x, double widget_y);

G_END_DECLS
