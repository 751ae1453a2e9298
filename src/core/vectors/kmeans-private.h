/* One start of k-means on its way. */
#pragma once

#include "core/base/random.h"
#include "core/vectors/kmeans.h"

struct start
{
  const struct dino_kmeans_options *options;
  struct dino_points                points;
  float                            *mean;      /* [width] of all vectors; NULL: distances are summed one by one */
  int                               index;     /* of n_starts */
  struct dino_kmeans               *found;     /* what is worked on */
  double                           *distances; /* [n], squared, to the nearest centre */
  double                           *trials;    /* [n_trials, n]: distances if a candidate becomes a centre */
  double                           *sums;      /* [n_groups, width] */
  float                            *rows;      /* [threads, width], for rows that are widened */
  struct dino_random                random;
};

/* Candidates for each centre. */
size_t dino_kmeans_trials (const struct dino_kmeans_options *options);

/* Of distances, one after the other, as every choice that hangs on it is made. */
double dino_kmeans_sum (const double *values, size_t n);

/* False, and cancelled, when progress says no. */
bool dino_kmeans_go_on (const struct start *start, struct dino_error *error);

/* k-means++: n_groups centres out of the vectors. */
bool dino_kmeans_seed (struct start *start, struct dino_error *error);

/* Labels and distances of all vectors, and the inertia. */
bool dino_kmeans_assign (struct start *start, struct dino_error *error);

/* Copies a vector into the place of a group's centre. */
void dino_kmeans_take_center (struct start *start, int group, size_t vector);

/* Looks for vectors that are better centres than some of those found (Lattanzi
 * and Sohler, A Better k-means++ Algorithm via Local Search, 2019), each
 * followed by rounds of Lloyd's algorithm: never a larger inertia. */
bool dino_kmeans_improve (struct start *start, struct dino_error *error);

/* Mini-batches from new centres to the end. */
bool dino_kmeans_run_batches (struct start *start, struct dino_error *error);

/* Rounds of Lloyd's algorithm from the centres that there are. */
bool dino_kmeans_run_rounds (struct start *start, int max_rounds, struct dino_error *error);
