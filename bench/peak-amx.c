#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#include "peak.h"

/* Six tiles of sums; one of each factor. */
#define IN_FLIGHT 6

static const struct __attribute__ ((aligned (64)))
{
  uint8_t  palette, start_row, reserved[14];
  uint16_t columns[16]; /* bytes */
  uint8_t  rows[16];
} tiles = { .palette = 1, .columns = { 64, 64, 64, 64, 64, 64, 64, 64 }, .rows = { 16, 16, 16, 16, 16, 16, 16, 16 } };

static void
start (void)
{
  char values[1024] __attribute__ ((aligned (64)));

  /* 0.7 and a little as bfloat16; 63 as bytes. */
  memset (values, 0x3f, sizeof values);
  _tile_loadconfig (&tiles);
  _tile_zero (0);
  _tile_zero (1);
  _tile_zero (2);
  _tile_zero (3);
  _tile_zero (4);
  _tile_zero (5);
  _tile_loadd (6, values, 64);
  _tile_loadd (7, values, 64);
}

/* These names of tiles are part of the instruction: no loop can make them. */
static void
run_bf16 (size_t rounds)
{
  start ();
  for (size_t round = 0; round < rounds; round++)
    {
      _tile_dpbf16ps (0, 6, 7);
      _tile_dpbf16ps (1, 6, 7);
      _tile_dpbf16ps (2, 6, 7);
      _tile_dpbf16ps (3, 6, 7);
      _tile_dpbf16ps (4, 6, 7);
      _tile_dpbf16ps (5, 6, 7);
    }
  _tile_release ();
}

static void
run_int8 (size_t rounds)
{
  start ();
  for (size_t round = 0; round < rounds; round++)
    {
      _tile_dpbssd (0, 6, 7);
      _tile_dpbssd (1, 6, 7);
      _tile_dpbssd (2, 6, 7);
      _tile_dpbssd (3, 6, 7);
      _tile_dpbssd (4, 6, 7);
      _tile_dpbssd (5, 6, 7);
    }
  _tile_release ();
}

const struct peak_probe peak_amx_bf16 = { "amx bf16", DINO_ISA_AMX, IN_FLIGHT * 16 * 16 * 32 * 2.0, run_bf16 };
const struct peak_probe peak_amx_int8 = { "amx int8", DINO_ISA_AMX, IN_FLIGHT * 16 * 16 * 64 * 2.0, run_int8 };
