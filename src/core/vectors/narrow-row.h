/* Rows of length 1, and rows of 8 bits. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* out = row / |row|, in double until it is rounded; out may be row. False, and
 * zeros, when row has no length or not only finite numbers. */
bool dino_row_normalize (const float *row, float *out, size_t width);

/* out = row / *scale rounded, *scale the largest magnitude / 127; *error is not
 * below |row - *scale out|, so that a product with a query of length 1 is at
 * most so far off (Cauchy-Schwarz). */
void dino_row_narrow (const float *row, int8_t *out, size_t width, float *scale, float *error);
