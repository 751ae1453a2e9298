/* The numbers that the encoder multiplies, and which processors can. */
#pragma once

#include <stdbool.h>

#include "core/encoder/cpu.h"

enum dino_precision
{
  DINO_PRECISION_FP32, /* float32 throughout */
  DINO_PRECISION_BF16, /* products of bfloat16, summed in float32 */
  DINO_PRECISION_INT8, /* linear layers in 8 bits where that is harmless, else as BF16 */
  DINO_N_PRECISIONS
};

/* "fp32", "bf16", "int8". */
const char *dino_precision_name (enum dino_precision precision);
bool        dino_precision_parse (const char *name, enum dino_precision *precision);

/* Whether a processor with best has the instructions that precision needs.
 * *isa (may be NULL) is the set that its products then use: float32 has
 * nothing to gain from what comes after AVX-512. */
bool dino_precision_isa (enum dino_precision precision, enum dino_isa best, enum dino_isa *isa);
