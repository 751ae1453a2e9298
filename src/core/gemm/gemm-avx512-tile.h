/* A tile of 14 rows and one or two panels of 16 columns in the 32 registers
 * of AVX-512. Included by one file a format, which defines before
 *   SUM                    type of a register of sums
 *   STEP                   bytes of A that a step of depth takes, and
 *   GROUP                  how many values these are
 *   LOAD_SUM, STORE_SUM, NO_SUM
 *   BROADCAST (p)          STEP bytes at p to every lane
 *   MULTIPLY (sum, a, b)   sum + a b, b 64 bytes of a panel */
#pragma once

#include <immintrin.h>

#include "core/gemm/tile-loop.h"

#define TILE_ROWS 14

static inline __attribute__ ((always_inline)) void
tile_run (const struct tile *tile, int panels)
{
  SUM                  sums[TILE_ROWS][2];
  struct row_addresses rows = row_addresses (tile->a, tile->a_stride);
  const char          *b0 = tile->b0, *b1 = tile->b1;

#pragma GCC unroll 14
  for (int i = 0; i < TILE_ROWS; i++)
    for (int j = 0; j < panels; j++)
      sums[i][j] = tile->add ? LOAD_SUM (tile->c + (size_t) i * tile->c_stride + (size_t) j * 64) : NO_SUM;
  for (size_t k = 0; k < tile->depth; k += GROUP, b0 += 64, b1 += 64)
    {
      const __m512i first = _mm512_loadu_si512 (b0), second = panels > 1 ? _mm512_loadu_si512 (b1) : first;

      keep_in_registers (&rows);
#pragma GCC unroll 14
      for (int i = 0; i < TILE_ROWS; i++)
        {
          const __m512i value = BROADCAST (row_address (&rows, i));

          sums[i][0] = MULTIPLY (sums[i][0], value, first);
          if (panels > 1)
            sums[i][1] = MULTIPLY (sums[i][1], value, second);
        }
      rows.first += STEP;
      rows.eighth += STEP;
    }
#pragma GCC unroll 14
  for (int i = 0; i < TILE_ROWS; i++)
    for (int j = 0; j < panels; j++)
      STORE_SUM (tile->c + (size_t) i * tile->c_stride + (size_t) j * 64, sums[i][j]);
}

static void
tile_of_one (const struct tile *tile)
{
  tile_run (tile, 1);
}

static void
tile_of_two (const struct tile *tile)
{
  tile_run (tile, 2);
}

static void
run (const struct dino_product *product)
{
  loop_over_tiles (product, TILE_ROWS, tile_of_one, tile_of_two);
}
