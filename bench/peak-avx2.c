#include <immintrin.h>

#include "peak.h"

#define IN_FLIGHT 12

static void
run_fp32 (size_t rounds)
{
  __m256         sums[IN_FLIGHT];
  const __m256   a = _mm256_set1_ps (0.7f), b = _mm256_set1_ps (1.3f);
  volatile float sink;

#pragma GCC unroll 12
  for (int i = 0; i < IN_FLIGHT; i++)
    sums[i] = _mm256_set1_ps ((float) i);
  for (size_t round = 0; round < rounds; round++)
    {
#pragma GCC unroll 12
      for (int i = 0; i < IN_FLIGHT; i++)
        sums[i] = _mm256_fmadd_ps (a, b, sums[i]);
    }
#pragma GCC unroll 12
  for (int i = 0; i < IN_FLIGHT; i++)
    sink = _mm256_cvtss_f32 (sums[i]);
  (void) sink;
}

const struct peak_probe peak_avx2_fp32 = { "avx2 fp32", DINO_ISA_AVX2, IN_FLIGHT * 8 * 2.0, run_fp32 };
