/* Random numbers that are the same on every machine and in every run. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number
 * Generators, 2014). state is the seed at first; any seed is as good as
 * another. Not for secrets. */
struct dino_random
{
  uint64_t state;
};

static inline struct dino_random
dino_random (uint64_t seed)
{
  return (struct dino_random){ .state = seed };
}

/* 64 bits. */
uint64_t dino_random_next (struct dino_random *random);

/* 0 … 1, 1 excluded, in steps of 2^-53. */
double dino_random_share (struct dino_random *random);

/* 0 … n-1, each as likely as the other; n above 0. */
size_t dino_random_below (struct dino_random *random, size_t n);

/* Of a normal distribution, mean 0 and variance 1. */
double dino_random_normal (struct dino_random *random);

/* Puts the n numbers into one of all orders (Fisher and Yates). */
void dino_random_shuffle (struct dino_random *random, size_t *numbers, size_t n);
