/* What the maps of attention share. */
#pragma once

#include "core/maps/attention-maps.h"

/* Whether this model has such a block and such a head (or one of DINO_HEAD_…). */
bool dino_attention_check_block (const struct dino_features *features, int block, struct dino_error *error);
bool dino_attention_check_head (const struct dino_features *features, int head, struct dino_error *error);

/* values [T]: one of the rows [n_heads, T], or their mean or maximum. */
void dino_attention_fuse (const float *rows, int n_heads, size_t n_tokens, int head, float *values);

/* A map of values [T]: patches on the grid, the other tokens as cells. */
struct dino_map *dino_attention_map_of (const struct dino_features *features, const struct dino_geometry *geometry, const float *values, struct dino_error *error);

/* The strongest of values [n] that together hold that share (0 … 1) of their
 * sum: kept [n] is 1 for those after which, from the weakest to the strongest,
 * the sum exceeds 1 - mass of all (Caron et al. 2021), and for the strongest in
 * any case; of equal values the later are stronger. *share is what they hold.
 * Returns their number, 0 for want of memory. */
size_t dino_keep_mass (const float *values, size_t n, double mass, uint8_t *kept, double *share, struct dino_error *error);

/* The sum of the count strongest of values [n]. */
double dino_sum_strongest (const float *values, size_t n, size_t count);

/* "head 3", "mean of 12 heads" or "maximum of 12 heads". */
#define DINO_HEAD_NAME_LENGTH 64
const char *dino_attention_head_name (char name[DINO_HEAD_NAME_LENGTH], int head, int n_heads);

/* The sentence on the cells. */
void dino_attention_describe_cells (struct dino_map *map);
