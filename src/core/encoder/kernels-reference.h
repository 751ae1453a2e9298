/* What the kernels compute, in double precision and plain words, for tests. */
#pragma once

#include <stddef.h>

/* One row each; out may not be an input. */
void dino_reference_layer_norm (const float *in, double *out, size_t width, const float *weight, const float *bias, double eps);
void dino_reference_softmax (const float *in, double *out, size_t width);
void dino_reference_gelu (const float *in, double *out, size_t width);
void dino_reference_swiglu (const float *gate, const float *value, double *out, size_t width);
void dino_reference_residual (const float *in, const float *branch, const float *scale, double *out, size_t width);
