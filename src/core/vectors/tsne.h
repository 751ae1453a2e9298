/* t-SNE: many points as a picture in the plane. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/encoder/team.h"
#include "core/vectors/points.h"

/* Up to so many points all pairs count (4 n^2 bytes); above, neighbours attract
 * and a quadtree repels. */
#define DINO_TSNE_EXACT ((size_t) 5000)

#define DINO_TSNE_MIN_POINTS ((size_t) 4)
#define DINO_TSNE_PERPLEXITY 30.0
#define DINO_TSNE_ROUNDS 1000

struct dino_tsne_options
{
  double                      perplexity; /* above 1; made smaller where there are fewer than three times as many other points */
  int                         n_rounds;
  bool                        tree;     /* a quadtree for any number of points */
  struct dino_team           *team;     /* may be NULL */
  const struct dino_progress *progress; /* may be NULL */
};

struct dino_tsne
{
  size_t n;
  float *plane;      /* [n, 2] */
  double divergence; /* Kullback-Leibler, of the distances in the plane from the probabilities; with a quadtree about */
  double perplexity; /* as used */
  int    n_rounds;   /* done */
};

/* van der Maaten and Hinton 2008, with the tree of van der Maaten 2014 (theta
 * 0.5): early exaggeration 12 for the first quarter of the rounds with momentum
 * 0.5, then 0.8, gains, and the learning rate n / 48, at least 50 (Belkina et
 * al. 2019). It starts from the first two principal components brought to a
 * deviation of 1e-4 (Kobak and Berens 2019), so there is nothing of chance in
 * it: equal points give equal bits, for any number of threads. */
struct dino_tsne *dino_tsne_new (const struct dino_points *points, const struct dino_tsne_options *options, struct dino_error *error);
void              dino_tsne_free (struct dino_tsne *tsne);

/* The first two principal components, plane [n, 2]; zeros where the points do
 * not vary in so many directions. ratios [2] are their shares of the variance. */
bool dino_principal_plane (const struct dino_points *points, struct dino_team *team, float *plane, double ratios[2], struct dino_error *error);
