#include "core/encoder/cosine.h"

#include <math.h>

/* Partial sums, added in a fixed order. */
#define LANES 16

static float
add_up (const float lanes[LANES])
{
  float sums[LANES];

  for (int i = 0; i < LANES; i++)
    sums[i] = lanes[i];
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++)
      sums[i] += sums[i + half];
  return sums[0];
}

float
dino_cosine (const float *restrict a, const float *restrict b, size_t n)
{
  float  ab[LANES] = { 0 }, aa[LANES] = { 0 }, bb[LANES] = { 0 };
  size_t i = 0;
  float  lengths;

  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++)
      {
        ab[k] += a[i + (size_t) k] * b[i + (size_t) k];
        aa[k] += a[i + (size_t) k] * a[i + (size_t) k];
        bb[k] += b[i + (size_t) k] * b[i + (size_t) k];
      }
  for (int k = 0; i < n; i++, k++)
    {
      ab[k] += a[i] * b[i];
      aa[k] += a[i] * a[i];
      bb[k] += b[i] * b[i];
    }
  lengths = sqrtf (add_up (aa)) * sqrtf (add_up (bb));
  return lengths > 0 ? add_up (ab) / lengths : 0.0f;
}

double
dino_cosine_distance (const float *a, const float *b, size_t n)
{
  double ab = 0, aa = 0, bb = 0;

  for (size_t i = 0; i < n; i++)
    {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
  return aa > 0 && bb > 0 ? 1 - ab / (sqrt (aa) * sqrt (bb)) : 1;
}

double
dino_euclidean_distance (const float *a, const float *b, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
  return sqrt (sum);
}
