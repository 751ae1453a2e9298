/* Maps computed from the encoder's own numbers. Each returns a new map over
 * the patch grid with its range, title and legend set; geometry places it. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/encoder/features.h"
#include "core/maps/map.h"
#include "core/maps/pca.h"
#include "core/picture/geometry.h"

#define DINO_PCA_RGB (-1)

struct dino_pca_options
{
  int                    block;     /* 0 … L-1 */
  bool                   norm;      /* after the model's final LayerNorm */
  int                    component; /* DINO_PCA_RGB, or 0 … */
  bool                   has_foreground;
  double                 foreground; /* patches whose first component is above this are fitted again, the others left out */
  const struct dino_pca *basis;      /* NULL: fitted on this picture */
  struct dino_team      *team;       /* who fits; NULL: the calling thread */
};

/* PCA of the patch tokens of one block (Oquab et al. 2023, fig. 1). RGB shows
 * components 1 to 3, each scaled from its smallest to its largest value over
 * the valid patches. *fitted (may be NULL) gets the basis used, a new one that
 * the caller frees. */
struct dino_map *dino_pca_map (const struct dino_features    *features,
                               const struct dino_geometry    *geometry,
                               const struct dino_pca_options *options,
                               struct dino_pca              **fitted,
                               struct dino_error             *error);
