/* The kernels for AVX-512 F, BW, DQ, VL; compiled with these, run only where dino_isa_detect() found them. */
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define LANES 16

typedef __m512 vector;

static inline vector
v_fma (vector a, vector b, vector c)
{
  return _mm512_fmadd_ps (a, b, c);
}

/* The masked forms with every lane on: GCC 12 warns of its own plain ones. */
static inline vector
v_load_half (const uint16_t *at)
{
  return _mm512_maskz_cvtph_ps (0xffff, _mm256_loadu_si256 ((const __m256i *) (const void *) at));
}

static inline vector
v_load_byte (const int8_t *at)
{
  return _mm512_maskz_cvtepi32_ps (0xffff, _mm512_maskz_cvtepi8_epi32 (0xffff, _mm_loadu_si128 ((const __m128i *) (const void *) at)));
}

#include "core/vectors/row-kernels-vector.h"

const struct dino_row_kernels dino_row_kernels_avx512 = { .isa = DINO_ISA_AVX512, ROW_KERNELS };
