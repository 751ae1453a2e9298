/* Fitting one head: a strength by cross-validation, what each fold's head says
 * of pictures that it has not seen, and the head of all. */
#pragma once

#include "core/base/progress.h"
#include "core/encoder/team.h"
#include "core/heads/samples.h"

struct dino_probe_fit
{
  struct dino_samples samples; /* as they are: standardised here, by the training part of each fold */
  const int          *labels;  /* [samples.n], 0 … n_classes-1; NULL for a number */
  int                 n_classes;
  const double       *targets;  /* [samples.n], the number */
  bool                balanced; /* classes count alike, however many samples they have */
  const int          *folds;    /* [samples.n], 0 … n_folds-1 */
  int                 n_folds;
  const double       *l2; /* [n_l2], above 0, falling: each start is the result before */
  int                 n_l2;

  /* Results; dino_probe_fit_clear() frees them. */
  size_t  n_outputs; /* rows of the head: one a class, 1 for a number */
  float  *weight;    /* [n_outputs, n_features], for features as they are */
  float  *bias;      /* [n_outputs] */
  double *losses;    /* [n_l2], mean over all samples when they are held out: log loss, or squared error */
  int     chosen;    /* of l2: the least loss, the larger strength of equals */
  double *held_out;  /* [samples.n, n_outputs]: probabilities, or the number, by the head of the other folds */
  bool    converged; /* every fit that counts */
  int     n_rounds;  /* of the last fit; 0 for a number */
};

/* A head for two classes has two rows, opposite to each other, so that the
 * softmax of its scores is the probability as with more classes. The bits do
 * not depend on team, which may be NULL. To be cleared whatever the outcome. */
bool dino_probe_fit (struct dino_probe_fit *fit, struct dino_team *team, const struct dino_progress *progress, struct dino_error *error);
void dino_probe_fit_clear (struct dino_probe_fit *fit);
