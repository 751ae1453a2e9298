/* How alike two vectors are. */
#pragma once

#include <stddef.h>

/* a b / (|a| |b|) of n values; 0 where one is nothing. Partial sums are added
 * in a fixed order. */
float dino_cosine (const float *a, const float *b, size_t n);

/* How far one vector is from another, summed in double, since what is asked
 * for may be small beside the vectors: 1 - cosine (1 where one is nothing), and
 * the length of a - b. */
double dino_cosine_distance (const float *a, const float *b, size_t n);
double dino_euclidean_distance (const float *a, const float *b, size_t n);
