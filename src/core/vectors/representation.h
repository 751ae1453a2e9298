/* How alike representations of the same pictures are. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/encoder/team.h"

/* A vector for each of n pictures, [n, width]. */
struct dino_representation
{
  const float *rows;
  size_t       width;
};

/* Subtracts the mean of each channel from rows [n, width], in double. */
void dino_center_rows (float *rows, size_t n, size_t width);

/* Linear CKA of centred representations (Kornblith et al., Similarity of Neural
 * Network Representations Revisited, 2019): out [n_first, n_second], 0 … 1, NaN
 * where one does not vary.
 *
 * With debiased the estimator of HSIC without bias (Song et al. 2012, as Nguyen
 * et al. 2021 use it) takes the place of the biased one, which grows with width
 * over n: values may be a little below 0 then; n must be at least 4. second and
 * n_second may be those of first. Sums are in double; equal bits for any number
 * of threads. Memory beside the rows: a few hundred KiB a thread. team and
 * progress may be NULL; progress counts pairs. */
bool dino_linear_cka (const struct dino_representation *first,
                      size_t                            n_first,
                      const struct dino_representation *second,
                      size_t                            n_second,
                      size_t                            n,
                      bool                              debiased,
                      struct dino_team                 *team,
                      const struct dino_progress       *progress,
                      double                           *out,
                      struct dino_error                *error);

/* The effective rank of centred rows (Roy and Vetterli 2007): e to the entropy
 * of the singular values as shares of their sum, 1 … min (n - 1, width); 0 where
 * nothing varies. Takes min (n, width)^2 doubles. */
bool dino_effective_rank (const struct dino_representation *representation, size_t n, struct dino_team *team, double *rank, struct dino_error *error);

/* How many of the k nearest neighbours by cosine are the same, on average over
 * the pictures, as a share: out [n_first, n_second], 0 … 1. Rows are not changed;
 * k is 1 to n-1. */
bool dino_neighbor_overlap (const struct dino_representation *first,
                            size_t                            n_first,
                            const struct dino_representation *second,
                            size_t                            n_second,
                            size_t                            n,
                            size_t                            k,
                            struct dino_team                 *team,
                            const struct dino_progress       *progress,
                            double                           *out,
                            struct dino_error                *error);
