#include "core/maps/quantile.h"

#include <stdlib.h>

static int
compare_floats (const void *a, const void *b)
{
  const float one = *(const float *) a, other = *(const float *) b;

  return (one > other) - (one < other);
}

void
dino_quantile_sort (float *values, size_t n)
{
  qsort (values, n, sizeof *values, compare_floats);
}

double
dino_quantile (const float *sorted, size_t n, double share)
{
  const double place = share * (double) (n - 1);
  const size_t below = (size_t) place;
  const size_t above = below + 1 < n ? below + 1 : below;

  return (double) sorted[below] + (place - (double) below) * ((double) sorted[above] - (double) sorted[below]);
}
