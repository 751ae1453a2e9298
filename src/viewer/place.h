/* Where things of the picture's file are on a viewer's screen: pure arithmetic. */
#pragma once

#include <stdbool.h>

/* One of the eight ways to lay a picture down: where the directions of its x
 * and y axes go. Each entry is -1, 0 or 1. */
struct turn
{
  int xx, xy; /* x on the screen = xx * x + xy * y, but for a shift */
  int yx, yy;
};

struct rectangle
{
  double x0, y0, x1, y1;
};

/* What a viewer shows, and how. Sizes and positions are in GTK's pixels, of which
 * each is scale * scale of the screen's. */
struct view
{
  double      zoom;          /* GTK's pixels a picture pixel */
  int         width, height; /* of the picture as it lies on the screen */
  struct turn turn;          /* from the picture that was encoded to the one on the screen */
  double      x, y;          /* where the picture begins */
  int         scale;
};

#define TURN_NONE ((struct turn){ 1, 0, 0, 1 })

/* The matrix of a rotation by quarters and a flip; false when it is none. */
bool turn_from_matrix (double xx, double xy, double yx, double yy, struct turn *turn);

/* What EXIF orientation (1 … 8) asks for, from stored to upright. Others are as 1. */
struct turn turn_from_exif (int orientation);

struct turn turn_inverse (struct turn turn);
struct turn turn_then (struct turn first, struct turn second);

/* Whether the sides of the picture are exchanged. */
bool turn_swaps (struct turn turn);

/* Where a picture of size begins, across or down, by the rule of eog: in the
 * middle where it is smaller than the area, else scrolled. */
double view_begin (double zoom, int size, int area, int scrolled);

/* The picture on the screen. */
struct rectangle view_picture (const struct view *view);

/* A box in pixels of the encoded picture as it lies on the screen. */
struct rectangle view_place (const struct view *view, struct rectangle box);

/* The same with edges on whole pixels of the screen, so that neighbours neither
 * overlap nor leave a gap. */
struct rectangle view_place_sharp (const struct view *view, struct rectangle box);

bool rectangle_meets (struct rectangle a, struct rectangle b);
