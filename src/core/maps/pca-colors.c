#include "core/maps/pca-colors.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/maps/quantile.h"

/* Where colours end with percentiles. */
#define LOW_SHARE 0.01
#define HIGH_SHARE 0.99

bool
dino_pca_range_init (struct dino_pca_range *range, struct dino_error *error)
{
  range->values = dino_alloc ((size_t) range->channels, range->room * sizeof *range->values, error);
  return range->values != NULL;
}

void
dino_pca_range_add (struct dino_pca_range *range, const float *values, const uint8_t *mask, size_t n)
{
  for (size_t i = 0; i < n && range->n < range->room; i++)
    {
      if (mask != NULL && mask[i] == 0)
        continue;
      for (int c = 0; c < range->channels; c++)
        range->values[(size_t) c * range->room + range->n] = values[i * (size_t) range->channels + (size_t) c];
      range->n++;
    }
}

void
dino_pca_range_finish (struct dino_pca_range *range, struct dino_map *map)
{
  for (int c = 0; range->n > 0 && c < range->channels; c++)
    {
      float *values = range->values + (size_t) c * range->room;
      double low, high;

      dino_quantile_sort (values, range->n);
      low = dino_quantile (values, range->n, range->percentile ? LOW_SHARE : 0);
      high = dino_quantile (values, range->n, range->percentile ? HIGH_SHARE : 1);
      if (map->is_signed)
        {
          high = fmax (fabs (low), fabs (high));
          low = -high;
        }
      map->low3[c] = low;
      map->high3[c] = high;
      map->low = c == 0 ? low : fmin (map->low, low);
      map->high = c == 0 ? high : fmax (map->high, high);
    }
}

void
dino_pca_range_clear (struct dino_pca_range *range)
{
  dino_free (range->values);
  range->values = NULL;
}

void
dino_pca_count (const float *values, size_t n, struct dino_pca_facts *facts)
{
  facts->low = facts->high = n > 0 ? (double) values[0] : 0;
  for (size_t i = 0; i < n; i++)
    {
      facts->low = fmin (facts->low, (double) values[i]);
      facts->high = fmax (facts->high, (double) values[i]);
    }
  memset (facts->histogram, 0, sizeof facts->histogram);
  for (size_t i = 0; i < n; i++)
    {
      const double span = facts->high - facts->low;
      const double place = span > 0 ? ((double) values[i] - facts->low) / span * DINO_PCA_BINS : 0;

      facts->histogram[place < DINO_PCA_BINS ? (int) place : DINO_PCA_BINS - 1]++;
    }
}
