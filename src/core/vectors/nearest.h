/* The nearest neighbours of all points among each other, exactly. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/encoder/team.h"
#include "core/vectors/points.h"

struct dino_nearest
{
  size_t    n, k;
  uint32_t *rows;    /* [n, k], nearest first, equal ones by row; never the point itself */
  double   *squares; /* [n, k], squared distances */
};

/* Euclidean; k from 1 to n-1. Candidates come from float32 products, then the
 * distances that are kept are summed from the differences. Equal bits for any
 * number of threads; team and progress may be NULL. */
struct dino_nearest *dino_nearest_new (const struct dino_points *points, size_t k, struct dino_team *team, const struct dino_progress *progress, struct dino_error *error);
void                 dino_nearest_free (struct dino_nearest *nearest);
