/* The kernels for AVX2, FMA and F16C; compiled with these, run only where they were found. */
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define LANES 8

typedef __m256 vector;

static inline vector
v_fma (vector a, vector b, vector c)
{
  return _mm256_fmadd_ps (a, b, c);
}

static inline vector
v_load_half (const uint16_t *at)
{
  return _mm256_cvtph_ps (_mm_loadu_si128 ((const __m128i *) (const void *) at));
}

static inline vector
v_load_byte (const int8_t *at)
{
  return _mm256_cvtepi32_ps (_mm256_cvtepi8_epi32 (_mm_loadl_epi64 ((const __m128i *) (const void *) at)));
}

#include "core/vectors/row-kernels-vector.h"

const struct dino_row_kernels dino_row_kernels_avx2 = { .isa = DINO_ISA_AVX2, ROW_KERNELS };
