#include "core/vectors/points.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/model/half.h"

/* Partial sums of a distance. */
#define LANES 16

const float *
dino_points_row (const struct dino_points *points, size_t row, float *buffer)
{
  const uint16_t *halves = points->rows;

  if (!points->half)
    return (const float *) points->rows + row * points->width;
  for (size_t c = 0; c < points->width; c++)
    buffer[c] = dino_float_from_f16 (halves[row * points->width + c]);
  return buffer;
}

void
dino_points_rows (const struct dino_points *points, size_t first, size_t count, float *out)
{
  for (size_t i = 0; i < count; i++)
    {
      float *to = out + i * points->width;

      memmove (to, dino_points_row (points, first + i, to), points->width * sizeof *to);
    }
}

/* Without leaving early, which is no faster: several values are looked at at a time. */
static bool
all_finite (const float *values, size_t count)
{
  int bad = 0;

  for (size_t i = 0; i < count; i++)
    bad |= !isfinite (values[i]);
  return bad == 0;
}

bool
dino_points_check (const struct dino_points *points, struct dino_error *error)
{
  float *buffer = dino_alloc (points->width, sizeof *buffer, error);
  bool   good = buffer != NULL;

  for (size_t row = 0; good && row < points->n; row++)
    if (!all_finite (dino_points_row (points, row, buffer), points->width))
      good = dino_error_set (error, DINO_CODE_FORMAT, _ ("Row %zu has values that are not finite numbers."), row);
  dino_free (buffer);
  return good;
}

void
dino_points_mean (const struct dino_points *points, float *mean)
{
  /* A few channels at a time, so that their sums need no memory. */
  enum
  {
    SLICE = 256
  };
  const uint16_t *halves = points->rows;
  const float    *floats = points->rows;

  for (size_t first = 0; first < points->width; first += SLICE)
    {
      const size_t n = points->width - first < SLICE ? points->width - first : SLICE;
      double       sums[SLICE] = { 0 };

      for (size_t row = 0; row < points->n; row++)
        for (size_t c = 0; c < n; c++)
          sums[c] += (double) (points->half ? dino_float_from_f16 (halves[row * points->width + first + c]) : floats[row * points->width + first + c]);
      for (size_t c = 0; c < n; c++)
        mean[first + c] = points->n > 0 ? (float) (sums[c] / (double) points->n) : 0;
    }
}

double
dino_vector_length (const float *vector, size_t width)
{
  double sum = 0;

  for (size_t c = 0; c < width; c++)
    sum += (double) vector[c] * (double) vector[c];
  return sqrt (sum);
}

double
dino_squared_distance (const float *restrict a, const float *restrict b, size_t width)
{
  float  lanes[LANES] = { 0 };
  double sum = 0;
  size_t i = 0;

  for (; i + LANES <= width; i += LANES)
    for (int k = 0; k < LANES; k++)
      {
        const float d = a[i + (size_t) k] - b[i + (size_t) k];

        lanes[k] += d * d;
      }
  for (int k = 0; i < width; i++, k++)
    lanes[k] += (a[i] - b[i]) * (a[i] - b[i]);
  for (int k = 0; k < LANES; k++)
    sum += (double) lanes[k];
  return sum;
}

float *
dino_points_copy (const struct dino_points *points, bool normalise, struct dino_error *error)
{
  float *copy = NULL;
  size_t bytes;

  if (!dino_multiply (points->width, sizeof *copy, &bytes))
    dino_error_set_memory (error, ~0ULL);
  else
    copy = dino_alloc (points->n, bytes, error);
  for (size_t row = 0; copy != NULL && row < points->n; row++)
    {
      float       *out = copy + row * points->width;
      const float *source = dino_points_row (points, row, out);
      const double length = normalise ? dino_vector_length (source, points->width) : 1;

      if (source != out)
        memcpy (out, source, points->width * sizeof *out);
      for (size_t c = 0; normalise && length > 0 && c < points->width; c++)
        out[c] = (float) ((double) out[c] / length);
    }
  return copy;
}
