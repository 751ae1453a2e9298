/* Products of 8-bit integers with AVX-512 VNNI. */
#include <immintrin.h>
#include <stdint.h>

#define SUM __m512i
#define STEP (4 * sizeof (int8_t))
#define GROUP 4
#define NO_SUM _mm512_setzero_si512 ()
#define LOAD_SUM(p) _mm512_loadu_si512 (p)
#define STORE_SUM(p, sum) _mm512_storeu_si512 ((p), (sum))
#define BROADCAST(p) _mm512_set1_epi32 (*(const int32_t *) (const void *) (p))
#define MULTIPLY(sum, a, b) _mm512_dpbusd_epi32 ((sum), (a), (b))

#include "core/gemm/gemm-avx512-tile.h"

const struct dino_gemm dino_gemm_avx512_s8 = { .isa = DINO_ISA_AVX512_BF16, .format = DINO_FORMAT_S8, .rows = TILE_ROWS, .a_offset = true, .run = run };
