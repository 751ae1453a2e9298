#include <immintrin.h>

#include "peak.h"

#define IN_FLIGHT 24

static void
run_bf16 (size_t rounds)
{
  __m512         sums[IN_FLIGHT];
  const __m512bh a = (__m512bh) _mm512_set1_epi16 (0x3f33), b = (__m512bh) _mm512_set1_epi16 (0x3fa6); /* 0.7, 1.3 */
  volatile float sink;

#pragma GCC unroll 24
  for (int i = 0; i < IN_FLIGHT; i++)
    sums[i] = _mm512_set1_ps ((float) i);
  for (size_t round = 0; round < rounds; round++)
    {
#pragma GCC unroll 24
      for (int i = 0; i < IN_FLIGHT; i++)
        sums[i] = _mm512_dpbf16_ps (sums[i], a, b);
    }
#pragma GCC unroll 24
  for (int i = 0; i < IN_FLIGHT; i++)
    sink = _mm512_cvtss_f32 (sums[i]);
  (void) sink;
}

static void
run_int8 (size_t rounds)
{
  __m512i       sums[IN_FLIGHT];
  const __m512i a = _mm512_set1_epi8 (3), b = _mm512_set1_epi8 (5);
  volatile int  sink;

#pragma GCC unroll 24
  for (int i = 0; i < IN_FLIGHT; i++)
    sums[i] = _mm512_set1_epi32 (i);
  for (size_t round = 0; round < rounds; round++)
    {
#pragma GCC unroll 24
      for (int i = 0; i < IN_FLIGHT; i++)
        sums[i] = _mm512_dpbusd_epi32 (sums[i], a, b);
    }
#pragma GCC unroll 24
  for (int i = 0; i < IN_FLIGHT; i++)
    sink = _mm512_cvtsi512_si32 (sums[i]);
  (void) sink;
}

const struct peak_probe peak_avx512_bf16 = { "avx512-bf16 bf16", DINO_ISA_AVX512_BF16, IN_FLIGHT * 32 * 2.0, run_bf16 };
const struct peak_probe peak_avx512_int8 = { "avx512-bf16 int8", DINO_ISA_AVX512_BF16, IN_FLIGHT * 64 * 2.0, run_int8 };
