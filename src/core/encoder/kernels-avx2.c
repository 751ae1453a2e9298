/* The kernels for AVX2 and FMA; compiled with these, run only where dino_isa_detect() found them. */
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#define LANES 8

typedef __m256 vector;

static inline vector
v_fma (vector a, vector b, vector c)
{
  return _mm256_fmadd_ps (a, b, c);
}

static inline vector
v_max (vector a, vector b)
{
  return _mm256_max_ps (a, b);
}

static inline vector
v_min (vector a, vector b)
{
  return _mm256_min_ps (a, b);
}

/* All bits set in the first n lanes. */
static inline __m256i
first_lanes (size_t n)
{
  return _mm256_cmpgt_epi32 (_mm256_set1_epi32 ((int) n), _mm256_setr_epi32 (0, 1, 2, 3, 4, 5, 6, 7));
}

static inline vector
v_load_first (const float *at, size_t n, float fill)
{
  const __m256i first = first_lanes (n);

  return _mm256_blendv_ps (_mm256_set1_ps (fill), _mm256_maskload_ps (at, first), _mm256_castsi256_ps (first));
}

static inline void
v_store_first (float *at, size_t n, vector a)
{
  _mm256_maskstore_ps (at, first_lanes (n), a);
}

#include "core/encoder/kernels-vector.h"

const struct dino_kernels dino_kernels_avx2 = { .isa = DINO_ISA_AVX2, KERNELS_TO_FLOAT };
