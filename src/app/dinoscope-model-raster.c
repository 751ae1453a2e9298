#include "app/dinoscope-model-raster.h"

#include <math.h>

/* The tensor's pixels that a row or column of device pixels covers. */
typedef struct
{
  int first, last;
} Span;

/* A side of the box on whole device pixels, cut to the viewport; FALSE when none of it is left. */
static gboolean
cut_side (double low, double high, double viewport, int *start, int *length)
{
  double first = fmax (round (low), 0);
  double last = fmin (fmax (round (high), round (low) + 1), ceil (viewport));

  if (last <= first)
    return FALSE;
  *start = (int) first;
  *length = (int) (last - first);
  return TRUE;
}

/* From a device pixel's edge to the tensor's columns, or rows where the picture lies on its side. */
static double
to_column (const DinoscopeView *view, const struct dino_geometry *geometry, gboolean upright, double device)
{
  double widget_x = upright ? device / view->scale : 0;
  double widget_y = upright ? 0 : device / view->scale;
  double x, y;

  dinoscope_view_to_picture (view, widget_x, widget_y, &x, &y);
  return x * geometry->resized_width / geometry->width - geometry->left;
}

static double
to_row (const DinoscopeView *view, const struct dino_geometry *geometry, gboolean upright, double device)
{
  double widget_x = upright ? 0 : device / view->scale;
  double widget_y = upright ? device / view->scale : 0;
  double x, y;

  dinoscope_view_to_picture (view, widget_x, widget_y, &x, &y);
  return y * geometry->resized_height / geometry->height - geometry->top;
}

static Span
make_span (double from, double to, int size)
{
  double low = fmin (from, to);
  double high = fmax (from, to);
  Span   span;

  if (high - low <= 1)
    low = high = floor ((low + high) / 2);
  else
    {
      low = round (low);
      high = fmax (round (high) - 1, low);
    }
  span.first = (int) fmin (fmax (low, 0), size - 1);
  span.last = (int) fmin (fmax (high, 0), size - 1);
  return span;
}

static void
draw_pixel (const guint8 *greys, int input_width, Span columns, Span rows, guint8 *pixel)
{
  guint64 sums[3] = { 0 };
  guint64 n = (guint64) (columns.last - columns.first + 1) * (guint64) (rows.last - rows.first + 1);

  for (int row = rows.first; row <= rows.last; row++)
    for (int column = columns.first; column <= columns.last; column++)
      for (int channel = 0; channel < 3; channel++)
        sums[channel] += greys[((gsize) row * (gsize) input_width + (gsize) column) * 3 + (gsize) channel];
  for (int channel = 0; channel < 3; channel++)
    pixel[channel] = (guint8) ((sums[channel] + n / 2) / n);
}

GBytes *
dinoscope_model_raster_draw (const DinoscopeView *view, const struct dino_geometry *geometry, const guint8 *greys, int *x, int *y, int *width, int *height)
{
  struct dino_box  shown = dinoscope_view_box_to_widget (view, dino_geometry_seen (geometry));
  gboolean         upright = view->turns % 2 == 0;
  g_autofree Span *across = NULL;
  g_autofree Span *down = NULL;
  guint8          *pixels;
  gsize            size;

  if (!cut_side (shown.x0 * view->scale, shown.x1 * view->scale, view->width * view->scale, x, width) ||
      !cut_side (shown.y0 * view->scale, shown.y1 * view->scale, view->height * view->scale, y, height))
    return NULL;

  across = g_new (Span, *width);
  down = g_new (Span, *height);
  for (int i = 0; i < *width; i++)
    across[i] = upright ? make_span (to_column (view, geometry, TRUE, *x + i), to_column (view, geometry, TRUE, *x + i + 1), geometry->input_width)
                        : make_span (to_row (view, geometry, FALSE, *x + i), to_row (view, geometry, FALSE, *x + i + 1), geometry->input_height);
  for (int i = 0; i < *height; i++)
    down[i] = upright ? make_span (to_row (view, geometry, TRUE, *y + i), to_row (view, geometry, TRUE, *y + i + 1), geometry->input_height)
                      : make_span (to_column (view, geometry, FALSE, *y + i), to_column (view, geometry, FALSE, *y + i + 1), geometry->input_width);

  size = (gsize) *width * (gsize) *height * 3;
  pixels = g_malloc (size);
  for (int j = 0; j < *height; j++)
    for (int i = 0; i < *width; i++)
      draw_pixel (greys, geometry->input_width, upright ? across[i] : down[j], upright ? down[j] : across[i],
                  pixels + ((gsize) j * (gsize) *width + (gsize) i) * 3);
  return g_bytes_new_take (pixels, size);
}
