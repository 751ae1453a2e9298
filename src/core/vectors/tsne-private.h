/* The parts of t-SNE. */
#pragma once

#include "core/vectors/tsne.h"

/* Points of one item of a loop, and items between two questions whether to go on. */
#define TSNE_POINTS ((size_t) 64)
#define TSNE_ITEMS ((size_t) 256)

/* Joint probabilities, symmetric and of sum 1: all pairs, or those that are
 * neighbours. */
struct tsne_affinities
{
  size_t    n;
  float    *all;    /* [n, n], or NULL */
  size_t   *starts; /* [n + 1] into what follows */
  uint32_t *rows;
  float    *values;
  double    perplexity; /* as used */
};

bool tsne_affinities_init (struct tsne_affinities *affinities, const struct dino_points *points, const struct dino_tsne_options *options, const struct dino_progress *progress, struct dino_error *error);
void tsne_affinities_clear (struct tsne_affinities *affinities);

/* A square of the plane, in the order of a walk in depth: what lies in it comes
 * right after it. */
struct tsne_cell
{
  float    x, y;   /* mean of its points */
  float    square; /* of its side; 0 for a cell that is not divided */
  float    n;      /* points */
  uint32_t beyond; /* the next cell that is not in this one */
};

struct tsne_tree
{
  struct tsne_cell *cells;
  size_t            n_cells, capacity;
  uint64_t         *codes; /* [2, n] places on a curve through the plane; the second half is room to sort */
  uint32_t         *order; /* [2, n] points by these */
};

bool tsne_tree_init (struct tsne_tree *tree, size_t n, struct dino_error *error);
void tsne_tree_clear (struct tsne_tree *tree);

/* plane is [n, 2]. */
bool tsne_tree_build (struct tsne_tree *tree, const float *plane, size_t n, struct dino_error *error);

/* What one point takes part in. */
struct tsne_force
{
  double attract[2], repel[2];
  double sum;        /* of 1 / (1 + d^2) over the other points */
  double divergence; /* p log p (1 + d^2) over the others */
};

struct tsne_forces
{
  const struct tsne_affinities *affinities;
  struct dino_team             *team;
  const float                  *plane; /* [n, 2] */
  const float                  *x, *y; /* [n] the same */
  struct tsne_tree              tree;
  struct tsne_force            *points;     /* [n] */
  bool                          divergence; /* wanted */
  size_t                        first_item;
};

/* Fills points; false when cancelled or memory is short. */
bool tsne_forces_run (struct tsne_forces *forces, const struct dino_progress *progress, int done, int total, struct dino_error *error);
