#pragma once

#include <glib.h>

#include "render/scatter-column.h"

G_BEGIN_DECLS

/* Points of a scatter as pixels: without a display, so that ten thousand of
 * them can be drawn anew in each frame while somebody moves them. */

typedef struct
{
  gsize         n;
  const float  *plane;    /* [n, 2] */
  const guint8 *colors;   /* [n, 3] sRGB */
  const guint8 *shapes;   /* [n] enum dino_scatter_shape */
  const guint8 *selected; /* [n]; NULL: nothing is, and all look the same */
} DinoscopeScatterPoints;

/* What of the plane is seen, in device pixels. */
typedef struct
{
  int    width, height;
  double x, y;   /* of the plane, in the middle */
  double scale;  /* pixels a unit */
  double radius; /* of a point */
} DinoscopeScatterFrame;

/* The frame of that size in which all points are seen, with a margin. */
void dinoscope_scatter_frame_fit (DinoscopeScatterFrame *frame, const DinoscopeScatterPoints *points, int width, int height, double margin);

void dinoscope_scatter_frame_to_pixels (const DinoscopeScatterFrame *frame, double x, double y, double *left, double *top);
void dinoscope_scatter_frame_to_plane (const DinoscopeScatterFrame *frame, double left, double top, double *x, double *y);

/* Larger by factor, the place at (left, top) staying where it is. */
void dinoscope_scatter_frame_zoom (DinoscopeScatterFrame *frame, double factor, double left, double top);

/* pixels [height, width, 4], premultiplied RGBA: transparent but for the
 * points, later ones over earlier ones, those selected over all others, which
 * are pale then. */
void dinoscope_scatter_raster (const DinoscopeScatterPoints *points, const DinoscopeScatterFrame *frame, guint8 *pixels);

/* The point nearest to (left, top), at most reach pixels away; -1: none. */
gssize dinoscope_scatter_find (const DinoscopeScatterPoints *points, const DinoscopeScatterFrame *frame, double left, double top, double reach);

/* The point that somebody at point comes to with an arrow key: the nearest in
 * that direction (dx, dy of the screen), what is aside counting double; -1: none. */
gssize dinoscope_scatter_step (const DinoscopeScatterPoints *points, gsize point, int dx, int dy);

/* Marks (selected, [n]) the points within a closed line of n_corners places of
 * the plane, [n_corners, 2], by the even-odd rule; returns how many. */
gsize dinoscope_scatter_enclose (const DinoscopeScatterPoints *points, const double *corners, gsize n_corners, guint8 *selected);

G_END_DECLS
