#include <immintrin.h>

#include "peak.h"

#define IN_FLIGHT 24

static void
run_fp32 (size_t rounds)
{
  __m512         sums[IN_FLIGHT];
  const __m512   a = _mm512_set1_ps (0.7f), b = _mm512_set1_ps (1.3f);
  volatile float sink;

#pragma GCC unroll 24
  for (int i = 0; i < IN_FLIGHT; i++)
    sums[i] = _mm512_set1_ps ((float) i);
  for (size_t round = 0; round < rounds; round++)
    {
#pragma GCC unroll 24
      for (int i = 0; i < IN_FLIGHT; i++)
        sums[i] = _mm512_fmadd_ps (a, b, sums[i]);
    }
#pragma GCC unroll 24
  for (int i = 0; i < IN_FLIGHT; i++)
    sink = _mm512_cvtss_f32 (sums[i]);
  (void) sink;
}

const struct peak_probe peak_avx512_fp32 = { "avx512 fp32", DINO_ISA_AVX512, IN_FLIGHT * 16 * 2.0, run_fp32 };
