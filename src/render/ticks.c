#include <math.h>

#include "render/bar.h"

/* A step of 1, 2 or 5 times a power of ten, kept apart so that a tick is
 * rounded once: 3 * 0.1 is not 0.3, but 3 / 10 is. */
struct step
{
  int factor, exponent;
};

static double
multiple (struct step step, double i)
{
  if (i == 0)
    return 0;
  return step.exponent < 0 ? i * step.factor / pow (10, -step.exponent) : i * step.factor * pow (10, step.exponent);
}

static struct step
smallest_step_over (double width)
{
  struct step step = { 1, (int) floor (log10 (width)) };

  while (multiple (step, 1) < width * (1 - 1e-9))
    {
      if (step.factor == 5)
        step = (struct step){ 1, step.exponent + 1 };
      else
        step.factor = step.factor == 1 ? 2 : 5;
    }
  return step;
}

static struct step
next_smaller (struct step step)
{
  if (step.factor == 1)
    return (struct step){ 5, step.exponent - 1 };
  return (struct step){ step.factor == 5 ? 2 : 1, step.exponent };
}

static int
fill (struct step step, double low, double high, double *ticks, int max)
{
  double width = multiple (step, 1);
  double first = ceil (low / width - 1e-9);
  double last = floor (high / width + 1e-9);
  int    n = 0;

  for (double i = first; i <= last && n < max; i++)
    ticks[n++] = multiple (step, i);
  return n;
}

int
dino_bar_ticks (double low, double high, int count, double *ticks, int max)
{
  struct step step;
  int         n;

  if (!isfinite (low) || !isfinite (high) || low > high || max < 1)
    return 0;
  /* No room for round numbers between two that are all but equal. */
  if (high - low <= 1e-9 * fmax (fabs (low), fabs (high)) || !isnormal (high - low))
    {
      ticks[0] = low;
      return 1;
    }
  step = smallest_step_over ((high - low) / (count > 1 ? count : 1));
  n = fill (step, low, high, ticks, max);
  while (n < 2 && n < max)
    {
      step = next_smaller (step);
      n = fill (step, low, high, ticks, max);
    }
  return n;
}
