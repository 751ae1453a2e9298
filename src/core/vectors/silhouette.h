/* How well points lie in their groups. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/encoder/team.h"
#include "core/vectors/points.h"

/* Up to so many points every one counts; above, as many are drawn, and both
 * sides of a distance are among them. */
#define DINO_SILHOUETTE_EXACT ((size_t) 10000)

struct dino_silhouette
{
  size_t  n;      /* points that were looked at */
  size_t *rows;   /* [n] which, ascending */
  float  *values; /* [n] (b - a) / max (a, b), -1 … 1 */
  double  mean;
};

/* Rousseeuw 1987, with Euclidean distances: a is the mean distance to the other
 * points of the own group, b the smallest mean distance to those of another;
 * 0 for a point that is alone in its group. labels [n] are 0 … n_groups-1, and
 * at least two groups must have points among those that are looked at. seed draws
 * them. Equal bits for any number of threads; team and progress may be NULL. */
struct dino_silhouette *dino_silhouette_new (const struct dino_points   *points,
                                             const int                  *labels,
                                             int                         n_groups,
                                             uint64_t                    seed,
                                             struct dino_team           *team,
                                             const struct dino_progress *progress,
                                             struct dino_error          *error);
void                    dino_silhouette_free (struct dino_silhouette *silhouette);
