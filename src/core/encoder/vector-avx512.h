/* The vector of kernels-vector.h for AVX-512. */
#pragma once

#include <immintrin.h>
#include <stddef.h>

#define LANES 16

typedef __m512 vector;

static inline vector
v_fma (vector a, vector b, vector c)
{
  return _mm512_fmadd_ps (a, b, c);
}

/* The masked forms with every lane on: GCC 12 warns of its own plain ones. */
static inline vector
v_max (vector a, vector b)
{
  return _mm512_maskz_max_ps (0xffff, a, b);
}

static inline vector
v_min (vector a, vector b)
{
  return _mm512_maskz_min_ps (0xffff, a, b);
}

static inline __mmask16
first_lanes (size_t n)
{
  return (__mmask16) ((1u << n) - 1);
}

static inline vector
v_load_first (const float *at, size_t n, float fill)
{
  return _mm512_mask_loadu_ps (_mm512_set1_ps (fill), first_lanes (n), at);
}

static inline void
v_store_first (float *at, size_t n, vector a)
{
  _mm512_mask_storeu_ps (at, first_lanes (n), a);
}
