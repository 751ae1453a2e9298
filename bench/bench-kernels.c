/* What a block does besides products, for each instruction set: LayerNorm,
 * softmax, GELU, residual, and the roundings of the narrow precisions.
 *
 * LayerNorm reads and writes whole arrays as in a forward pass. The others
 * work on strips that stay in a thread's second cache, as they do there behind
 * a product; the shape counts what goes through. */
#include "bench.h"

#include <stdio.h>

#include "core/base/memory.h"
#include "core/encoder/kernels.h"

#define ROWS ((size_t) 1370)
#define QUICK_ROWS ((size_t) 40)
#define STRIP ((size_t) 32)
#define MAX_WIDTH ((size_t) 3072)
/* From row to row of a strip: no power of two. */
#define STRIDE (MAX_WIDTH + 16)
#define EPSILON 1e-6f

struct job
{
  const struct dino_kernels *kernels;
  size_t                     rows, width;
  float                     *in, *out;         /* [rows, width] */
  float                     *strips, *results; /* a strip each thread */
  const float               *vector, *other;   /* [width] */
  struct dino_team          *team;
  void (*run) (const struct job *job, size_t row, size_t n, int thread);
};

static float *
strip (const struct job *job, int thread)
{
  return job->strips + (size_t) thread * STRIP * STRIDE;
}

static float *
result (const struct job *job, int thread)
{
  return job->results + (size_t) thread * STRIP * STRIDE;
}

static void
run_layer_norm (const struct job *job, size_t row, size_t n, int thread)
{
  const size_t at = row * job->width;

  job->kernels->layer_norm (job->in + at, job->width, job->out + at, job->width, n, job->width, job->vector, job->other, EPSILON);
}

static void
run_softmax (const struct job *job, size_t row, size_t n, int thread)
{
  job->kernels->softmax (strip (job, thread), n, job->width, STRIDE);
}

static void
run_weigh (const struct job *job, size_t row, size_t n, int thread)
{
  float factors[STRIP];

  job->kernels->weigh (strip (job, thread), n, job->width, job->width, STRIDE, 0.125f, factors);
}

static void
run_weigh_bf16 (const struct job *job, size_t row, size_t n, int thread)
{
  float factors[STRIP];

  job->kernels->weigh_bf16 (strip (job, thread), n, job->width, job->width, STRIDE, 0.125f, factors);
}

static struct dino_tile
tile (const struct job *job, size_t n, int thread)
{
  return (struct dino_tile){
    .rows = n,
    .width = job->width,
    .sums = strip (job, thread),
    .sums_stride = STRIDE,
    .bias = job->vector,
    .residual = result (job, thread),
    .scale = job->other,
    .out = result (job, thread),
    .out_stride = STRIDE,
  };
}

static void
run_gelu (const struct job *job, size_t row, size_t n, int thread)
{
  const struct dino_tile piece = tile (job, n, thread);

  job->kernels->finish[DINO_FINISH_GELU](&piece);
}

static void
run_gelu_bf16 (const struct job *job, size_t row, size_t n, int thread)
{
  const struct dino_tile piece = tile (job, n, thread);

  job->kernels->finish_bf16[DINO_FINISH_GELU](&piece);
}

static void
run_residual (const struct job *job, size_t row, size_t n, int thread)
{
  /* Into another place than it comes from: sums that grow without end would reach infinity. */
  struct dino_tile piece = tile (job, n, thread);

  piece.residual = piece.sums;
  job->kernels->finish[DINO_FINISH_RESIDUAL](&piece);
}

static void
run_narrow (const struct job *job, size_t row, size_t n, int thread)
{
  for (size_t i = 0; i < n; i++)
    job->kernels->narrow (strip (job, thread) + i * STRIDE, (uint16_t *) (void *) (result (job, thread) + i * STRIDE), job->width);
}

static void
run_quantize (const struct job *job, size_t row, size_t n, int thread)
{
  for (size_t i = 0; i < n; i++)
    job->kernels->quantize (strip (job, thread) + i * STRIDE, (int8_t *) (void *) (result (job, thread) + i * STRIDE), job->width, true);
}

static const struct
{
  const char *name, *precision;
  size_t      width;
  bool        narrow; /* only where the processor has bfloat16 */
  void (*run) (const struct job *job, size_t row, size_t n, int thread);
} cases[] = {
  { "layer-norm", "fp32", 768, false, run_layer_norm },
  { "softmax", "fp32", 1370, false, run_softmax },
  { "softmax-numerators", "fp32", 1370, false, run_weigh },
  { "softmax-numerators", "bf16", 1370, true, run_weigh_bf16 },
  { "gelu", "fp32", 3072, false, run_gelu },
  { "gelu", "bf16", 3072, true, run_gelu_bf16 },
  { "residual", "fp32", 768, false, run_residual },
  { "round-to-bf16", "bf16", 768, true, run_narrow },
  { "round-to-int8", "int8", 768, true, run_quantize },
};

static void
item (void *data, size_t index, int thread)
{
  const struct job *job = data;
  const size_t      row = index * STRIP, rest = job->rows - row;

  job->run (job, row, rest < STRIP ? rest : STRIP, thread);
}

static void
run_job (void *data)
{
  struct job *job = data;

  dino_team_run (job->team, (job->rows + STRIP - 1) / STRIP, item, job, NULL, 0, 0);
}

static void
measure (const struct bench *bench, struct job *job)
{
  char variant[64], shape[64];

  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      struct bench_seconds seconds;

      if (cases[i].narrow && job->kernels->narrow == NULL)
        continue;
      /* In-place kernels left their results there. */
      bench_fill (job->strips, (size_t) bench->threads * STRIP * STRIDE, 1);
      job->width = cases[i].width;
      job->run = cases[i].run;
      seconds = bench_repeat (bench, run_job, job);
      snprintf (variant, sizeof variant, "%s %s", dino_isa_name (job->kernels->isa), cases[i].precision);
      snprintf (shape, sizeof shape, "%zux%zu", job->rows, job->width);
      bench_print (bench, cases[i].name, variant, shape, &seconds, (double) (job->rows * job->width) * 1e-9, "Gvalues/s");
    }
}

int
main (int argc, char **argv)
{
  struct bench bench;
  struct job   job;
  float       *vectors;

  bench_start (&bench, argc, argv, "LayerNorm, softmax, GELU and what else a block does besides products.");
  vectors = bench_alloc (2 * MAX_WIDTH, sizeof *vectors);
  bench_fill (vectors, 2 * MAX_WIDTH, 2);
  job = (struct job){
    .rows = bench.quick ? QUICK_ROWS : ROWS,
    .in = bench_alloc (ROWS * MAX_WIDTH, sizeof (float)),
    .out = bench_alloc (ROWS * MAX_WIDTH, sizeof (float)),
    .strips = bench_alloc ((size_t) bench.threads * STRIP * STRIDE, sizeof (float)),
    .results = bench_alloc ((size_t) bench.threads * STRIP * STRIDE, sizeof (float)),
    .vector = vectors,
    .other = vectors + MAX_WIDTH,
    .team = bench.team,
  };
  bench_fill (job.in, ROWS * MAX_WIDTH, 3);
  for (enum dino_isa isa = DINO_ISA_GENERIC; isa <= DINO_ISA_AMX; isa++)
    {
      job.kernels = bench_wants (&bench, isa) ? dino_kernels_for (isa) : NULL;
      /* AMX adds nothing to these. */
      if (job.kernels != NULL && job.kernels->isa == isa)
        measure (&bench, &job);
    }
  dino_free (job.in);
  dino_free (job.out);
  dino_free (job.strips);
  dino_free (job.results);
  dino_free (vectors);
  bench_end (&bench);
  return 0;
}
