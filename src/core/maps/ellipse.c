#include "core/maps/ellipse.h"

#include <math.h>

/* Where the integrand changes its form: the sides of what they have in common, and
 * the four crossings of the circle with the cell's upper and lower edge. */
#define MAX_BREAKS 6

/* Integral of sqrt (1 - x^2). */
static double
half_disc (double x)
{
  return (x * sqrt (fmax (1 - x * x, 0)) + asin (fmin (fmax (x, -1), 1))) / 2;
}

/* In ascending order, kept between low and high. */
static void
insert (double *breaks, int *n, double x, double low, double high)
{
  int i = (*n)++;

  x = fmin (fmax (x, low), high);
  for (; i > 0 && breaks[i - 1] > x; i--)
    breaks[i] = breaks[i - 1];
  breaks[i] = x;
}

/* Of the unit disc between two abscissas where the same edges bound it. */
static double
strip_area (double a, double b, double y0, double y1)
{
  double middle = (a + b) / 2;
  double half = sqrt (fmax (1 - middle * middle, 0));
  double arc = half_disc (b) - half_disc (a);
  double upper = y1 < half ? y1 * (b - a) : arc;
  double lower = y0 > -half ? y0 * (b - a) : -arc;

  /* Decided by the edges, so that a cell beside the disc has exactly nothing of it. */
  return fmin (y1, half) > fmax (y0, -half) ? fmax (upper - lower, 0) : 0;
}

static double
disc_overlap (struct dino_box cell)
{
  double low = fmax (cell.x0, -1), high = fmin (cell.x1, 1);
  double breaks[MAX_BREAKS], area = 0;
  int    n = 0;

  if (!(low < high))
    return 0;
  insert (breaks, &n, low, low, high);
  insert (breaks, &n, high, low, high);
  for (int edge = 0; edge < 2; edge++)
    {
      double y = edge == 0 ? cell.y0 : cell.y1;
      double crossing = sqrt (fmax (1 - y * y, 0));

      insert (breaks, &n, -crossing, low, high);
      insert (breaks, &n, crossing, low, high);
    }
  for (int i = 1; i < n; i++)
    if (breaks[i] > breaks[i - 1])
      area += strip_area (breaks[i - 1], breaks[i], cell.y0, cell.y1);
  return area;
}

double
dino_ellipse_overlap (struct dino_box ellipse, struct dino_box cell)
{
  double x = (ellipse.x0 + ellipse.x1) / 2, y = (ellipse.y0 + ellipse.y1) / 2;
  double a = (ellipse.x1 - ellipse.x0) / 2, b = (ellipse.y1 - ellipse.y0) / 2;

  if (!(a > 0 && b > 0))
    return 0;
  return a * b * disc_overlap ((struct dino_box){ (cell.x0 - x) / a, (cell.y0 - y) / b, (cell.x1 - x) / a, (cell.y1 - y) / b });
}

bool
dino_ellipse_holds (struct dino_box ellipse, double x, double y)
{
  double dx = (2 * x - ellipse.x0 - ellipse.x1) / (ellipse.x1 - ellipse.x0);
  double dy = (2 * y - ellipse.y0 - ellipse.y1) / (ellipse.y1 - ellipse.y0);

  return dx * dx + dy * dy <= 1;
}
