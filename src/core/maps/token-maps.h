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

/* The colours of components 1, 2 and 3, in this order. */
enum dino_pca_order
{
  DINO_PCA_ORDER_RGB,
  DINO_PCA_ORDER_RBG,
  DINO_PCA_ORDER_GRB,
  DINO_PCA_ORDER_GBR,
  DINO_PCA_ORDER_BRG,
  DINO_PCA_ORDER_BGR
};

struct dino_pca_options
{
  int                    block;     /* 0 … L-1 */
  bool                   norm;      /* after the model's final LayerNorm */
  int                    component; /* DINO_PCA_RGB, or 0 … */
  bool                   has_foreground;
  bool                   foreground_below; /* else above */
  double                 foreground;       /* patches whose first component is beyond this are fitted again, the others left out */
  const struct dino_pca *basis;            /* NULL: fitted here */
  struct dino_team      *team;             /* who fits; NULL: the calling thread */

  bool                flip[3]; /* components 1 to 3 are drawn with the other sign; the threshold is of the sign before */
  enum dino_pca_order order;
  bool                percentile; /* colours run from the 1st to the 99th percentile, else from the smallest to the largest value */

  /* The pictures that are fitted and scaled together, the map's own among
   * them, of tokens of one width; the bits depend on their order. 0: the map's own alone. */
  const struct dino_features *const *pictures;
  size_t                             n_pictures;
};

#define DINO_PCA_BINS 32

/* What a person wants to know of the fit. */
struct dino_pca_facts
{
  size_t n_pictures; /* fitted; 0: the basis was given */
  size_t n_tokens;   /* fitted; 0: the basis was given */
  size_t n_patches;  /* of the map's picture */
  size_t n_inside;   /* of them in the foreground, all without a threshold */

  /* Of the first component that the threshold is for, over the map's picture;
   * bins are equally wide from low to high. */
  double   low, high;
  unsigned histogram[DINO_PCA_BINS];
};

/* PCA of the patch tokens of one block (Oquab et al. 2023, fig. 1). RGB shows
 * components 1 to 3, each scaled over the valid patches of all pictures
 * fitted. *fitted (may be NULL) gets the basis used, a new one that
 * the caller frees; facts may be NULL. */
struct dino_map *dino_pca_map (const struct dino_features    *features,
                               const struct dino_geometry    *geometry,
                               const struct dino_pca_options *options,
                               struct dino_pca              **fitted,
                               struct dino_pca_facts         *facts,
                               struct dino_error             *error);
