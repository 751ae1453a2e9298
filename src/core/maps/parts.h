/* Parts of a picture: patches whose tokens are near each other. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/encoder/features.h"
#include "core/maps/colormap.h"
#include "core/vectors/kmeans.h"
#include "core/maps/map.h"
#include "core/picture/geometry.h"

struct dino_parts_options
{
  int               block;
  bool              norm; /* after the model's final LayerNorm */
  int               k;    /* DINO_PARTS_MIN … DINO_PARTS_MAX */
  uint64_t          seed;
  struct dino_team *team; /* NULL: the calling thread */
};

/* k-means of the patch tokens of a block, each brought to length 1, so that
 * directions are compared (Amir et al. 2022 cut DINO's tokens into parts that
 * way). Values are the numbers of the parts, 0 for the largest. *found (may be
 * NULL) gets what was found, a new one that the caller frees. */
struct dino_map *dino_parts_map (const struct dino_features *features, const struct dino_geometry *geometry, const struct dino_parts_options *options, struct dino_kmeans **found, struct dino_error *error);
