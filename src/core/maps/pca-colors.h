/* The ranges that the colours of a PCA map cover, and its histogram. */
#pragma once

#include <stdint.h>

#include "core/maps/token-maps.h"

/* Values of one or several pictures, gathered channel by channel. */
struct dino_pca_range
{
  int    channels;   /* 1 or 3 */
  bool   percentile; /* 1st to 99th percentile, else smallest to largest */
  size_t room;       /* values of a channel */
  size_t n;
  float *values; /* [channels, room] */
};

/* channels, percentile and room are set; the rest is zero. */
bool dino_pca_range_init (struct dino_pca_range *range, struct dino_error *error);

/* values [n, channels]; mask [n] of those that count, or NULL. */
void dino_pca_range_add (struct dino_pca_range *range, const float *values, const uint8_t *mask, size_t n);

/* Sets the map's range; symmetric for signed values. */
void dino_pca_range_finish (struct dino_pca_range *range, struct dino_map *map);
void dino_pca_range_clear (struct dino_pca_range *range);

/* low, high and histogram of n values. */
void dino_pca_count (const float *values, size_t n, struct dino_pca_facts *facts);
