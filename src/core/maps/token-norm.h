/* How long tokens are. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/encoder/features.h"
#include "core/maps/map.h"
#include "core/picture/geometry.h"

/* A patch is an outlier when its norm is above the median by more than this
 * many standard deviations, these estimated from the median absolute deviation
 * (Hampel's identifier; Darcet et al. 2024 take a fixed number, which another
 * model does not have). */
#define DINO_NORM_OUTLIER 5.0

/* Where norms are cut off on request. */
#define DINO_NORM_CLIP 0.99

/* Marks on a map; more than these say nothing. */
#define DINO_NORM_MAX_MARKS 24

struct dino_norm_summary
{
  double median, threshold; /* of the patches; above threshold they are outliers */
  int    n_outliers;
};

/* Euclidean norm of every patch token after a block, before the final
 * LayerNorm, which would hide it. The largest outliers are marked. With clip,
 * larger values than the 99th percentile are shown as that, and the legend says
 * so. summary may be NULL. */
struct dino_map *dino_norm_map (const struct dino_features *features, const struct dino_geometry *geometry, int block, bool clip, struct dino_norm_summary *summary, struct dino_error *error);
