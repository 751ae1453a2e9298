#include "core/encoder/kernels-reference.h"

#include <math.h>

void
dino_reference_layer_norm (const float *in, double *out, size_t width, const float *weight, const float *bias, double eps)
{
  double mean = 0, variance = 0;

  for (size_t i = 0; i < width; i++)
    mean += in[i];
  mean /= (double) width;
  for (size_t i = 0; i < width; i++)
    variance += (in[i] - mean) * (in[i] - mean);
  variance /= (double) width;
  for (size_t i = 0; i < width; i++)
    out[i] = (in[i] - mean) / sqrt (variance + eps) * weight[i] + bias[i];
}

void
dino_reference_softmax (const float *in, double *out, size_t width)
{
  double highest = in[0], sum = 0;

  for (size_t i = 0; i < width; i++)
    highest = in[i] > highest ? in[i] : highest;
  for (size_t i = 0; i < width; i++)
    sum += out[i] = exp (in[i] - highest);
  for (size_t i = 0; i < width; i++)
    out[i] /= sum;
}

void
dino_reference_gelu (const float *in, double *out, size_t width)
{
  /* 1 + erf (z) = erfc (-z), which loses nothing where erf is near -1. */
  for (size_t i = 0; i < width; i++)
    out[i] = 0.5 * in[i] * erfc (-in[i] / sqrt (2));
}

void
dino_reference_swiglu (const float *gate, const float *value, double *out, size_t width)
{
  for (size_t i = 0; i < width; i++)
    out[i] = gate[i] / (1 + exp (-(double) gate[i])) * value[i];
}

void
dino_reference_residual (const float *in, const float *branch, const float *scale, double *out, size_t width)
{
  for (size_t i = 0; i < width; i++)
    out[i] = in[i] + (double) scale[i] * branch[i];
}
