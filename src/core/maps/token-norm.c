#include "core/maps/token-norm.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/maps/map-build.h"
#include "core/maps/quantile.h"

/* Standard deviations of a normal distribution in one median absolute deviation. */
#define DEVIATIONS 1.4826

/* Digits of a number in a legend. */
#define LENGTH 32

/* Between the two in the middle where there are two. */
static double
median_of (const float *sorted, size_t n)
{
  return n % 2 == 1 ? (double) sorted[n / 2] : ((double) sorted[n / 2 - 1] + (double) sorted[n / 2]) / 2;
}

static void
compute_norms (const float *tokens, size_t n, size_t width, float *norms)
{
  for (size_t token = 0; token < n; token++)
    {
      double sum = 0;

      for (size_t c = 0; c < width; c++)
        sum += (double) tokens[token * width + c] * (double) tokens[token * width + c];
      norms[token] = (float) sqrt (sum);
    }
}

static double
deviation_of (const float *values, size_t n, double median, float *scratch)
{
  for (size_t i = 0; i < n; i++)
    scratch[i] = (float) fabs ((double) values[i] - median);
  dino_quantile_sort (scratch, n);
  return DEVIATIONS * median_of (scratch, n);
}

static int
count_above (const float *values, size_t n, double threshold)
{
  int count = 0;

  for (size_t i = 0; i < n; i++)
    count += (double) values[i] > threshold;
  return count;
}

/* The largest first; sorted is in ascending order. */
static bool
mark_outliers (struct dino_map *map, const float *sorted, int n_outliers, struct dino_error *error)
{
  const size_t n = (size_t) map->width * (size_t) map->height;
  const int    wanted = n_outliers < DINO_NORM_MAX_MARKS ? n_outliers : DINO_NORM_MAX_MARKS;
  const float  least = wanted > 0 ? sorted[n - (size_t) wanted] : 0;
  int          marked = 0;

  if (wanted == 0)
    return true;
  if (!dino_map_add_marks (map, wanted, error))
    return false;
  for (size_t i = 0; i < n && marked < wanted; i++)
    if (map->values[i] >= least)
      {
        struct dino_map_mark *mark = &map->marks[marked++];

        mark->row = (int) (i / (size_t) map->width);
        mark->column = (int) (i % (size_t) map->width);
        snprintf (mark->label, sizeof mark->label, "%d", (int) (map->values[i] + 0.5f));
      }
  return true;
}

static const char *
format_value (char text[LENGTH], double value)
{
  const int tenths = (int) (value * 10 + 0.5);

  snprintf (text, LENGTH, "%d.%d", tenths / 10, tenths % 10);
  return text;
}

static void
describe (struct dino_map *map, int block, const struct dino_norm_summary *summary, bool clip, double limit)
{
  char median[LENGTH], threshold[LENGTH], cut[LENGTH];

  snprintf (map->title, sizeof map->title, clip ? _ ("Token norm of block %d, clipped") : _ ("Token norm of block %d"), block);
  dino_map_add_sentence (map, _ ("Euclidean norm of the patch tokens, before the final LayerNorm."));
  dino_map_add_sentence (map, _ ("Median %s; outliers above %s (median + 5 standard deviations estimated from the MAD): %d."),
                         format_value (median, summary->median), format_value (threshold, summary->threshold), summary->n_outliers);
  if (clip)
    dino_map_add_sentence (map, _ ("Clipped at the 99th percentile, %s, and the colours spread over what is left."), format_value (cut, limit));
  snprintf (map->unit, sizeof map->unit, "%s", _ ("norm"));
  snprintf (map->colormap, sizeof map->colormap, "viridis");
}

static bool
finish (struct dino_map *map, int block, bool clip, struct dino_norm_summary *summary, struct dino_error *error)
{
  const size_t n = (size_t) map->width * (size_t) map->height;
  float       *sorted = dino_alloc (n, 2 * sizeof *sorted, error);
  double       limit;
  bool         done;

  if (sorted == NULL)
    return false;
  memcpy (sorted, map->values, n * sizeof *sorted);
  dino_quantile_sort (sorted, n);
  summary->median = median_of (sorted, n);
  summary->threshold = summary->median + DINO_NORM_OUTLIER * deviation_of (sorted, n, summary->median, sorted + n);
  summary->n_outliers = count_above (sorted, n, summary->threshold);
  limit = dino_quantile (sorted, n, DINO_NORM_CLIP);
  done = mark_outliers (map, sorted, summary->n_outliers, error);
  for (size_t i = 0; clip && i < n; i++)
    map->values[i] = (float) fmin ((double) map->values[i], limit);
  describe (map, block, summary, clip, limit);
  dino_free (sorted);
  return done && dino_map_measure (map, error);
}

struct dino_map *
dino_norm_map (const struct dino_features *features, const struct dino_geometry *geometry, int block, bool clip, struct dino_norm_summary *summary, struct dino_error *error)
{
  const struct dino_config *config = dino_model_config (dino_features_model (features));
  const size_t              width = (size_t) config->hidden_size;
  const float              *state = block >= 0 && block < config->n_blocks ? dino_features_hidden_state (features, block + 1) : NULL;
  struct dino_norm_summary  own;
  struct dino_map          *map;

  if (state == NULL)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The tokens of block %d are not there."), block);
      return NULL;
    }
  map = dino_map_for (features, geometry, 1, error);
  if (map == NULL)
    return NULL;
  compute_norms (state + dino_features_first_patch (features) * width, (size_t) map->width * (size_t) map->height, width, map->values);
  if (finish (map, block, clip, summary != NULL ? summary : &own, error))
    return map;
  dino_map_unref (map);
  return NULL;
}
