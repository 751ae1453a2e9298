/* Quantiles of the values of a map. */
#pragma once

#include <stddef.h>

/* Sorts n finite values, the smallest first. */
void dino_quantile_sort (float *values, size_t n);

/* The value that a share (0 … 1) of n >= 1 sorted values does not exceed, linear
 * between neighbours, as numpy.percentile() has it. */
double dino_quantile (const float *sorted, size_t n, double share);
