/* Float32 products by OpenBLAS, for processors that we have no kernel for. */
#include <cblas.h>

#include "core/gemm/gemm.h"

static void
run (const struct dino_product *product)
{
  for (size_t panel = 0; panel < product->b.count; panel++)
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int) product->rows, (int) product->b.width, (int) product->depth, 1.0f,
                 product->a, (int) (product->a_stride / sizeof (float)),
                 (const float *) (const void *) ((const char *) product->b.data + panel * product->b.stride), (int) product->b.width,
                 product->add ? 1.0f : 0.0f, (float *) product->c + panel * product->b.width, (int) product->c_stride);
}

const struct dino_gemm dino_gemm_blas = { .isa = DINO_ISA_GENERIC, .format = DINO_FORMAT_F32, .rows = 1, .run = run };
