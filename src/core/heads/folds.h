/* Folds of cross-validation. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

/* Deals groups (patients) out to folds so that no group is in two folds and
 * each fold has about the same share of every stratum: the groups whose strata
 * are most unequal first, each to the fold where it evens out most (as
 * scikit-learn's StratifiedGroupKFold without shuffling, the groups being
 * numbered in the order of their sorted names). groups [n], 0 … n_groups-1;
 * strata [n], 0 … n_strata-1; folds [n] is the result, 0 … n_folds-1. */
bool dino_folds_deal (const size_t *groups, size_t n_groups, const int *strata, int n_strata, size_t n, int n_folds, int *folds, struct dino_error *error);

/* Strata for a number instead of a class: n_strata parts of the sorted values,
 * of about equal size, equal values in one. */
bool dino_folds_stratify (const double *values, size_t n, int n_strata, int *strata, struct dino_error *error);
