/* Our own layers: from float rows, which they round to the product's format,
 * to float rows with a bias. */
#include "core/base/memory.h"
#include "core/encoder/linear.h"
#include "gemm-engine.h"

struct state
{
  struct dino_matrix matrix;
  struct dino_linear linear;
  struct dino_work   work;
  float             *y, *bias;
};

static void
pack (struct state *state, enum dino_format format, enum dino_isa isa, const struct gemm_case *product)
{
  struct dino_matrix *matrix = &state->matrix;
  size_t              bytes;

  if (!dino_matrix_describe (matrix, format, dino_gemm_panel (isa, product->n_outputs), product->n_inputs, product->n_outputs, 1) || !dino_matrix_bytes (matrix, &bytes))
    bench_fail ("matrix too large");
  dino_matrix_place (matrix, bench_alloc (bytes, 1));
  dino_matrix_pack (matrix, 0, product->n_outputs, product->w, NULL);
}

static void *
begin (const struct bench *bench, const struct gemm_engine *engine, const struct gemm_case *product)
{
  struct state *state = bench_alloc (1, sizeof *state);

  pack (state, engine->format, engine->isa, product);
  state->y = bench_alloc (product->rows * product->n_outputs, sizeof *state->y);
  state->bias = bench_alloc (product->n_outputs, sizeof *state->bias);
  state->work = (struct dino_work){
    .team = bench->team,
    .kernels = dino_kernels_for (engine->isa),
    .isa = engine->isa,
    .scratch_size = dino_linear_scratch (&state->matrix, engine->isa),
  };
  state->work.scratch = bench_alloc ((size_t) bench->threads, state->work.scratch_size);
  state->linear = (struct dino_linear){
    .rows = { .values = product->x, .stride = product->n_inputs },
    .n_rows = product->rows,
    .matrix = &state->matrix,
    .bias = state->bias,
    .n_groups = 1,
    .output = state->y,
    .output_stride = product->n_outputs,
  };
  return state;
}

static void
run (void *data)
{
  const struct state *state = data;

  dino_linear_run (&state->linear, &state->work);
}

static double
value (const void *data, size_t row, size_t column)
{
  const struct state *state = data;

  return (double) state->y[row * state->linear.output_stride + column];
}

static void
end (void *data)
{
  struct state *state = data;

  dino_free (state->matrix.panels);
  dino_free (state->work.scratch);
  dino_free (state->y);
  dino_free (state->bias);
  dino_free (state);
}

const struct gemm_engine gemm_dinoscope[] = {
  { "dinoscope generic fp32", NULL, DINO_ISA_GENERIC, DINO_FORMAT_F32, begin, run, value, end },
  { "dinoscope avx2 fp32", NULL, DINO_ISA_AVX2, DINO_FORMAT_F32, begin, run, value, end },
  { "dinoscope avx512 fp32", NULL, DINO_ISA_AVX512, DINO_FORMAT_F32, begin, run, value, end },
  { "dinoscope avx512-bf16 bf16", NULL, DINO_ISA_AVX512_BF16, DINO_FORMAT_BF16, begin, run, value, end },
  { "dinoscope avx512-bf16 int8", NULL, DINO_ISA_AVX512_BF16, DINO_FORMAT_S8, begin, run, value, end },
  { "dinoscope amx bf16", NULL, DINO_ISA_AMX, DINO_FORMAT_BF16, begin, run, value, end },
  { "dinoscope amx int8", NULL, DINO_ISA_AMX, DINO_FORMAT_S8, begin, run, value, end },
  { 0 },
};
