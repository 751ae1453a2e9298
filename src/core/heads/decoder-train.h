/* Training a decoder on labelled patches. */
#pragma once

#include "core/base/progress.h"
#include "core/heads/decoder.h"

struct dino_decoder_samples
{
  const float *features; /* [n, n_features] */
  const int   *labels;   /* [n], 0 … n_classes-1 */
  size_t       n, n_features, n_classes;
};

struct dino_decoder_options
{
  size_t                      n_hidden;   /* 0: a linear decoder */
  double                      l2;         /* what half the sum of squared weights is multiplied with; biases are free */
  bool                        balanced;   /* each class counts as much as each other, n / (n_classes * its samples) */
  uint64_t                    seed;       /* of the first weights of hidden units */
  int                         max_rounds; /* steps of L-BFGS at most; 0: DINO_DECODER_ROUNDS */
  struct dino_team           *team;       /* NULL: the calling thread */
  const struct dino_progress *progress;   /* counts rounds; NULL allowed */
};

#define DINO_DECODER_ROUNDS 500

/* How it went. */
struct dino_decoder_report
{
  int    n_rounds;
  bool   converged;
  double loss;     /* mean cross-entropy with the penalty */
  double accuracy; /* share of the samples whose largest logit is their class */
};

/* Multinomial logistic regression, or a network of one hidden layer with ReLU,
 * on standardised features: the mean cross-entropy of the samples (weighted by
 * class when balanced) plus l2 / 2 times the sum of squared weights, brought to
 * its minimum by L-BFGS. Without hidden units that is scikit-learn's
 * LogisticRegression with C = 1 / (l2 * n), with them its MLPClassifier with
 * alpha = l2 * n, after StandardScaler. Weights of hidden units start as Glorot
 * and Bengio (2010) have them, uniform; all others at zero. The scaling is folded
 * into the weights. Sums are of doubles and cut in a fixed way: the same bits for
 * any number of threads. Fails when a class has no sample, or a feature is not
 * finite. report may be NULL. */
struct dino_decoder *dino_decoder_train (const struct dino_decoder_samples *samples,
                                         const struct dino_decoder_options *options,
                                         struct dino_decoder_report        *report,
                                         struct dino_error                 *error);
