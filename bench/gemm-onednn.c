/* oneDNN 2's matmul with weights in the layout that it asks for. Inputs are
 * in the product's format beforehand; what rounding them takes is not counted. */
#include <dnnl.h>
#include <omp.h>
#include <stdio.h>

#include "core/base/memory.h"
#include "core/gemm/narrow.h"
#include "gemm-engine.h"

/* For values of -2 … 2. */
#define STEPS 63.0f

struct state
{
  const struct gemm_case *product;
  enum dino_format        format;
  dnnl_engine_t           engine;
  dnnl_stream_t           stream;
  dnnl_primitive_t        matmul;
  dnnl_memory_t           x, w, y;
  void                   *x_values, *y_values;
};

static void
check (dnnl_status_t status, const char *what)
{
  char text[128];

  if (status == dnnl_success)
    return;
  snprintf (text, sizeof text, "oneDNN: %s: status %d", what, (int) status);
  bench_fail (text);
}

static dnnl_data_type_t
type_of (enum dino_format format)
{
  static const dnnl_data_type_t types[DINO_N_FORMATS] = { dnnl_f32, dnnl_bf16, dnnl_s8 };

  return types[format];
}

/* In the format's numbers. */
static void *
convert (const float *values, size_t n, enum dino_format format)
{
  void *result = bench_alloc (n, dino_format_size (format));

  for (size_t i = 0; i < n; i++)
    switch (format)
      {
      case DINO_FORMAT_F32:
        ((float *) result)[i] = values[i];
        break;
      case DINO_FORMAT_BF16:
        ((uint16_t *) result)[i] = dino_bf16 (values[i]);
        break;
      default:
        ((int8_t *) result)[i] = (int8_t) (values[i] * STEPS + (values[i] < 0 ? -0.5f : 0.5f));
        break;
      }
  return result;
}

static dnnl_memory_desc_t
describe (size_t rows, size_t columns, dnnl_data_type_t type, dnnl_format_tag_t tag)
{
  const dnnl_dims_t  sizes = { (dnnl_dim_t) rows, (dnnl_dim_t) columns };
  dnnl_memory_desc_t result;

  check (dnnl_memory_desc_init_by_tag (&result, 2, sizes, type, tag), "dnnl_memory_desc_init_by_tag");
  return result;
}

static dnnl_memory_t
memory (const struct state *state, const dnnl_memory_desc_t *description, void *values)
{
  dnnl_memory_t result;

  check (dnnl_memory_create (&result, description, state->engine, values), "dnnl_memory_create");
  return result;
}

/* w [n_outputs, n_inputs], read as its transpose, brought to the layout wanted. */
static void
pack (struct state *state, const dnnl_memory_desc_t *wanted)
{
  const struct gemm_case  *product = state->product;
  const dnnl_memory_desc_t given = describe (product->n_inputs, product->n_outputs, type_of (state->format), dnnl_ba);
  void                    *values = convert (product->w, product->n_inputs * product->n_outputs, state->format);
  dnnl_memory_t            source = memory (state, &given, values);
  dnnl_primitive_desc_t    plan;
  dnnl_primitive_t         reorder;

  state->w = memory (state, wanted, DNNL_MEMORY_ALLOCATE);
  check (dnnl_reorder_primitive_desc_create (&plan, &given, state->engine, wanted, state->engine, NULL), "dnnl_reorder_primitive_desc_create");
  check (dnnl_primitive_create (&reorder, plan), "dnnl_primitive_create");
  check (dnnl_primitive_execute (reorder, state->stream, 2, (dnnl_exec_arg_t[]){ { DNNL_ARG_FROM, source }, { DNNL_ARG_TO, state->w } }), "reorder");
  check (dnnl_stream_wait (state->stream), "dnnl_stream_wait");
  dnnl_primitive_destroy (reorder);
  dnnl_primitive_desc_destroy (plan);
  dnnl_memory_destroy (source);
  dino_free (values);
}

static void *
begin (const struct bench *bench, const struct gemm_engine *engine, const struct gemm_case *product)
{
  struct state            *state = bench_alloc (1, sizeof *state);
  const dnnl_memory_desc_t x = describe (product->rows, product->n_inputs, type_of (engine->format), dnnl_ab);
  const dnnl_memory_desc_t w = describe (product->n_inputs, product->n_outputs, type_of (engine->format), dnnl_format_tag_any);
  const dnnl_memory_desc_t y = describe (product->rows, product->n_outputs, engine->format == DINO_FORMAT_S8 ? dnnl_s32 : dnnl_f32, dnnl_ab);
  dnnl_matmul_desc_t       operation;
  dnnl_primitive_desc_t    plan;

  /* It must be the same when a primitive is made and when it runs. */
  omp_set_num_threads (bench->threads);
  state->product = product;
  state->format = engine->format;
  check (dnnl_engine_create (&state->engine, dnnl_cpu, 0), "dnnl_engine_create");
  check (dnnl_stream_create (&state->stream, state->engine, dnnl_stream_default_flags), "dnnl_stream_create");
  check (dnnl_matmul_desc_init (&operation, &x, &w, NULL, &y), "dnnl_matmul_desc_init");
  check (dnnl_primitive_desc_create (&plan, &operation, NULL, state->engine, NULL), "dnnl_primitive_desc_create");
  check (dnnl_primitive_create (&state->matmul, plan), "dnnl_primitive_create");
  state->x_values = convert (product->x, product->rows * product->n_inputs, engine->format);
  state->y_values = bench_alloc (product->rows * product->n_outputs, sizeof (float));
  state->x = memory (state, &x, state->x_values);
  state->y = memory (state, &y, state->y_values);
  pack (state, dnnl_primitive_desc_query_md (plan, dnnl_query_weights_md, 0));
  dnnl_primitive_desc_destroy (plan);
  return state;
}

static void
run (void *data)
{
  struct state         *state = data;
  const dnnl_exec_arg_t arguments[] = { { DNNL_ARG_SRC, state->x }, { DNNL_ARG_WEIGHTS, state->w }, { DNNL_ARG_DST, state->y } };

  check (dnnl_primitive_execute (state->matmul, state->stream, 3, arguments), "dnnl_primitive_execute");
  check (dnnl_stream_wait (state->stream), "dnnl_stream_wait");
}

static double
value (const void *data, size_t row, size_t column)
{
  const struct state *state = data;
  const size_t        at = row * state->product->n_outputs + column;

  if (state->format == DINO_FORMAT_S8)
    return (double) ((const int32_t *) state->y_values)[at] / (double) (STEPS * STEPS);
  return (double) ((const float *) state->y_values)[at];
}

static void
end (void *data)
{
  struct state *state = data;

  dnnl_primitive_destroy (state->matmul);
  dnnl_memory_destroy (state->x);
  dnnl_memory_destroy (state->w);
  dnnl_memory_destroy (state->y);
  dnnl_stream_destroy (state->stream);
  dnnl_engine_destroy (state->engine);
  dino_free (state->x_values);
  dino_free (state->y_values);
  dino_free (state);
}

const struct gemm_engine gemm_onednn[] = {
  { "onednn fp32", NULL, DINO_ISA_GENERIC, DINO_FORMAT_F32, begin, run, value, end },
  /* Without the instructions it takes a path that nobody would use. */
  { "onednn bf16", NULL, DINO_ISA_AVX512_BF16, DINO_FORMAT_BF16, begin, run, value, end },
  { "onednn int8", NULL, DINO_ISA_AVX512_BF16, DINO_FORMAT_S8, begin, run, value, end },
  { 0 },
};
