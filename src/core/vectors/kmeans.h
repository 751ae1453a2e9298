/* Groups of vectors that are near each other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/encoder/team.h"
#include "core/vectors/points.h"

/* Up to so many groups distances are summed one by one; above, vectors find
 * their group by products with all centres. */
#define DINO_KMEANS_DIRECT 16

/* Vectors that take more bytes as float32 are not gone through in every round
 * but in mini-batches, unless the options say otherwise. */
#define DINO_KMEANS_MEMORY ((size_t) 2 << 30)
#define DINO_KMEANS_BATCH ((size_t) 8192)

struct dino_kmeans_options
{
  int                         n_groups; /* 2 to n */
  uint64_t                    seed;
  int                         n_starts;   /* the one with the smallest inertia counts */
  int                         n_trials;   /* candidates for each centre of k-means++; 0: 2 + ln n_groups (Grunau et al. 2023); 1: the plain way, without swaps at the end */
  int                         max_rounds; /* of Lloyd's algorithm */
  size_t                      batch;      /* vectors of a mini-batch; 0: all, every round */
  struct dino_team           *team;       /* may be NULL */
  const struct dino_progress *progress;   /* may be NULL; counts starts */
};

struct dino_kmeans
{
  int     n_groups;
  int    *labels;    /* [n], 0 … n_groups-1: the largest group first, equal ones by their first vector */
  size_t *sizes;     /* [n_groups] */
  float  *centers;   /* [n_groups, width] */
  double  inertia;   /* sum of squared distances to the centres */
  int     n_rounds;  /* of the start that counts; mini-batches, where there were any */
  bool    converged; /* the last round changed nothing */
};

/* Lloyd's algorithm from k-means++ (Arthur and Vassilvitskii 2007), after whose
 * best start centres are exchanged for vectors as long as that helps (Lattanzi
 * and Sohler 2019); or with mini-batches (Sculley 2010) and two rounds of
 * Lloyd's at the end. The same seed gives the same bits for any number of
 * threads. Values must be finite. */
struct dino_kmeans *dino_kmeans_new (const struct dino_points *points, const struct dino_kmeans_options *options, struct dino_error *error);
void                dino_kmeans_free (struct dino_kmeans *kmeans);

/* The mini-batch for vectors of which nothing else is known: 0 up to
 * DINO_KMEANS_MEMORY, DINO_KMEANS_BATCH above. */
size_t dino_kmeans_batch (const struct dino_points *points);
