#include "core/vectors/row-kernels.h"

const struct dino_row_kernels *
dino_row_kernels_for (enum dino_isa isa)
{
#if defined(__x86_64__)
  /* Half precision has a bit of its own, which a virtual machine may lack. */
  __builtin_cpu_init ();
  if (isa >= DINO_ISA_AVX512)
    return &dino_row_kernels_avx512;
  if (isa == DINO_ISA_AVX2 && __builtin_cpu_supports ("f16c"))
    return &dino_row_kernels_avx2;
#endif
  return &dino_row_kernels_generic;
}
