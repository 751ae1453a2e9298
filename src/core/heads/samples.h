/* The rows of a matrix of features on which a head is fitted, standardised. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

struct dino_samples
{
  const float  *values; /* [rows, n_features] */
  size_t        n_features;
  const size_t *rows; /* [n], which of them; NULL: the first n */
  size_t        n;
  const double *means, *factors; /* [n_features]; what is fitted is (value - mean) * factor. NULL: the values as they are */
};

/* Mean, and 1 / standard deviation (of the samples themselves, divided by n), of
 * each feature, both [n_features]; a feature that does not vary gets factor 1. */
void dino_samples_measure (const struct dino_samples *samples, double *means, double *factors);

/* Samples first … first + count - 1, columns from … from + width - 1,
 * standardised, into panel [count, width]. */
void dino_samples_read (const struct dino_samples *samples, size_t first, size_t count, size_t from, size_t width, double *panel);
