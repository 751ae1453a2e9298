#include "core/vectors/narrow-row.h"

#include <math.h>
#include <string.h>

bool
dino_row_normalize (const float *row, float *out, size_t width)
{
  double sum = 0;

  for (size_t i = 0; i < width; i++)
    sum += (double) row[i] * (double) row[i];
  if (!(sum > 0) || !isfinite (sum))
    {
      memset (out, 0, width * sizeof *out);
      return false;
    }
  sum = sqrt (sum);
  for (size_t i = 0; i < width; i++)
    out[i] = (float) ((double) row[i] / sum);
  return true;
}

void
dino_row_narrow (const float *row, int8_t *out, size_t width, float *scale, float *error)
{
  float  highest = 0;
  double sum = 0;

  for (size_t i = 0; i < width; i++)
    highest = fabsf (row[i]) > highest ? fabsf (row[i]) : highest;
  *scale = highest / 127.0f;
  for (size_t i = 0; i < width; i++)
    {
      const float rounded = *scale > 0 ? rintf (row[i] / *scale) : 0.0f;
      double      off;

      out[i] = (int8_t) (rounded > 127.0f ? 127.0f : rounded < -127.0f ? -127.0f
                                                                       : rounded);
      off = (double) row[i] - (double) *scale * out[i];
      sum += off * off;
    }
  *error = nextafterf ((float) sqrt (sum), INFINITY);
}
