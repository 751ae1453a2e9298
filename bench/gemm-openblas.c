#include <cblas.h>

#include "core/base/memory.h"
#include "gemm-engine.h"

struct state
{
  const struct gemm_case *product;
  float                  *y;
};

static const char *
kernel (void)
{
  return openblas_get_corename ();
}

static void *
begin (const struct bench *bench, const struct gemm_engine *engine, const struct gemm_case *product)
{
  struct state *state = bench_alloc (1, sizeof *state);

  state->product = product;
  state->y = bench_alloc (product->rows * product->n_outputs, sizeof *state->y);
  openblas_set_num_threads (bench->threads);
  return state;
}

static void
run (void *data)
{
  const struct state     *state = data;
  const struct gemm_case *product = state->product;

  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) product->rows, (int) product->n_outputs, (int) product->n_inputs, 1,
               product->x, (int) product->n_inputs, product->w, (int) product->n_inputs, 0, state->y, (int) product->n_outputs);
}

static double
value (const void *data, size_t row, size_t column)
{
  const struct state *state = data;

  return (double) state->y[row * state->product->n_outputs + column];
}

static void
end (void *data)
{
  struct state *state = data;

  /* As our own threads want it, where BLAS multiplies for them. */
  openblas_set_num_threads (1);
  dino_free (state->y);
  dino_free (state);
}

const struct gemm_engine gemm_openblas[] = {
  { "openblas fp32", kernel, DINO_ISA_GENERIC, DINO_FORMAT_F32, begin, run, value, end },
  { 0 },
};
