/* Intervals by drawing groups (patients) again and again. */
#pragma once

#include <stdint.h>

#include "core/base/error.h"
#include "core/encoder/team.h"

/* A score when sample i counts weights[i] times; NAN where it is not defined.
 * Called on several threads at once. */
typedef double (*dino_statistic_func) (const void *data, const double *weights);

struct dino_interval
{
  double low, high; /* NAN without two draws in which the score is defined */
  int    n_defined; /* draws that count */
};

/* The 2.5 and 97.5 percentiles (linear between neighbours) of the statistic
 * over n_draws draws of as many groups as there are, with replacement; all
 * samples of a group come with it (Field and Welsh 2007). groups [n], 0 …
 * n_groups-1. One seed gives the same bits for any team, which may be NULL. */
bool dino_bootstrap (const size_t         *groups,
                     size_t                n,
                     size_t                n_groups,
                     int                   n_draws,
                     uint64_t              seed,
                     dino_statistic_func   statistic,
                     const void           *data,
                     struct dino_team     *team,
                     struct dino_interval *interval,
                     struct dino_error    *error);
