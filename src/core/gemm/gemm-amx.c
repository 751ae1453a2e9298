/* Products of bfloat16 and of 8-bit integers in the tile registers of AMX:
 * 32 rows of 32 columns from four accumulators. */
#include <immintrin.h>
#include <string.h>

#include "core/gemm/tile-loop.h"

#define TILE_ROWS 32
#define HALF_ROWS 16

/* Bytes of A that a step of depth takes from a row; as many rows of 64 bytes of a panel. */
#define STEP 64
#define PANEL_STEP (16 * 64)

/* The memory operand of LDTILECFG (Intel's manual, volume 1, "Tile configuration"). */
struct configuration
{
  uint8_t  palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t  rows[16];
};

static inline void
configure (void)
{
  struct configuration configuration = { .palette = 1 };

  for (int i = 0; i < 8; i++)
    {
      configuration.row_bytes[i] = 64;
      configuration.rows[i] = 16;
    }
  _tile_loadconfig (&configuration);
}

/* Registers 0 to 3 hold C, 4 and 5 A, 6 and 7 B. Tile numbers are parts of the instructions: hence a macro. */
#define DEFINE_TILE(name, multiply, size)                                       \
  static inline __attribute__ ((always_inline)) void                            \
  name (const struct tile *tile, bool pair)                                     \
  {                                                                             \
    const char  *top = tile->a, *bottom = tile->a + HALF_ROWS * tile->a_stride; \
    const char  *b0 = tile->b0, *b1 = tile->b1;                                 \
    char        *c = tile->c, *c_bottom = tile->c + HALF_ROWS * tile->c_stride; \
    const size_t stride = tile->a_stride;                                       \
                                                                                \
    if (tile->add)                                                              \
      {                                                                         \
        _tile_loadd (0, c, tile->c_stride);                                     \
        _tile_loadd (2, c_bottom, tile->c_stride);                              \
        if (pair)                                                               \
          {                                                                     \
            _tile_loadd (1, c + 64, tile->c_stride);                            \
            _tile_loadd (3, c_bottom + 64, tile->c_stride);                     \
          }                                                                     \
      }                                                                         \
    else                                                                        \
      {                                                                         \
        _tile_zero (0);                                                         \
        _tile_zero (1);                                                         \
        _tile_zero (2);                                                         \
        _tile_zero (3);                                                         \
      }                                                                         \
    for (size_t k = 0; k < tile->depth; k += STEP / (size))                     \
      {                                                                         \
        _tile_loadd (6, b0, 64);                                                \
        _tile_loadd (4, top, stride);                                           \
        _tile_loadd (5, bottom, stride);                                        \
        multiply (0, 4, 6);                                                     \
        multiply (2, 5, 6);                                                     \
        if (pair)                                                               \
          {                                                                     \
            _tile_loadd (7, b1, 64);                                            \
            multiply (1, 4, 7);                                                 \
            multiply (3, 5, 7);                                                 \
          }                                                                     \
        top += STEP;                                                            \
        bottom += STEP;                                                         \
        b0 += PANEL_STEP;                                                       \
        b1 += PANEL_STEP;                                                       \
      }                                                                         \
    _tile_stored (0, c, tile->c_stride);                                        \
    _tile_stored (2, c_bottom, tile->c_stride);                                 \
    if (pair)                                                                   \
      {                                                                         \
        _tile_stored (1, c + 64, tile->c_stride);                               \
        _tile_stored (3, c_bottom + 64, tile->c_stride);                        \
      }                                                                         \
  }                                                                             \
                                                                                \
  static void                                                                   \
      name##_of_one (const struct tile *tile)                                   \
  {                                                                             \
    name (tile, false);                                                         \
  }                                                                             \
                                                                                \
  static void                                                                   \
      name##_of_two (const struct tile *tile)                                   \
  {                                                                             \
    name (tile, true);                                                          \
  }                                                                             \
                                                                                \
  static void                                                                   \
      name##_run (const struct dino_product *product)                           \
  {                                                                             \
    configure ();                                                               \
    loop_over_tiles (product, TILE_ROWS, name##_of_one, name##_of_two);         \
    _tile_release ();                                                           \
  }

DEFINE_TILE (bf16, _tile_dpbf16ps, 2)
DEFINE_TILE (s8, _tile_dpbssd, 1)

const struct dino_gemm dino_gemm_amx_bf16 = { .isa = DINO_ISA_AMX, .format = DINO_FORMAT_BF16, .rows = TILE_ROWS, .run = bf16_run };
const struct dino_gemm dino_gemm_amx_s8 = { .isa = DINO_ISA_AMX, .format = DINO_FORMAT_S8, .rows = TILE_ROWS, .run = s8_run };
