#include "core/vectors/row-kernels.h"

#if defined(__x86_64__)
#include <cpuid.h>

/* Half precision has a bit of its own, which a virtual machine may lack. Clang
 * 14 does not know it by name. */
static bool
has_half_precision (void)
{
  unsigned eax, ebx, ecx = 0, edx;

  return __get_cpuid (1, &eax, &ebx, &ecx, &edx) != 0 && (ecx & bit_F16C) != 0;
}
#endif

const struct dino_row_kernels *
dino_row_kernels_for (enum dino_isa isa)
{
#if defined(__x86_64__)
  if (isa >= DINO_ISA_AVX512)
    return &dino_row_kernels_avx512;
  if (isa == DINO_ISA_AVX2 && has_half_precision ())
    return &dino_row_kernels_avx2;
#endif
  return &dino_row_kernels_generic;
}
