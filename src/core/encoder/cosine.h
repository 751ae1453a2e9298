/* How alike two vectors are. */
#pragma once

#include <stddef.h>

/* a b / (|a| |b|) of n values; 0 where one is nothing. Partial sums are added
 * in a fixed order. */
float dino_cosine (const float *a, const float *b, size_t n);
