#include "core/picture/window-level.h"

#include <math.h>

/* Ranges of the picture that a window can be wide. */
#define WIDEST 4

static bool
is_whole (const struct dino_picture *picture)
{
  const struct dino_grey_scale *grey = picture->grey;

  return grey == NULL || grey->modality != NULL || (grey->slope == floor (grey->slope) && grey->intercept == floor (grey->intercept));
}

void
dino_window_scale_init (struct dino_window_scale *scale, const struct dino_picture *picture)
{
  dino_picture_modality_range (picture, &scale->low, &scale->high);
  scale->unit = 1;
  if (!is_whole (picture) && scale->high > scale->low)
    scale->unit = pow (10, floor (log10 ((scale->high - scale->low) / 10000)));
  if (!(scale->high > scale->low))
    scale->high = scale->low + scale->unit;
}

static double
clamp (double value, double low, double high)
{
  return fmin (fmax (value, low), high);
}

static struct dino_window
limited (struct dino_window window, const struct dino_window_scale *scale)
{
  double range = scale->high - scale->low;
  double narrowest = window.function == DINO_VOI_LINEAR ? fmax (scale->unit, 1) : scale->unit;

  window.width = clamp (window.width, narrowest, fmax (WIDEST * range, narrowest));
  window.center = clamp (window.center, scale->low - range, scale->high + range);
  return window;
}

struct dino_window
dino_window_moved (const struct dino_window *window, const struct dino_window_scale *scale, double wider, double brighter, bool inverted)
{
  double             step = (scale->high - scale->low) / DINO_WINDOW_STEPS;
  struct dino_window moved = *window;

  moved.width += wider * step;
  moved.center += (inverted ? brighter : -brighter) * step;
  return limited (moved, scale);
}

struct dino_window
dino_window_rounded (const struct dino_window *window, const struct dino_window_scale *scale)
{
  struct dino_window rounded = *window;

  rounded.center = round (window->center / scale->unit) * scale->unit;
  rounded.width = round (window->width / scale->unit) * scale->unit;
  return limited (rounded, scale);
}
