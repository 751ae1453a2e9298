/* Attention rollout (Abnar and Zuidema 2020, "Quantifying Attention Flow in
 * Transformers", arXiv 2005.00928), with the choices of vit-explain. */
#pragma once

#include "core/maps/attention-maps.h"

enum dino_fusion
{
  DINO_FUSION_MEAN,
  DINO_FUSION_MAX,
  DINO_FUSION_MIN
};

struct dino_rollout_options
{
  enum dino_fusion            fusion;  /* of the heads */
  double                      discard; /* 0 … <1: share of a block's fused weights that are set to 0, the lowest, but none on the CLS token */
  int                         block;   /* the last one used */
  struct dino_team           *team;
  const struct dino_progress *progress; /* may be NULL; done counts blocks */
};

/* What reaches the CLS token of each patch by way of attention through blocks
 * 0 … block: the CLS row of R = Â_block … Â_0, where Â is (A + I) / 2 with each
 * row divided by its sum and A the heads' fusion after the discard. The row
 * sums to 1 over all tokens and is not divided by its maximum. Only a row
 * vector is multiplied, from the last block backwards, and one [T, T] matrix
 * is held. Needs the block's input. Equal bits for any number of threads. */
struct dino_map *dino_rollout_map (const struct dino_features        *features,
                                   const struct dino_geometry        *geometry,
                                   const struct dino_rollout_options *options,
                                   struct dino_error                 *error);

/* Sets the count lowest of matrix [n, n] to 0, all of it 0 … 1 and its first
 * column left out; of equal values those that come first. progress may be
 * NULL. */
bool dino_rollout_discard (float *matrix, size_t n, size_t count, const struct dino_progress *progress, struct dino_error *error);
