/* The two branches of a block of ViT-B: attention over 12 heads, and the MLP
 * from LayerNorm to residual. */
#include "bench.h"

#include <stdio.h>

#include "core/base/memory.h"
#include "core/encoder/attention.h"
#include "core/encoder/mlp.h"

#define TOKENS ((size_t) 1370)
#define QUICK_TOKENS ((size_t) 50)
#define WIDTH ((size_t) 768)
#define HIDDEN ((size_t) 3072)
#define N_HEADS ((size_t) 12)

struct variant
{
  const char      *name;
  enum dino_isa    isa;
  enum dino_format attention, mlp_in, mlp_out; /* as the precision has them */
};

static const struct variant variants[] = {
  { "generic fp32", DINO_ISA_GENERIC, DINO_FORMAT_F32, DINO_FORMAT_F32, DINO_FORMAT_F32 },
  { "avx2 fp32", DINO_ISA_AVX2, DINO_FORMAT_F32, DINO_FORMAT_F32, DINO_FORMAT_F32 },
  { "avx512 fp32", DINO_ISA_AVX512, DINO_FORMAT_F32, DINO_FORMAT_F32, DINO_FORMAT_F32 },
  { "avx512-bf16 bf16", DINO_ISA_AVX512_BF16, DINO_FORMAT_BF16, DINO_FORMAT_BF16, DINO_FORMAT_BF16 },
  { "avx512-bf16 int8", DINO_ISA_AVX512_BF16, DINO_FORMAT_BF16, DINO_FORMAT_S8, DINO_FORMAT_BF16 },
  { "amx bf16", DINO_ISA_AMX, DINO_FORMAT_BF16, DINO_FORMAT_BF16, DINO_FORMAT_BF16 },
  { "amx int8", DINO_ISA_AMX, DINO_FORMAT_BF16, DINO_FORMAT_S8, DINO_FORMAT_BF16 },
};

static struct dino_work
make_work (const struct bench *bench, enum dino_isa isa, size_t scratch)
{
  return (struct dino_work){
    .team = bench->team,
    .kernels = dino_kernels_for (isa),
    .isa = isa,
    .scratch = bench_alloc ((size_t) bench->threads, scratch),
    .scratch_size = scratch,
  };
}

struct attention_job
{
  struct dino_attention attention;
  struct dino_work      work;
};

static void
run_attention (void *data)
{
  const struct attention_job *job = data;

  dino_attention_run (&job->attention, &job->work);
}

/* Queries, keys and values side by side, as a block has them; half the rows may be read past the end. */
static void *
make_qkv (size_t tokens, size_t stride, const struct variant *variant)
{
  const size_t size = dino_format_size (variant->attention), n = (tokens + dino_row_padding ()) * stride;
  float       *values = bench_alloc (n, sizeof *values);
  void        *narrow;

  bench_fill (values, n, 1);
  if (variant->attention == DINO_FORMAT_F32)
    return values;
  narrow = bench_alloc (n, size);
  dino_kernels_for (variant->isa)->narrow (values, narrow, n);
  dino_free (values);
  return narrow;
}

static void
measure_attention (const struct bench *bench, const struct variant *variant, size_t tokens)
{
  const size_t                size = dino_format_size (variant->attention), stride = dino_row_stride (3 * WIDTH, variant->attention) / size;
  const bool                  narrow = variant->attention == DINO_FORMAT_BF16;
  struct dino_attention_shape shape;
  struct attention_job        job;
  char                       *qkv = make_qkv (tokens, stride, variant);
  struct bench_seconds        seconds;
  char                        text[64];

  if (!dino_attention_shape (&shape, variant->attention, variant->isa, tokens, N_HEADS, WIDTH / N_HEADS))
    bench_fail ("too many tokens");
  job.work = make_work (bench, variant->isa, dino_attention_scratch (&shape, variant->isa));
  job.attention = (struct dino_attention){
    .shape = &shape,
    .query = qkv,
    .key = qkv + WIDTH * size,
    .value = qkv + 2 * WIDTH * size,
    .stride = stride,
    .packed = bench_alloc (N_HEADS, shape.head_bytes),
    .output = bench_alloc (tokens * WIDTH, sizeof (float)),
    .output_stride = WIDTH,
    .narrow = narrow,
  };
  seconds = bench_repeat (bench, run_attention, &job);
  snprintf (text, sizeof text, "%zux%zu 12 heads", tokens, WIDTH);
  bench_print (bench, "attention", variant->name, text, &seconds, 4e-9 * (double) (tokens * tokens * WIDTH), "GFLOP/s");
  dino_free (qkv);
  dino_free (job.attention.packed);
  dino_free (job.attention.output);
  dino_free (job.work.scratch);
}

static void
make_matrix (struct dino_matrix *matrix, enum dino_format format, enum dino_isa isa, size_t n_inputs, size_t n_outputs)
{
  float *weights = bench_alloc (n_inputs * n_outputs, sizeof *weights);
  size_t bytes;

  bench_fill (weights, n_inputs * n_outputs, 2);
  for (size_t i = 0; i < n_inputs * n_outputs; i++)
    weights[i] *= 0.02f;
  if (!dino_matrix_describe (matrix, format, dino_gemm_panel (isa, n_outputs), n_inputs, n_outputs, 1) || !dino_matrix_bytes (matrix, &bytes))
    bench_fail ("matrix too large");
  dino_matrix_place (matrix, bench_alloc (bytes, 1));
  dino_matrix_pack (matrix, 0, n_outputs, weights, NULL);
  dino_free (weights);
}

struct mlp_job
{
  struct dino_mlp  mlp;
  struct dino_work work;
};

static void
run_mlp (void *data)
{
  const struct mlp_job *job = data;

  dino_mlp_run (&job->mlp, &job->work);
}

static void
measure_mlp (const struct bench *bench, const struct variant *variant, size_t tokens)
{
  const struct dino_config  config = { .hidden_size = (int) WIDTH, .mlp_size = (int) HIDDEN, .layer_norm_eps = 1e-6f };
  float                    *vector = bench_alloc (HIDDEN, sizeof *vector), *out = bench_alloc (tokens * WIDTH, sizeof *out);
  struct dino_block_weights weights = {
    .norm2_weight = vector,
    .norm2_bias = vector,
    .mlp_in_bias = vector,
    .mlp_out_bias = vector,
    .scale2 = vector,
  };
  struct mlp_job       job = { .mlp = { .config = &config, .weights = &weights, .tokens = tokens, .out = out } };
  struct bench_seconds seconds;
  char                 text[64];

  bench_fill (vector, HIDDEN, 3);
  bench_fill (out, tokens * WIDTH, 4);
  make_matrix (&weights.mlp_in, variant->mlp_in, variant->isa, WIDTH, HIDDEN);
  make_matrix (&weights.mlp_out, variant->mlp_out, variant->isa, HIDDEN, WIDTH);
  job.work = make_work (bench, variant->isa, dino_mlp_scratch (&weights, variant->isa));
  seconds = bench_repeat (bench, run_mlp, &job);
  snprintf (text, sizeof text, "%zux%zu to %zu to %zu", tokens, WIDTH, HIDDEN, WIDTH);
  bench_print (bench, "mlp", variant->name, text, &seconds, 4e-9 * (double) (tokens * WIDTH * HIDDEN), "GFLOP/s");
  dino_free (weights.mlp_in.panels);
  dino_free (weights.mlp_out.panels);
  dino_free (job.work.scratch);
  dino_free (vector);
  dino_free (out);
}

int
main (int argc, char **argv)
{
  struct bench bench;

  bench_start (&bench, argc, argv, "Attention and MLP of ViT-B, with everything around their products.");
  for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
    if (bench_wants (&bench, variants[i].isa))
      {
        measure_attention (&bench, &variants[i], bench.quick ? QUICK_TOKENS : TOKENS);
        measure_mlp (&bench, &variants[i], bench.quick ? QUICK_TOKENS : TOKENS);
      }
  bench_end (&bench);
  return 0;
}
