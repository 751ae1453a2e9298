#include "core/encoder/precision.h"

#include <string.h>

static const char *const precision_names[DINO_N_PRECISIONS] = {
  [DINO_PRECISION_FP32] = "fp32",
  [DINO_PRECISION_BF16] = "bf16",
  [DINO_PRECISION_INT8] = "int8",
};

const char *
dino_precision_name (enum dino_precision precision)
{
  return precision < DINO_N_PRECISIONS ? precision_names[precision] : "";
}

bool
dino_precision_parse (const char *name, enum dino_precision *precision)
{
  for (int i = 0; i < DINO_N_PRECISIONS; i++)
    if (strcmp (name, precision_names[i]) == 0)
      {
        *precision = (enum dino_precision) i;
        return true;
      }
  return false;
}

bool
dino_precision_isa (enum dino_precision precision, enum dino_isa best, enum dino_isa *isa)
{
  const enum dino_isa used = precision == DINO_PRECISION_FP32 && best > DINO_ISA_AVX512 ? DINO_ISA_AVX512 : best;

  if (isa != NULL)
    *isa = used;
  return precision == DINO_PRECISION_FP32 || best >= DINO_ISA_AVX512_BF16;
}
