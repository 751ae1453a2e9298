/* Many vectors at once, as they lie in memory or in a mapped file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

/* [n, width], row-major: float, or the bits of IEEE half precision when half.
 * Whoever made it owns the rows. */
struct dino_points
{
  const void *rows;
  size_t      n, width;
  bool        half;
};

static inline struct dino_points
dino_points (const float *rows, size_t n, size_t width)
{
  return (struct dino_points){ .rows = rows, .n = n, .width = width };
}

/* One row: where it lies, or in buffer [width] when it has to be widened. */
const float *dino_points_row (const struct dino_points *points, size_t row, float *buffer);

/* Rows first … first+count-1 in float32, [count, width]. */
void dino_points_rows (const struct dino_points *points, size_t first, size_t count, float *out);

/* All values are finite; else an error that names the row, from 0. */
bool dino_points_check (const struct dino_points *points, struct dino_error *error);

/* mean [width], summed in double over the rows in their order. */
void dino_points_mean (const struct dino_points *points, float *mean);

/* The length of a vector, summed in double. */
double dino_vector_length (const float *vector, size_t width);

/* |a - b|^2, the partial sums in a fixed order. */
double dino_squared_distance (const float *a, const float *b, size_t width);

/* A copy in float32, [n, width], each row brought to length one where
 * normalise (rows of zeros stay); dino_free() it. */
float *dino_points_copy (const struct dino_points *points, bool normalise, struct dino_error *error);
