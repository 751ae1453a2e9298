#include "app/dinoscope-view.h"

#include <math.h>

/* Device pixels a picture pixel at the largest zoom. */
#define LARGEST_RESOLUTION 40.0

/* How far out one can zoom, as a share of the fit. */
#define SMALLEST_SHARE 0.25

/* Zooms that are closer than this (relatively) are the same. */
#define SAME_ZOOM 1e-9

static const double step_factor = M_SQRT2;

void
dinoscope_view_init (DinoscopeView *view)
{
  *view = (DinoscopeView){ .scale = 1, .fitted = true, .zoom = 1 };
}

bool
dinoscope_view_is_usable (const DinoscopeView *view)
{
  return view->picture_width > 0 && view->picture_height > 0 && view->width > 0 && view->height > 0;
}

static bool
is_on_its_side (const DinoscopeView *view)
{
  return view->turns % 2 == 1;
}

/* Size of the turned picture, in picture pixels. */
static void
turned_size (const DinoscopeView *view, double *width, double *height)
{
  *width = is_on_its_side (view) ? view->picture_height : view->picture_width;
  *height = is_on_its_side (view) ? view->picture_width : view->picture_height;
}

/* A point of the picture as a point (u, v) of the turned and mirrored one. */
static void
turn (const DinoscopeView *view, double x, double y, double *u, double *v)
{
  double width = view->picture_width;
  double height = view->picture_height;

  switch (view->turns)
    {
    case 1:
      *u = height - y;
      *v = x;
      break;
    case 2:
      *u = width - x;
      *v = height - y;
      break;
    case 3:
      *u = y;
      *v = width - x;
      break;
    default:
      *u = x;
      *v = y;
    }
  if (view->flipped)
    *u = (is_on_its_side (view) ? height : width) - *u;
}

static void
unturn (const DinoscopeView *view, double u, double v, double *x, double *y)
{
  double width = view->picture_width;
  double height = view->picture_height;

  if (view->flipped)
    u = (is_on_its_side (view) ? height : width) - u;
  switch (view->turns)
    {
    case 1:
      *x = v;
      *y = height - u;
      break;
    case 2:
      *x = width - u;
      *y = height - v;
      break;
    case 3:
      *x = width - v;
      *y = u;
      break;
    default:
      *x = u;
      *y = v;
    }
}

/* Where the turned picture's corner lies in the widget. Off the device's
 * pixels a radiograph would go soft. */
static void
origin (const DinoscopeView *view, double *x, double *y)
{
  double u, v;

  turn (view, view->center_x, view->center_y, &u, &v);
  *x = floor ((view->width / 2 - u * view->zoom) * view->scale + 0.5) / view->scale;
  *y = floor ((view->height / 2 - v * view->zoom) * view->scale + 0.5) / view->scale;
}

void
dinoscope_view_to_widget (const DinoscopeView *view, double x, double y, double *widget_x, double *widget_y)
{
  double u, v, left, top;

  turn (view, x, y, &u, &v);
  origin (view, &left, &top);
  *widget_x = left + u * view->zoom;
  *widget_y = top + v * view->zoom;
}

void
dinoscope_view_to_picture (const DinoscopeView *view, double widget_x, double widget_y, double *x, double *y)
{
  double left, top;

  origin (view, &left, &top);
  unturn (view, (widget_x - left) / view->zoom, (widget_y - top) / view->zoom, x, y);
}

static struct dino_box
ordered (double x0, double y0, double x1, double y1)
{
  return (struct dino_box){ fmin (x0, x1), fmin (y0, y1), fmax (x0, x1), fmax (y0, y1) };
}

struct dino_box
dinoscope_view_box_to_widget (const DinoscopeView *view, struct dino_box box)
{
  double x0, y0, x1, y1;

  dinoscope_view_to_widget (view, box.x0, box.y0, &x0, &y0);
  dinoscope_view_to_widget (view, box.x1, box.y1, &x1, &y1);
  return ordered (x0, y0, x1, y1);
}

struct dino_box
dinoscope_view_box_to_picture (const DinoscopeView *view, struct dino_box box)
{
  double x0, y0, x1, y1;

  dinoscope_view_to_picture (view, box.x0, box.y0, &x0, &y0);
  dinoscope_view_to_picture (view, box.x1, box.y1, &x1, &y1);
  return ordered (x0, y0, x1, y1);
}

struct dino_box
dinoscope_view_visible (const DinoscopeView *view)
{
  struct dino_box box = dinoscope_view_box_to_picture (view, (struct dino_box){ 0, 0, view->width, view->height });

  return (struct dino_box){ fmax (box.x0, 0), fmax (box.y0, 0),
                            fmin (box.x1, view->picture_width), fmin (box.y1, view->picture_height) };
}

double
dinoscope_view_fit_zoom (const DinoscopeView *view)
{
  double width, height;

  turned_size (view, &width, &height);
  return fmin (view->width / width, view->height / height);
}

double
dinoscope_view_original_zoom (const DinoscopeView *view)
{
  return 1.0 / view->scale;
}

double
dinoscope_view_smallest_zoom (const DinoscopeView *view)
{
  return fmin (dinoscope_view_fit_zoom (view) * SMALLEST_SHARE, dinoscope_view_original_zoom (view));
}

double
dinoscope_view_largest_zoom (const DinoscopeView *view)
{
  return fmax (dinoscope_view_fit_zoom (view), LARGEST_RESOLUTION / view->scale);
}

double
dinoscope_view_resolution (const DinoscopeView *view)
{
  return view->zoom * view->scale;
}

static double
clamp (double value, double low, double high)
{
  return fmin (fmax (value, low), high);
}

/* The centre on one axis of the turned picture. */
static double
clamp_center (double center, double size, double half_viewport)
{
  if (size <= 2 * half_viewport)
    return size / 2;
  return clamp (center, half_viewport, size - half_viewport);
}

void
dinoscope_view_layout (DinoscopeView *view)
{
  double width, height, u, v;

  if (!dinoscope_view_is_usable (view))
    return;

  if (view->fitted)
    view->zoom = dinoscope_view_fit_zoom (view);
  view->zoom = clamp (view->zoom, dinoscope_view_smallest_zoom (view), dinoscope_view_largest_zoom (view));

  turned_size (view, &width, &height);
  turn (view, view->center_x, view->center_y, &u, &v);
  u = clamp_center (u, width, view->width / 2 / view->zoom);
  v = clamp_center (v, height, view->height / 2 / view->zoom);
  unturn (view, u, v, &view->center_x, &view->center_y);
}

/* Where a step from one zoom to another ends: at the first stop on its
 * way or just behind its end. */
static double
stopped (double from, double to, const double *stops, int n_stops)
{
  double quarter = pow (step_factor, 0.25);

  for (int i = 0; i < n_stops; i++)
    {
      double stop = stops[i];

      if (to > from && stop > from * (1 + SAME_ZOOM) && stop < to * quarter)
        to = stop;
      else if (to < from && stop < from * (1 - SAME_ZOOM) && stop > to / quarter)
        to = stop;
    }
  return to;
}

double
dinoscope_view_step (const DinoscopeView *view, double steps)
{
  double zoom = view->zoom * pow (step_factor, steps);
  double stops[] = { dinoscope_view_fit_zoom (view), dinoscope_view_original_zoom (view) };

  if (fabs (steps) >= 0.5)
    zoom = stopped (view->zoom, zoom, stops, 2);
  return clamp (zoom, dinoscope_view_smallest_zoom (view), dinoscope_view_largest_zoom (view));
}

void
dinoscope_view_fit (DinoscopeView *view)
{
  view->fitted = true;
  dinoscope_view_layout (view);
}

void
dinoscope_view_place (DinoscopeView *view, double zoom, double x, double y, double widget_x, double widget_y)
{
  double fit, u, v;

  if (!dinoscope_view_is_usable (view))
    return;

  fit = dinoscope_view_fit_zoom (view);
  zoom = clamp (zoom, dinoscope_view_smallest_zoom (view), dinoscope_view_largest_zoom (view));
  view->fitted = fabs (zoom - fit) <= SAME_ZOOM * fit;
  view->zoom = zoom;
  turn (view, x, y, &u, &v);
  unturn (view,
          u + (view->width / 2 - widget_x) / zoom,
          v + (view->height / 2 - widget_y) / zoom,
          &view->center_x,
          &view->center_y);
  dinoscope_view_layout (view);
}

/* From the centre and not through the rounded corner: roundings would add up
 * over the clicks of a wheel. */
void
dinoscope_view_zoom_at (DinoscopeView *view, double zoom, double widget_x, double widget_y)
{
  double u, v, x, y;

  turn (view, view->center_x, view->center_y, &u, &v);
  unturn (view,
          u + (widget_x - view->width / 2) / view->zoom,
          v + (widget_y - view->height / 2) / view->zoom,
          &x,
          &y);
  dinoscope_view_place (view, zoom, x, y, widget_x, widget_y);
}

void
dinoscope_view_pan (DinoscopeView *view, double dx, double dy)
{
  dinoscope_view_place (view, view->zoom, view->center_x, view->center_y, view->width / 2 + dx, view->height / 2 + dy);
}

/* How far low … high has to move to lie within 0 … size. */
static double
shift_into (double low, double high, double size)
{
  if (high - low > size)
    return (size - low - high) / 2;
  if (low < 0)
    return -low;
  if (high > size)
    return size - high;
  return 0;
}

void
dinoscope_view_reveal (DinoscopeView *view, struct dino_box box)
{
  struct dino_box shown = dinoscope_view_box_to_widget (view, box);

  dinoscope_view_pan (view,
                      shift_into (shown.x0, shown.x1, view->width),
                      shift_into (shown.y0, shown.y1, view->height));
}

void
dinoscope_view_turn (DinoscopeView *view, bool clockwise)
{
  /* Seen in a mirror, a turn goes the other way. */
  view->turns = (view->turns + (clockwise != view->flipped ? 1 : 3)) % 4;
  dinoscope_view_layout (view);
}

void
dinoscope_view_direction (const DinoscopeView *view, int screen_x, int screen_y, int *x, int *y)
{
  double from_x, from_y, to_x, to_y;

  unturn (view, 0, 0, &from_x, &from_y);
  unturn (view, screen_x, screen_y, &to_x, &to_y);
  *x = (int) (to_x - from_x);
  *y = (int) (to_y - from_y);
}

void
dinoscope_view_content (const DinoscopeView *view, double *width, double *height, double *left, double *top)
{
  double u, v;

  turned_size (view, width, height);
  *width *= view->zoom;
  *height *= view->zoom;
  turn (view, view->center_x, view->center_y, &u, &v);
  *left = fmax (u * view->zoom - view->width / 2, 0);
  *top = fmax (v * view->zoom - view->height / 2, 0);
}

void
dinoscope_view_scroll_to (DinoscopeView *view, double left, double top)
{
  if (!dinoscope_view_is_usable (view))
    return;

  unturn (view,
          (left + view->width / 2) / view->zoom,
          (top + view->height / 2) / view->zoom,
          &view->center_x,
          &view->center_y);
  dinoscope_view_layout (view);
}

void
dinoscope_view_set_picture (DinoscopeView *view, int width, int height, bool keep_view)
{
  bool   was_usable = dinoscope_view_is_usable (view);
  double relative_zoom = was_usable ? view->zoom / dinoscope_view_fit_zoom (view) : 1;
  double relative_x = was_usable ? view->center_x / view->picture_width : 0.5;
  double relative_y = was_usable ? view->center_y / view->picture_height : 0.5;

  view->picture_width = width;
  view->picture_height = height;
  if (!keep_view)
    {
      view->fitted = true;
      view->turns = 0;
      view->flipped = false;
    }
  if (keep_view && dinoscope_view_is_usable (view))
    view->zoom = relative_zoom * dinoscope_view_fit_zoom (view);
  view->center_x = relative_x * width;
  view->center_y = relative_y * height;
  dinoscope_view_layout (view);
}
