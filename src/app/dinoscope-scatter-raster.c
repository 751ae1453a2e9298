#include "app/dinoscope-scatter-raster.h"

#include <math.h>
#include <string.h>

#define SHAPES 4

/* Of 255: points, and those that are not selected while others are. */
#define OPACITY 225
#define PALE 60

/* How a shape covers the pixels around a point. */
typedef struct
{
  int              reach; /* pixels around the middle one */
  cairo_surface_t *surface;
  const guint8    *values;
  int              stride;
} Mask;

static void
mask_init (Mask *mask, enum dino_scatter_shape shape, double radius)
{
  cairo_t *cr;
  int      side;

  mask->reach = (int) ceil (1.5 * radius) + 1;
  side = 2 * mask->reach + 1;
  mask->surface = cairo_image_surface_create (CAIRO_FORMAT_A8, side, side);
  cr = cairo_create (mask->surface);
  dino_scatter_add_shape (cr, shape, mask->reach + 0.5, mask->reach + 0.5, radius);
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_flush (mask->surface);
  mask->values = cairo_image_surface_get_data (mask->surface);
  mask->stride = cairo_image_surface_get_stride (mask->surface);
}

void
dinoscope_scatter_frame_fit (DinoscopeScatterFrame *frame, const DinoscopeScatterPoints *points, int width, int height, double margin)
{
  double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };

  for (gsize i = 0; i < 2 * points->n; i++)
    {
      low[i % 2] = fmin (low[i % 2], (double) points->plane[i]);
      high[i % 2] = fmax (high[i % 2], (double) points->plane[i]);
    }
  frame->width = width;
  frame->height = height;
  if (points->n == 0)
    low[0] = low[1] = high[0] = high[1] = 0;
  frame->x = (low[0] + high[0]) / 2;
  frame->y = (low[1] + high[1]) / 2;
  frame->scale = fmin (fmax (width - 2 * margin, 1) / fmax (high[0] - low[0], 1e-9), fmax (height - 2 * margin, 1) / fmax (high[1] - low[1], 1e-9));
}

void
dinoscope_scatter_frame_to_pixels (const DinoscopeScatterFrame *frame, double x, double y, double *left, double *top)
{
  *left = frame->width / 2.0 + (x - frame->x) * frame->scale;
  *top = frame->height / 2.0 - (y - frame->y) * frame->scale;
}

void
dinoscope_scatter_frame_to_plane (const DinoscopeScatterFrame *frame, double left, double top, double *x, double *y)
{
  *x = frame->x + (left - frame->width / 2.0) / frame->scale;
  *y = frame->y - (top - frame->height / 2.0) / frame->scale;
}

void
dinoscope_scatter_frame_zoom (DinoscopeScatterFrame *frame, double factor, double left, double top)
{
  double x, y, moved_x, moved_y;

  dinoscope_scatter_frame_to_plane (frame, left, top, &x, &y);
  frame->scale *= factor;
  dinoscope_scatter_frame_to_plane (frame, left, top, &moved_x, &moved_y);
  frame->x += x - moved_x;
  frame->y += y - moved_y;
}

/* Nearest integer of a * b / 255. */
static guint
scale_255 (guint a, guint b)
{
  return (a * b + 127) / 255;
}

static void
draw_point (const DinoscopeScatterFrame *frame, const Mask *mask, double left, double top, const guint8 color[3], guint opacity, guint8 *pixels)
{
  const int x = (int) floor (left), y = (int) floor (top);
  const int first_x = MAX (x - mask->reach, 0), last_x = MIN (x + mask->reach, frame->width - 1);
  const int first_y = MAX (y - mask->reach, 0), last_y = MIN (y + mask->reach, frame->height - 1);

  for (int row = first_y; row <= last_y; row++)
    {
      const guint8 *values = mask->values + (row - y + mask->reach) * mask->stride - x + mask->reach;
      guint8       *out = pixels + 4 * ((gsize) row * (gsize) frame->width + (gsize) first_x);

      for (int column = first_x; column <= last_x; column++, out += 4)
        {
          const guint alpha = scale_255 (values[column], opacity);

          if (alpha == 0)
            continue;
          for (int c = 0; c < 3; c++)
            out[c] = (guint8) (scale_255 (color[c], alpha) + scale_255 (out[c], 255 - alpha));
          out[3] = (guint8) (alpha + scale_255 (out[3], 255 - alpha));
        }
    }
}

/* Those that are selected, or those that are not. */
static void
draw_points (const DinoscopeScatterPoints *points, const DinoscopeScatterFrame *frame, const Mask masks[SHAPES], gboolean selected, guint8 *pixels)
{
  const double reach = masks[0].reach;

  for (gsize i = 0; i < points->n; i++)
    {
      double left, top;

      if (points->selected != NULL && (points->selected[i] != 0) != selected)
        continue;
      dinoscope_scatter_frame_to_pixels (frame, (double) points->plane[2 * i], (double) points->plane[2 * i + 1], &left, &top);
      if (left > -reach && top > -reach && left < frame->width + reach && top < frame->height + reach)
        draw_point (frame, &masks[points->shapes[i]], left, top, points->colors + 3 * i, points->selected == NULL || selected ? OPACITY : PALE, pixels);
    }
}

void
dinoscope_scatter_raster (const DinoscopeScatterPoints *points, const DinoscopeScatterFrame *frame, guint8 *pixels)
{
  Mask masks[SHAPES];

  for (int shape = 0; shape < SHAPES; shape++)
    mask_init (&masks[shape], (enum dino_scatter_shape) shape, frame->radius);
  memset (pixels, 0, (gsize) frame->width * (gsize) frame->height * 4);
  draw_points (points, frame, masks, FALSE, pixels);
  if (points->selected != NULL)
    draw_points (points, frame, masks, TRUE, pixels);
  for (int shape = 0; shape < SHAPES; shape++)
    cairo_surface_destroy (masks[shape].surface);
}

gssize
dinoscope_scatter_find (const DinoscopeScatterPoints *points, const DinoscopeScatterFrame *frame, double left, double top, double reach)
{
  double x, y, best = reach / frame->scale * (reach / frame->scale);
  gssize found = -1;

  dinoscope_scatter_frame_to_plane (frame, left, top, &x, &y);
  /* Of two at one place the upper one. */
  for (gsize i = 0; i < points->n; i++)
    {
      const double dx = (double) points->plane[2 * i] - x, dy = (double) points->plane[2 * i + 1] - y;

      if (dx * dx + dy * dy <= best)
        {
          best = dx * dx + dy * dy;
          found = (gssize) i;
        }
    }
  return found;
}

gssize
dinoscope_scatter_step (const DinoscopeScatterPoints *points, gsize point, int dx, int dy)
{
  double best = INFINITY;
  gssize found = -1;

  for (gsize i = 0; i < points->n; i++)
    {
      const double right = (double) points->plane[2 * i] - (double) points->plane[2 * point];
      const double down = (double) points->plane[2 * point + 1] - (double) points->plane[2 * i + 1];
      const double along = right * dx + down * dy, aside = fabs (right * dy) + fabs (down * dx);

      if (along > 0 && along + 2 * aside < best)
        {
          best = along + 2 * aside;
          found = (gssize) i;
        }
    }
  return found;
}

static gboolean
is_inside (const double *corners, gsize n, double x, double y)
{
  gboolean inside = FALSE;

  for (gsize i = 0, j = n - 1; i < n; j = i++)
    {
      const double *a = corners + 2 * i, *b = corners + 2 * j;

      if ((a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0])
        inside = !inside;
    }
  return inside;
}

gsize
dinoscope_scatter_enclose (const DinoscopeScatterPoints *points, const double *corners, gsize n_corners, guint8 *selected)
{
  gsize n = 0;

  for (gsize i = 0; i < points->n; i++)
    {
      selected[i] = n_corners >= 3 && is_inside (corners, n_corners, (double) points->plane[2 * i], (double) points->plane[2 * i + 1]);
      n += selected[i];
    }
  return n;
}
