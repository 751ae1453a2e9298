/* Float32 products with AVX-512 F. */
#include <immintrin.h>

#define SUM __m512
#define STEP sizeof (float)
#define GROUP 1
#define NO_SUM _mm512_setzero_ps ()
#define LOAD_SUM(p) _mm512_loadu_ps (p)
#define STORE_SUM(p, sum) _mm512_storeu_ps ((p), (sum))
#define BROADCAST(p) _mm512_castps_si512 (_mm512_set1_ps (*(const float *) (const void *) (p)))
#define MULTIPLY(sum, a, b) _mm512_fmadd_ps (_mm512_castsi512_ps (a), _mm512_castsi512_ps (b), (sum))

#include "core/gemm/gemm-avx512-tile.h"

const struct dino_gemm dino_gemm_avx512 = { .isa = DINO_ISA_AVX512, .format = DINO_FORMAT_F32, .rows = TILE_ROWS, .run = run };
