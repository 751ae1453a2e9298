#include "app/dinoscope-measure.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Device-independent pixels within which an end or a line is taken hold of. */
#define END_REACH 10.0
#define LINE_REACH 6.0

DinoscopeSpacing
dinoscope_spacing_of (const struct dino_attributes *attributes)
{
  if (attributes == NULL || attributes->spacing == DINO_SPACING_UNKNOWN || !(attributes->spacing_x > 0) || !(attributes->spacing_y > 0))
    return (DinoscopeSpacing){ .kind = DINO_SPACING_UNKNOWN };
  return (DinoscopeSpacing){ attributes->spacing, attributes->spacing_x, attributes->spacing_y };
}

char *
dinoscope_spacing_describe (DinoscopeSpacing spacing)
{
  switch (spacing.kind)
    {
    case DINO_SPACING_DETECTOR:
      return g_strdup_printf (_ ("%.4g × %.4g mm at detector"), spacing.y, spacing.x);
    case DINO_SPACING_CALIBRATED:
      return g_strdup_printf (_ ("%.4g × %.4g mm calibrated"), spacing.y, spacing.x);
    case DINO_SPACING_PLANE:
      return g_strdup_printf (_ ("%.4g × %.4g mm"), spacing.y, spacing.x);
    case DINO_SPACING_UNKNOWN:
    default:
      return g_strdup (_ ("px (spacing unknown)"));
    }
}

double
dinoscope_distance_length (const DinoscopeDistance *distance, DinoscopeSpacing spacing)
{
  gboolean known = spacing.kind != DINO_SPACING_UNKNOWN;
  double   dx = (distance->x[1] - distance->x[0]) * (known ? spacing.x : 1);
  double   dy = (distance->y[1] - distance->y[0]) * (known ? spacing.y : 1);

  return hypot (dx, dy);
}

char *
dinoscope_distance_describe (const DinoscopeDistance *distance, DinoscopeSpacing spacing)
{
  double length = dinoscope_distance_length (distance, spacing);

  switch (spacing.kind)
    {
    case DINO_SPACING_DETECTOR:
      return g_strdup_printf (_ ("%.1f mm at detector"), length);
    case DINO_SPACING_CALIBRATED:
      return g_strdup_printf (_ ("%.1f mm calibrated"), length);
    case DINO_SPACING_PLANE:
      return g_strdup_printf (_ ("%.1f mm"), length);
    case DINO_SPACING_UNKNOWN:
    default:
      return g_strdup_printf (_ ("%.0f px"), length);
    }
}

void
dinoscope_distance_place_end (DinoscopeDistance *distance, int end, double x, double y, int width, int height)
{
  distance->x[end] = fmin (fmax (x, 0), width);
  distance->y[end] = fmin (fmax (y, 0), height);
}

/* A step along one axis, cut so that neither end leaves 0 … size. */
static double
cut_step (double step, const double ends[2], double size)
{
  double low = fmin (ends[0], ends[1]);
  double high = fmax (ends[0], ends[1]);

  return fmin (fmax (step, -low), size - high);
}

void
dinoscope_distance_shift (DinoscopeDistance *distance, double dx, double dy, int width, int height)
{
  dx = cut_step (dx, distance->x, width);
  dy = cut_step (dy, distance->y, height);
  for (int end = 0; end < 2; end++)
    {
      distance->x[end] += dx;
      distance->y[end] += dy;
    }
}

/* From a point to a line between two others. */
static double
distance_to_line (double x, double y, const double line_x[2], const double line_y[2])
{
  double dx = line_x[1] - line_x[0];
  double dy = line_y[1] - line_y[0];
  double square = dx * dx + dy * dy;
  double along = square > 0 ? ((x - line_x[0]) * dx + (y - line_y[0]) * dy) / square : 0;

  along = fmin (fmax (along, 0), 1);
  return hypot (x - line_x[0] - along * dx, y - line_y[0] - along * dy);
}

/* How far a point is from a line on the screen, in units of the reach of what
 * it would take hold of; above 1 it misses. */
static double
measure_miss (const DinoscopeView *view, const DinoscopeDistance *distance, double widget_x, double widget_y, DinoscopeHit *part)
{
  double x[2], y[2], to_end[2];
  int    end;

  for (int i = 0; i < 2; i++)
    {
      dinoscope_view_to_widget (view, distance->x[i], distance->y[i], &x[i], &y[i]);
      to_end[i] = hypot (widget_x - x[i], widget_y - y[i]) / END_REACH;
    }
  end = to_end[1] <= to_end[0] ? 1 : 0;
  if (to_end[end] <= 1)
    {
      *part = end == 0 ? DINOSCOPE_HIT_FIRST_END : DINOSCOPE_HIT_SECOND_END;
      return to_end[end];
    }
  *part = DINOSCOPE_HIT_LINE;
  return distance_to_line (widget_x, widget_y, x, y) / LINE_REACH;
}

int
dinoscope_distance_find (const DinoscopeView *view, const DinoscopeDistance *distances, int n, int preferred, double widget_x, double widget_y, DinoscopeHit *part)
{
  int    found = -1;
  double best = G_MAXDOUBLE;

  *part = DINOSCOPE_HIT_NONE;
  for (int i = 0; i < n; i++)
    {
      DinoscopeHit hit;
      double       miss = measure_miss (view, &distances[i], widget_x, widget_y, &hit);
      /* Ends before lines, the preferred line before others. */
      double rank = miss + (hit == DINOSCOPE_HIT_LINE ? 4 : 0) - (i == preferred ? 2 : 0);

      if (miss <= 1 && rank < best)
        {
          best = rank;
          found = i;
          *part = hit;
        }
    }
  return found;
}
