/* Matrix products with one operand packed beforehand.
 *
 * C = A B, A [rows, k] row-major, B [k, columns] in panels of a few columns
 * each. An element of C is a sum over k in one fixed order, whatever the number
 * of rows or columns around it: results do not depend on how the work is cut. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/encoder/cpu.h"

/* What the operands are made of; sums are float, or int32_t for S8. */
enum dino_format
{
  DINO_FORMAT_F32,
  DINO_FORMAT_BF16, /* uint16_t */
  DINO_FORMAT_S8,   /* int8_t */
  DINO_N_FORMATS
};

size_t dino_format_size (enum dino_format format);

/* Columns of a panel wherever there is a micro-kernel; BLAS wants wider ones. */
#define DINO_PANEL ((size_t) 16)
#define DINO_BLAS_PANEL ((size_t) 192)

/* Neighbouring values of k lie together in a panel, as the processor's dot
 * products take them: [k / dino_format_group (), panel, dino_format_group ()]. */
size_t dino_format_group (enum dino_format format);

/* k is padded with zeros to a multiple of this. */
size_t dino_format_depth (enum dino_format format);

/* B: count panels of width columns, each stride bytes after the one before. */
struct dino_panels
{
  const void *data;
  size_t      count, width, stride;
};

struct dino_product
{
  size_t             rows, depth; /* depth: k, padded */
  const void        *a;           /* readable up to a multiple of dino_gemm's rows */
  size_t             a_stride;    /* bytes */
  struct dino_panels b;
  void              *c;        /* [rows rounded up likewise, c_stride], float or int32_t */
  size_t             c_stride; /* elements */
  bool               add;      /* C += A B */
};

/* How one instruction set multiplies one format. */
struct dino_gemm
{
  enum dino_isa    isa;
  enum dino_format format;
  size_t           rows; /* of a tile; 1 for BLAS */
  /* A is unsigned, 128 too high: VNNI multiplies no two signed numbers. */
  bool a_offset;
  void (*run) (const struct dino_product *product);
};

/* NULL when isa has no kernel for format. Float32 always has one. */
const struct dino_gemm *dino_gemm_for (enum dino_isa isa, enum dino_format format);

/* The width of panels to pack for isa. */
size_t dino_gemm_panel (enum dino_isa isa, size_t columns);

extern const struct dino_gemm dino_gemm_blas;
extern const struct dino_gemm dino_gemm_avx2;
extern const struct dino_gemm dino_gemm_avx512;
extern const struct dino_gemm dino_gemm_avx512_bf16;
extern const struct dino_gemm dino_gemm_avx512_s8;
extern const struct dino_gemm dino_gemm_amx_bf16;
extern const struct dino_gemm dino_gemm_amx_s8;

/* Asks the system, once, to let this process use the tile registers. */
bool dino_amx_permitted (void);
