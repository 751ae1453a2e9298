/* Nearest neighbours instead of a head. */
#pragma once

#include "core/encoder/team.h"

struct dino_nearest
{
  const float  *references; /* [n_references, n_features] */
  size_t        n_references;
  const size_t *reference_groups; /* [n_references]; neighbours of a query's own group do not count; NULL: all do */
  const double *values;           /* [n_references, n_values]: what a neighbour says, one-hot or a number; NAN: nothing */
  size_t        n_values;
  size_t        n_features;
  double        temperature;
};

/* DINOv2's temperature, and its numbers of neighbours. */
#define DINO_NEAREST_TEMPERATURE 0.07
#define DINO_NEAREST_KS \
  {                     \
    10, 20, 100, 200    \
  }
#define DINO_NEAREST_N_KS 4

/* For queries [n, n_features] the mean of what the k nearest references by
 * cosine say, weighted by exp (cosine / temperature), for each of n_ks numbers
 * ks (rising), as DINOv2's evaluation does (dinov2/eval/knn.py). Fewer
 * references than k: all. Of equal cosines the reference that comes first is
 * nearer. means [n_ks, n, n_values], NAN where no neighbour says anything.
 * query_groups [n] may be NULL. The bits do not depend on team. */
bool dino_nearest_predict (const struct dino_nearest *nearest,
                           const float               *queries,
                           const size_t              *query_groups,
                           size_t                     n,
                           const int                 *ks,
                           int                        n_ks,
                           struct dino_team          *team,
                           double                    *means,
                           struct dino_error         *error);
