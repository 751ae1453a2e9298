/* The kernels for AVX-512 F, BW, DQ, VL; compiled with these, run only where dino_isa_detect() found them. */
#include "core/encoder/vector-avx512.h"

#include "core/encoder/kernels-vector.h"

const struct dino_kernels dino_kernels_avx512 = { .isa = DINO_ISA_AVX512, KERNELS_TO_FLOAT };
