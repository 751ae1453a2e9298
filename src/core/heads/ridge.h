/* Ridge regression: least squares with weights held down. */
#pragma once

#include "core/encoder/team.h"
#include "core/heads/samples.h"

struct dino_ridge;

/* Products of all features with each other and with targets [samples->n], about
 * their means, in double, summed in an order that does not depend on team
 * (which may be NULL). One serves any number of strengths. */
struct dino_ridge *dino_ridge_new (const struct dino_samples *samples, const double *targets, struct dino_team *team, struct dino_error *error);
void               dino_ridge_free (struct dino_ridge *ridge);

/* parameters [n_features + 1] that minimise the sum of squared errors +
 * l2 * |weights|^2 (alpha of scikit-learn's Ridge); the constant is not held
 * down. By Cholesky's factors. false when l2 is too small for features that
 * depend on each other, or memory cannot be had. */
bool dino_ridge_solve (const struct dino_ridge *ridge, double l2, double *parameters, struct dino_error *error);
