/* How far the tokens of two encodings of the same grid are apart. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/encoder/features.h"
#include "core/maps/map.h"
#include "core/picture/geometry.h"

enum dino_measure
{
  DINO_MEASURE_COSINE,       /* 1 - cosine of the tokens, 0 … 2 */
  DINO_MEASURE_NORM,         /* their Euclidean norms, before the final LayerNorm */
  DINO_MEASURE_CLS_ATTENTION /* what CLS gives the patch, the mean of all heads */
};

struct dino_difference_options
{
  enum dino_measure           measure;
  int                         block; /* 0 … L-1 */
  bool                        norm;  /* of COSINE: after each model's final LayerNorm */
  const struct dino_features *other; /* another picture, preparation or model; NULL: the map's own features */
  int                         other_block;
};

/* Per patch: the cosine distance, or (signed) the number of features less that
 * of other. Patches are compared by row and column, so both grids must have
 * the same size; COSINE needs tokens of equal width. */
struct dino_map *dino_difference_map (const struct dino_features *features, const struct dino_geometry *geometry, const struct dino_difference_options *options, struct dino_error *error);
