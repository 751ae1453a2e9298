#include "core/heads/scribbles.h"

#include <math.h>

static double
clamp (double value, double high)
{
  return value > 0 ? (value < high ? value : high) : 0;
}

/* Pixels whose centre lies within radius of the line from a to b. */
static void
paint_line (const double *a, const double *b, double radius, int width, int height, uint8_t value, uint8_t *classes)
{
  const double dx = b[0] - a[0], dy = b[1] - a[1], length = dx * dx + dy * dy;
  const int    x0 = (int) clamp (floor (fmin (a[0], b[0]) - radius), width), x1 = (int) clamp (ceil (fmax (a[0], b[0]) + radius), width);
  const int    y0 = (int) clamp (floor (fmin (a[1], b[1]) - radius), height), y1 = (int) clamp (ceil (fmax (a[1], b[1]) + radius), height);

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      {
        const double px = x + 0.5 - a[0], py = y + 0.5 - a[1];
        const double t = length > 0 ? clamp ((px * dx + py * dy) / length, 1) : 0;
        const double ex = px - t * dx, ey = py - t * dy;

        if (ex * ex + ey * ey <= radius * radius)
          classes[(size_t) y * (size_t) width + (size_t) x] = value;
      }
}

void
dino_scribbles_paint (const struct dino_stroke *strokes, size_t n_strokes, int width, int height, uint8_t *classes)
{
  for (size_t s = 0; s < n_strokes; s++)
    {
      const struct dino_stroke *stroke = &strokes[s];

      for (size_t i = 0; i < stroke->n; i++)
        {
          const double *b = stroke->places + 2 * i;

          if (isfinite (b[0]) && isfinite (b[1]))
            paint_line (i > 0 ? b - 2 : b, b, stroke->radius, width, height, (uint8_t) stroke->class_index, classes);
        }
    }
}
