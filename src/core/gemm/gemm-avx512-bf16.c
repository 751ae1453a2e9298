/* Products of bfloat16 with AVX-512 BF16. */
#include <immintrin.h>
#include <stdint.h>

#define SUM __m512
#define STEP (2 * sizeof (uint16_t))
#define GROUP 2
#define NO_SUM _mm512_setzero_ps ()
#define LOAD_SUM(p) _mm512_loadu_ps (p)
#define STORE_SUM(p, sum) _mm512_storeu_ps ((p), (sum))
#define BROADCAST(p) _mm512_set1_epi32 (*(const int32_t *) (const void *) (p))
#define MULTIPLY(sum, a, b) _mm512_dpbf16_ps ((sum), (__m512bh) (a), (__m512bh) (b))

#include "core/gemm/gemm-avx512-tile.h"

const struct dino_gemm dino_gemm_avx512_bf16 = { .isa = DINO_ISA_AVX512_BF16, .format = DINO_FORMAT_BF16, .rows = TILE_ROWS, .run = run };
