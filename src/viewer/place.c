#include "viewer/place.h"

#include <math.h>

static bool
to_unit (double value, int *unit)
{
  *unit = (int) lround (value);
  return fabs (value - *unit) < 1e-3 && *unit >= -1 && *unit <= 1;
}

bool
turn_from_matrix (double xx, double xy, double yx, double yy, struct turn *turn)
{
  struct turn found;

  if (!to_unit (xx, &found.xx) || !to_unit (xy, &found.xy) || !to_unit (yx, &found.yx) || !to_unit (yy, &found.yy))
    return false;
  /* One entry in each row and column. */
  if ((found.xx != 0) == (found.xy != 0) || (found.xx != 0) != (found.yy != 0) || (found.xy != 0) != (found.yx != 0))
    return false;
  *turn = found;
  return true;
}

struct turn
turn_from_exif (int orientation)
{
  static const struct turn turns[] = {
    { 1, 0, 0, 1 },
    { -1, 0, 0, 1 },  /* mirrored */
    { -1, 0, 0, -1 }, /* half a turn */
    { 1, 0, 0, -1 },  /* upside down, mirrored */
    { 0, 1, 1, 0 },   /* transposed */
    { 0, -1, 1, 0 },  /* a quarter clockwise */
    { 0, -1, -1, 0 }, /* transposed along the other diagonal */
    { 0, 1, -1, 0 },  /* a quarter counter-clockwise */
  };

  return turns[orientation >= 1 && orientation <= 8 ? orientation - 1 : 0];
}

struct turn
turn_inverse (struct turn turn)
{
  return (struct turn){ turn.xx, turn.yx, turn.xy, turn.yy };
}

struct turn
turn_then (struct turn first, struct turn second)
{
  return (struct turn){
    second.xx * first.xx + second.xy * first.yx,
    second.xx * first.xy + second.xy * first.yy,
    second.yx * first.xx + second.yy * first.yx,
    second.yx * first.xy + second.yy * first.yy,
  };
}

bool
turn_swaps (struct turn turn)
{
  return turn.xx == 0;
}

/* eog's own arithmetic is in whole pixels. */
double
view_begin (double zoom, int size, int area, int scrolled)
{
  int shown = (int) floor (size * zoom + 0.5);

  return shown <= area ? (area - shown) / 2 : -scrolled;
}

struct rectangle
view_picture (const struct view *view)
{
  return (struct rectangle){ view->x, view->y, view->x + floor (view->width * view->zoom + 0.5), view->y + floor (view->height * view->zoom + 0.5) };
}

static void
place_point (const struct view *view, double x, double y, double *screen_x, double *screen_y)
{
  const struct turn *turn = &view->turn;
  /* What points away from the screen's origin begins at the far edge. */
  double shift_x = turn->xx + turn->xy < 0 ? view->width : 0;
  double shift_y = turn->yx + turn->yy < 0 ? view->height : 0;

  *screen_x = view->x + view->zoom * (turn->xx * x + turn->xy * y + shift_x);
  *screen_y = view->y + view->zoom * (turn->yx * x + turn->yy * y + shift_y);
}

struct rectangle
view_place (const struct view *view, struct rectangle box)
{
  struct rectangle a;

  place_point (view, box.x0, box.y0, &a.x0, &a.y0);
  place_point (view, box.x1, box.y1, &a.x1, &a.y1);
  return (struct rectangle){ fmin (a.x0, a.x1), fmin (a.y0, a.y1), fmax (a.x0, a.x1), fmax (a.y0, a.y1) };
}

static double
sharp (double value, int scale)
{
  return floor (value * scale + 0.5) / scale;
}

struct rectangle
view_place_sharp (const struct view *view, struct rectangle box)
{
  struct rectangle placed = view_place (view, box);

  return (struct rectangle){ sharp (placed.x0, view->scale), sharp (placed.y0, view->scale), sharp (placed.x1, view->scale), sharp (placed.y1, view->scale) };
}

bool
rectangle_meets (struct rectangle a, struct rectangle b)
{
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}
