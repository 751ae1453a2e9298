/* The minimum of a smooth function of many variables. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/progress.h"

/* The value at x [n]; gradient [n] is filled. Equal arguments give equal bits. */
typedef double (*dino_objective_func) (void *data, const double *x, double *gradient);

struct dino_lbfgs
{
  double tolerance;  /* it has converged when no |gradient| is larger */
  int    max_rounds; /* steps at most */

  double value;     /* results: at x, */
  double gradient;  /* the largest |gradient| there, */
  int    n_rounds;  /* steps that were taken, */
  bool   converged; /* the tolerance was met, or no smaller value can be told apart in double */
};

/* Limited-memory BFGS with a line search for the strong Wolfe conditions
 * (Nocedal and Wright, Numerical Optimization, 2006, algorithms 7.4, 3.5 and
 * 3.6). x [n] is the start and then the result. Deterministic; nothing is
 * divided among threads here but what objective divides. false when memory
 * cannot be had or progress (may be NULL) says no. */
bool dino_lbfgs_minimize (struct dino_lbfgs          *lbfgs,
                          dino_objective_func         objective,
                          void                       *data,
                          size_t                      n,
                          double                     *x,
                          const struct dino_progress *progress,
                          struct dino_error          *error);
