/* Nearest neighbours in place of a head. */
#pragma once

#include <stdint.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/encoder/team.h"

struct dino_knn
{
  const float    *references; /* [n_references, n_features] */
  size_t          n_references, n_features;
  const uint32_t *groups; /* [n_references]; neighbours of a query's own group do not count; NULL: all do */
  const double   *values; /* [n_references, n_values]: what a neighbour says, one-hot or a number; NAN: it is not asked */
  size_t          n_values;
  double          temperature;
};

/* DINOv2's temperature, and its numbers of neighbours. */
#define DINO_KNN_TEMPERATURE 0.07
#define DINO_KNN_KS  \
  {                  \
    10, 20, 100, 200 \
  }
#define DINO_KNN_N_KS 4

/* For queries [n, n_features] the mean of what the k nearest references by
 * cosine say, weighted by exp (cosine / temperature), for each of n_ks numbers
 * ks (rising), as DINOv2's evaluation does (dinov2/eval/knn.py). Fewer
 * references than k: all. Of equal cosines the reference that comes first is
 * nearer. means [n_ks, n, n_values], NAN without a neighbour. query_groups [n]
 * may be NULL. The bits do not depend on team. */
bool dino_knn_predict (const struct dino_knn      *knn,
                       const float                *queries,
                       const uint32_t             *query_groups,
                       size_t                      n,
                       const int                  *ks,
                       int                         n_ks,
                       struct dino_team           *team,
                       const struct dino_progress *progress,
                       double                     *means,
                       struct dino_error          *error);
