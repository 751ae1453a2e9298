#include "core/base/random.h"

#include <math.h>

uint64_t
dino_random_next (struct dino_random *random)
{
  uint64_t z = random->state += UINT64_C (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

double
dino_random_share (struct dino_random *random)
{
  return (double) (dino_random_next (random) >> 11) * 0x1p-53;
}

/* Numbers of the last, incomplete round of n are drawn again. */
size_t
dino_random_below (struct dino_random *random, size_t n)
{
  const uint64_t range = n, rest = (UINT64_MAX % range + 1) % range;
  uint64_t       number = dino_random_next (random);

  while (number > UINT64_MAX - rest)
    number = dino_random_next (random);
  return (size_t) (number % range);
}

/* Marsaglia's polar method; its second number is not kept, so that a state is one number. */
double
dino_random_normal (struct dino_random *random)
{
  double x, y, square;

  do
    {
      x = 2 * dino_random_share (random) - 1;
      y = 2 * dino_random_share (random) - 1;
      square = x * x + y * y;
    }
  while (square >= 1 || square == 0);
  return x * sqrt (-2 * log (square) / square);
}

void
dino_random_shuffle (struct dino_random *random, size_t *numbers, size_t n)
{
  for (size_t i = n; i > 1; i--)
    {
      const size_t other = dino_random_below (random, i);
      const size_t kept = numbers[i - 1];

      numbers[i - 1] = numbers[other];
      numbers[other] = kept;
    }
}
