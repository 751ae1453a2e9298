#include "core/heads/samples.h"

#include <math.h>
#include <string.h>

static const float *
row (const struct dino_samples *samples, size_t i)
{
  return samples->values + (samples->rows != NULL ? samples->rows[i] : i) * samples->n_features;
}

void
dino_samples_measure (const struct dino_samples *samples, double *means, double *factors)
{
  const size_t width = samples->n_features;

  memset (means, 0, width * sizeof *means);
  memset (factors, 0, width * sizeof *factors);
  for (size_t i = 0; i < samples->n; i++)
    for (size_t f = 0; f < width; f++)
      means[f] += (double) row (samples, i)[f];
  for (size_t f = 0; f < width; f++)
    means[f] /= (double) samples->n;
  for (size_t i = 0; i < samples->n; i++)
    for (size_t f = 0; f < width; f++)
      {
        const double distance = (double) row (samples, i)[f] - means[f];

        factors[f] += distance * distance;
      }
  for (size_t f = 0; f < width; f++)
    {
      const double deviation = sqrt (factors[f] / (double) samples->n);

      /* What rounding leaves of a constant is no variation. */
      factors[f] = deviation > 1e-12 * fabs (means[f]) ? 1 / deviation : 1;
    }
}

void
dino_samples_read (const struct dino_samples *samples, size_t first, size_t count, size_t from, size_t width, double *panel)
{
  for (size_t i = 0; i < count; i++)
    {
      const float *values = row (samples, first + i) + from;
      double      *to = panel + i * width;

      if (samples->means == NULL)
        for (size_t f = 0; f < width; f++)
          to[f] = (double) values[f];
      else
        for (size_t f = 0; f < width; f++)
          to[f] = ((double) values[f] - samples->means[from + f]) * samples->factors[from + f];
    }
}
