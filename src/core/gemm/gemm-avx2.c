/* Float32 products with AVX2 and FMA: 6 rows of 16 columns in 16 registers. */
#include <immintrin.h>

#include "core/gemm/tile-loop.h"

#define TILE_ROWS 6

static inline __attribute__ ((always_inline)) void
tile_panel (const struct tile *tile, const char *b, char *c)
{
  __m256               sums[TILE_ROWS][2];
  struct row_addresses rows = row_addresses (tile->a, tile->a_stride);

#pragma GCC unroll 6
  for (int i = 0; i < TILE_ROWS; i++)
    for (int j = 0; j < 2; j++)
      sums[i][j] = tile->add ? _mm256_loadu_ps ((const float *) (void *) (c + (size_t) i * tile->c_stride) + 8 * j) : _mm256_setzero_ps ();
  for (size_t k = 0; k < tile->depth; k++, b += 64)
    {
      const __m256 left = _mm256_loadu_ps ((const float *) (const void *) b);
      const __m256 right = _mm256_loadu_ps ((const float *) (const void *) b + 8);

      keep_in_registers (&rows);
#pragma GCC unroll 6
      for (int i = 0; i < TILE_ROWS; i++)
        {
          const __m256 value = _mm256_broadcast_ss ((const float *) (const void *) row_address (&rows, i));

          sums[i][0] = _mm256_fmadd_ps (value, left, sums[i][0]);
          sums[i][1] = _mm256_fmadd_ps (value, right, sums[i][1]);
        }
      rows.first += sizeof (float);
      rows.eighth += sizeof (float);
    }
#pragma GCC unroll 6
  for (int i = 0; i < TILE_ROWS; i++)
    for (int j = 0; j < 2; j++)
      _mm256_storeu_ps ((float *) (void *) (c + (size_t) i * tile->c_stride) + 8 * j, sums[i][j]);
}

static void
tile_of_one (const struct tile *tile)
{
  tile_panel (tile, tile->b0, tile->c);
}

static void
tile_of_two (const struct tile *tile)
{
  tile_panel (tile, tile->b0, tile->c);
  tile_panel (tile, tile->b1, tile->c + DINO_PANEL * sizeof (float));
}

static void
run (const struct dino_product *product)
{
  loop_over_tiles (product, TILE_ROWS, tile_of_one, tile_of_two);
}

const struct dino_gemm dino_gemm_avx2 = { .isa = DINO_ISA_AVX2, .format = DINO_FORMAT_F32, .rows = TILE_ROWS, .run = run };
