#include "core/maps/difference.h"

#include <math.h>
#include <stdio.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/cosine.h"
#include "core/maps/map-build.h"

/* One of the two that are compared. */
struct side
{
  const struct dino_features *features;
  int                         block;
};

static size_t
width_of (const struct dino_features *features)
{
  return (size_t) dino_model_config (dino_features_model (features))->hidden_size;
}

static bool
check_side (const struct side *side, struct dino_error *error)
{
  const int n_blocks = dino_model_config (dino_features_model (side->features))->n_blocks;

  if (side->block >= 0 && side->block < n_blocks)
    return true;
  return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no block %d; the model has blocks 0 to %d."), side->block, n_blocks - 1);
}

static bool
check (const struct side sides[2], enum dino_measure measure, struct dino_error *error)
{
  const struct dino_features *here = sides[0].features, *there = sides[1].features;

  if (!check_side (&sides[0], error) || !check_side (&sides[1], error))
    return false;
  if (dino_features_rows (here) != dino_features_rows (there) || dino_features_columns (here) != dino_features_columns (there))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A grid of %d × %d patches cannot be compared with one of %d × %d; give both pictures the same input size and fit."),
                           dino_features_columns (here), dino_features_rows (here), dino_features_columns (there), dino_features_rows (there));
  if (measure == DINO_MEASURE_COSINE && width_of (here) != width_of (there))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Tokens of %zu channels have no cosine with tokens of %zu; compare their norms or the CLS attention."), width_of (here), width_of (there));
  return true;
}

/* All tokens [T, D] of a side; dino_free() them. */
static float *
read_tokens (const struct side *side, bool norm, struct dino_error *error)
{
  float *tokens = dino_alloc (dino_features_n_tokens (side->features), width_of (side->features) * sizeof *tokens, error);

  if (tokens != NULL && dino_features_tokens (side->features, side->block, norm, tokens, error))
    return tokens;
  dino_free (tokens);
  return NULL;
}

static bool
fill_cosines (const struct side sides[2], bool norm, float *values, size_t n, struct dino_error *error)
{
  const size_t width = width_of (sides[0].features);
  float       *here = read_tokens (&sides[0], norm, error);
  float       *there = here != NULL ? read_tokens (&sides[1], norm, error) : NULL;

  if (there != NULL)
    {
      const float *a = here + dino_features_first_patch (sides[0].features) * width;
      const float *b = there + dino_features_first_patch (sides[1].features) * width;

      for (size_t i = 0; i < n; i++)
        values[i] = 1 - dino_cosine (a + i * width, b + i * width, width);
    }
  dino_free (here);
  dino_free (there);
  return there != NULL;
}

/* Adds sign times the norms of a side's patches. */
static bool
add_norms (const struct side *side, double sign, double *sums, size_t n, struct dino_error *error)
{
  const size_t width = width_of (side->features);
  const float *state = dino_features_hidden_state (side->features, side->block + 1);

  if (state == NULL)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The tokens of block %d are not there."), side->block);
  state += dino_features_first_patch (side->features) * width;
  for (size_t i = 0; i < n; i++, state += width)
    {
      double sum = 0;

      for (size_t c = 0; c < width; c++)
        sum += (double) state[c] * (double) state[c];
      sums[i] += sign * sqrt (sum);
    }
  return true;
}

/* Adds sign times what CLS gives a side's patches. */
static bool
add_attention (const struct side *side, double sign, double *sums, size_t n, struct dino_error *error)
{
  const size_t n_tokens = dino_features_n_tokens (side->features);
  const int    n_heads = dino_model_config (dino_features_model (side->features))->n_heads;
  const float *attention = dino_features_cls_attention (side->features, side->block);

  if (attention == NULL)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The attention of block %d is not there."), side->block);
  attention += dino_features_first_patch (side->features);
  for (size_t i = 0; i < n; i++)
    {
      double sum = 0;

      for (int head = 0; head < n_heads; head++)
        sum += (double) attention[(size_t) head * n_tokens + i];
      sums[i] += sign * sum / n_heads;
    }
  return true;
}

static bool
fill_signed (const struct side sides[2], enum dino_measure measure, float *values, size_t n, struct dino_error *error)
{
  bool (*add) (const struct side *, double, double *, size_t, struct dino_error *) = measure == DINO_MEASURE_NORM ? add_norms : add_attention;
  double *sums = dino_alloc_zeroed (n, sizeof *sums, error);
  bool    done = sums != NULL && add (&sides[0], 1, sums, n, error) && add (&sides[1], -1, sums, n, error);

  for (size_t i = 0; done && i < n; i++)
    values[i] = (float) sums[i];
  dino_free (sums);
  return done;
}

static void
describe_measure (struct dino_map *map, enum dino_measure measure, bool norm)
{
  switch (measure)
    {
    case DINO_MEASURE_COSINE:
      dino_map_add_sentence (map, norm ? _ ("1 - cosine of the patch tokens after the final LayerNorm: 0 alike, 2 opposite.")
                                       : _ ("1 - cosine of the patch tokens, not normalised: 0 alike, 2 opposite."));
      snprintf (map->unit, sizeof map->unit, "%s", _ ("1 - cosine"));
      break;
    case DINO_MEASURE_NORM:
      dino_map_add_sentence (map, _ ("Euclidean norm of the patch tokens before the final LayerNorm, here less there."));
      snprintf (map->unit, sizeof map->unit, "%s", _ ("norm"));
      break;
    case DINO_MEASURE_CLS_ATTENTION:
      dino_map_add_sentence (map, _ ("CLS attention, the mean of all heads, here less there."));
      snprintf (map->unit, sizeof map->unit, "%s", _ ("attention"));
      break;
    }
}

static const char *
name_measure (enum dino_measure measure)
{
  switch (measure)
    {
    case DINO_MEASURE_NORM:
      return _ ("norm");
    case DINO_MEASURE_CLS_ATTENTION:
      return _ ("CLS attention");
    case DINO_MEASURE_COSINE:
    default:
      return _ ("cosine distance");
    }
}

static void
describe (struct dino_map *map, const struct side sides[2], const struct dino_difference_options *options)
{
  const bool same_picture = options->other == NULL;

  snprintf (map->title, sizeof map->title, same_picture ? _ ("Difference of blocks %d and %d: %s") : _ ("Difference of block %d and the other's block %d: %s"),
            sides[0].block, sides[1].block, name_measure (options->measure));
  describe_measure (map, options->measure, options->norm);
  if (same_picture)
    dino_map_add_sentence (map, _ ("Here is block %d, there is block %d of the same picture."), sides[0].block, sides[1].block);
  else
    dino_map_add_sentence (map, _ ("Here is block %d, there is block %d of the other one; patches are compared by row and column."), sides[0].block, sides[1].block);
  map->is_signed = options->measure != DINO_MEASURE_COSINE;
  snprintf (map->colormap, sizeof map->colormap, "%s", map->is_signed ? "vik" : "viridis");
}

struct dino_map *
dino_difference_map (const struct dino_features *features, const struct dino_geometry *geometry, const struct dino_difference_options *options, struct dino_error *error)
{
  const struct side sides[2] = { { features, options->block }, { options->other != NULL ? options->other : features, options->other_block } };
  struct dino_map  *map;
  size_t            n;
  bool              filled;

  if (!check (sides, options->measure, error))
    return NULL;
  map = dino_map_for (features, geometry, 1, error);
  if (map == NULL)
    return NULL;
  n = (size_t) map->width * (size_t) map->height;
  describe (map, sides, options);
  if (options->measure == DINO_MEASURE_COSINE)
    filled = fill_cosines (sides, options->norm, map->values, n, error);
  else
    filled = fill_signed (sides, options->measure, map->values, n, error);
  if (filled && dino_map_measure (map, error))
    return map;
  dino_map_unref (map);
  return NULL;
}
