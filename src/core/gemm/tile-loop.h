/* A product from the kernel of one tile: included by one file an instruction
 * set and format, which then defines tile_run (). */
#pragma once

#include "core/gemm/gemm.h"

/* A tile of C: the file's TILE_ROWS rows, one or two panels. */
struct tile
{
  size_t      depth;
  const char *a;
  size_t      a_stride; /* bytes */
  const char *b0, *b1;  /* b1 is b0 when there is one panel */
  char       *c;
  size_t      c_stride; /* bytes */
  bool        add;
};

/* Panels outside, rows inside: a panel is read from memory once and stays in
 * the first caches while all rows meet it. */
static inline __attribute__ ((always_inline)) void
loop_over_tiles (const struct dino_product *product, size_t rows, void (*one) (const struct tile *), void (*two) (const struct tile *))
{
  const struct dino_panels *b = &product->b;

  for (size_t panel = 0; panel < b->count; panel += 2)
    {
      const bool  pair = panel + 1 < b->count;
      struct tile tile = {
        .depth = product->depth,
        .a = product->a,
        .a_stride = product->a_stride,
        .b0 = (const char *) b->data + panel * b->stride,
        .b1 = (const char *) b->data + (panel + pair) * b->stride,
        .c = (char *) product->c + panel * DINO_PANEL * sizeof (float),
        .c_stride = product->c_stride * sizeof (float),
        .add = product->add,
      };

      for (size_t row = 0; row < product->rows; row += rows)
        {
          if (pair)
            two (&tile);
          else
            one (&tile);
          tile.a += rows * tile.a_stride;
          tile.c += rows * tile.c_stride;
        }
    }
}

/* The rows of A by a base and three multiples of the stride, as addresses of
 * x86 have them: the compiler alone would keep a pointer for each row, most of
 * them on the stack. */
struct row_addresses
{
  const char *first, *eighth;
  size_t      once, thrice, five_times;
};

static inline struct row_addresses
row_addresses (const char *a, size_t stride)
{
  return (struct row_addresses){ .first = a, .eighth = a + 7 * stride, .once = stride, .thrice = 3 * stride, .five_times = 5 * stride };
}

static inline __attribute__ ((always_inline)) void
keep_in_registers (struct row_addresses *rows)
{
  __asm__(""
          : "+r"(rows->first), "+r"(rows->eighth), "+r"(rows->once), "+r"(rows->thrice), "+r"(rows->five_times));
}

/* i is a constant below 14. */
static inline __attribute__ ((always_inline)) const char *
row_address (const struct row_addresses *rows, int i)
{
  const char *base = i < 7 ? rows->first : rows->eighth;

  switch (i % 7)
    {
    case 0:
      return base;
    case 1:
      return base + rows->once;
    case 2:
      return base + 2 * rows->once;
    case 3:
      return base + rows->thrice;
    case 4:
      return base + 4 * rows->once;
    case 5:
      return base + rows->five_times;
    default:
      return base + 2 * rows->thrice;
    }
}
