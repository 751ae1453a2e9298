/* How well scores rank what is positive above what is not. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

/* Scores in falling order, made once and then used with any weights. */
struct dino_ranking
{
  size_t        n;
  size_t       *order;  /* [n] */
  const double *scores; /* [n], the caller's */
  const bool   *is_positive;
};

/* scores must be finite; the arrays stay the caller's. Clear it whatever the outcome. */
bool dino_ranking_init (struct dino_ranking *ranking, const double *scores, const bool *is_positive, size_t n, struct dino_error *error);
void dino_ranking_clear (struct dino_ranking *ranking);

/* Area under the ROC curve: the chance that a positive is above a negative,
 * equal scores counting half (Hanley and McNeil 1982). weights [n] count each
 * sample so often; NULL: once. NAN when there are no positives or no negatives. */
double dino_ranking_auroc (const struct dino_ranking *ranking, const double *weights);

/* Average precision: the sum over distinct scores of precision times the rise
 * of recall, without interpolation, as scikit-learn's average_precision_score().
 * NAN without positives. */
double dino_ranking_auprc (const struct dino_ranking *ranking, const double *weights);

/* A threshold's point of the two curves. */
struct dino_ranking_point
{
  double threshold; /* scores from here up count as positive; INFINITY for the first point */
  double true_positive_rate, false_positive_rate, precision;
};

/* A point for nothing and one for each distinct score, the highest first;
 * *points is dino_free()d by the caller. */
bool dino_ranking_curve (const struct dino_ranking *ranking, struct dino_ranking_point **points, size_t *n_points, struct dino_error *error);
