/* Groups of vectors that are near each other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/encoder/team.h"

/* Starts that are tried; the one with the smallest inertia counts. */
#define DINO_KMEANS_STARTS 4

struct dino_kmeans
{
  int     n_groups;
  int    *labels;    /* [n], 0 … n_groups-1: the largest group first, equal ones by their first vector */
  size_t *sizes;     /* [n_groups] */
  float  *centers;   /* [n_groups, n_channels] */
  double  inertia;   /* sum of squared distances to the centres */
  int     n_rounds;  /* of the start that counts */
  bool    converged; /* the last round changed nothing */
};

/* Lloyd's algorithm from k-means++ (Arthur and Vassilvitskii 2007) over vectors
 * [n, n_channels], for 2 to n groups. The same seed gives the same bits for any
 * number of threads; team may be NULL. */
struct dino_kmeans *dino_kmeans_new (const float *vectors, size_t n, size_t n_channels, int n_groups, uint64_t seed, struct dino_team *team, struct dino_error *error);
void                dino_kmeans_free (struct dino_kmeans *kmeans);
