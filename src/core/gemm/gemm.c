#include "core/gemm/gemm.h"

size_t
dino_format_size (enum dino_format format)
{
  static const size_t sizes[DINO_N_FORMATS] = { sizeof (float), sizeof (uint16_t), sizeof (int8_t) };

  return sizes[format];
}

size_t
dino_format_group (enum dino_format format)
{
  return sizeof (float) / dino_format_size (format);
}

size_t
dino_format_depth (enum dino_format format)
{
  /* A tile register takes 64 bytes of each row. */
  return format == DINO_FORMAT_F32 ? 1 : 64 / dino_format_size (format);
}

#if defined(__x86_64__)

static const struct dino_gemm *
vector_gemm (enum dino_isa isa, enum dino_format format)
{
  const bool tiles = isa >= DINO_ISA_AMX;

  if (format == DINO_FORMAT_F32)
    return isa >= DINO_ISA_AVX512 ? &dino_gemm_avx512 : isa == DINO_ISA_AVX2 ? &dino_gemm_avx2
                                                                             : NULL;
  if (isa < DINO_ISA_AVX512_BF16)
    return NULL;
  if (format == DINO_FORMAT_BF16)
    return tiles ? &dino_gemm_amx_bf16 : &dino_gemm_avx512_bf16;
  return tiles ? &dino_gemm_amx_s8 : &dino_gemm_avx512_s8;
}

#else

static const struct dino_gemm *
vector_gemm (enum dino_isa isa, enum dino_format format)
{
  return NULL;
}

#endif

const struct dino_gemm *
dino_gemm_for (enum dino_isa isa, enum dino_format format)
{
  const struct dino_gemm *gemm = vector_gemm (isa, format);

  return gemm == NULL && format == DINO_FORMAT_F32 ? &dino_gemm_blas : gemm;
}

size_t
dino_gemm_panel (enum dino_isa isa, size_t columns)
{
  const size_t padded = (columns + DINO_PANEL - 1) / DINO_PANEL * DINO_PANEL;

  if (vector_gemm (isa, DINO_FORMAT_F32) != NULL)
    return DINO_PANEL;
  return padded < DINO_BLAS_PANEL ? padded : DINO_BLAS_PANEL;
}
