/* Logistic regression. */
#pragma once

#include "core/base/progress.h"
#include "core/encoder/team.h"
#include "core/heads/lbfgs.h"
#include "core/heads/samples.h"

struct dino_logistic
{
  struct dino_samples samples;
  const int          *labels; /* [samples.n], 0 … n_classes-1 */
  int                 n_classes;
  const double       *class_weights; /* [n_classes], NULL: all 1 */
  double              l2;            /* lambda below; 1/C of scikit-learn */
};

/* Rows of parameters: 1 for two classes (the score is of class 1, and its
 * sigmoid the probability), else one a class (softmax). */
size_t dino_logistic_n_rows (int n_classes);

/* Minimises sum of class weight * log loss + lambda / 2 * |weights|^2, the
 * constants not being held down. parameters [rows, n_features + 1] is the start
 * and then the result. The bits do not depend on team, which may be NULL. */
bool dino_logistic_fit (const struct dino_logistic *logistic,
                        struct dino_team           *team,
                        double                     *parameters,
                        struct dino_lbfgs          *lbfgs,
                        const struct dino_progress *progress,
                        struct dino_error          *error);

/* "balanced" as scikit-learn has it: n / (classes * n of the class), in weights
 * [n_classes]; 1 for a class without samples. */
void dino_class_weights_balanced (const int *labels, size_t n, int n_classes, double *weights);
