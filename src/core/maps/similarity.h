/* How alike patches are to some that were chosen. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/encoder/features.h"
#include "core/maps/map.h"
#include "core/picture/geometry.h"

/* What is compared of a token. */
enum dino_compared
{
  DINO_COMPARED_TOKEN, /* the block's output */
  DINO_COMPARED_QUERY, /* facets of the block's attention (dino_features_facet()) */
  DINO_COMPARED_KEY,
  DINO_COMPARED_VALUE
};

struct dino_patch
{
  int row, column;
};

struct dino_similarity_options
{
  int                         block; /* 0 … L-1 */
  enum dino_compared          compared;
  bool                        norm;   /* of tokens: after the model's final LayerNorm */
  const struct dino_features *source; /* whose patches are compared with; NULL: the map's own */
  const struct dino_patch    *pins;   /* [n_pins] of source's grid */
  int                         n_pins; /* at least 1 */
  struct dino_team           *team;   /* NULL: the calling thread */
};

/* Cosine of every patch with the pinned ones, their mean where there are
 * several (features.md 1: patch similarity; Oquab et al. 2023). The pins of the
 * map's own picture are its marks. Fails for pins outside of the grid, and when source's
 * tokens have another number of channels. */
struct dino_map *dino_similarity_map (const struct dino_features *features, const struct dino_geometry *geometry, const struct dino_similarity_options *options, struct dino_error *error);
