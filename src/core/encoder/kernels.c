#include "core/encoder/kernels.h"

const struct dino_kernels *
dino_kernels_for (enum dino_isa isa)
{
#if defined(__x86_64__)
  if (isa >= DINO_ISA_AVX512_BF16)
    return &dino_kernels_avx512_bf16;
  if (isa == DINO_ISA_AVX512)
    return &dino_kernels_avx512;
  if (isa == DINO_ISA_AVX2)
    return &dino_kernels_avx2;
#endif
  return &dino_kernels_generic;
}
