/* The products of ViT-B at 518 px by shape, and whoever can make them. Each
 * engine's results are compared with sums in double: one that is fast because it
 * multiplies something else ends the program. */
#include <math.h>
#include <stdio.h>

#include "core/base/memory.h"
#include "gemm-engine.h"

static const struct gemm_engine *const families[] = {
  gemm_openblas,
#ifdef BENCH_ONEDNN
  gemm_onednn,
#endif
  gemm_dinoscope,
};

static const struct
{
  size_t n_inputs, n_outputs;
} shapes[] = {
  { 768, 2304 }, /* queries, keys and values */
  { 768, 768 },  /* projection of the heads */
  { 768, 3072 }, /* into the hidden layer */
  { 3072, 768 }, /* and out */
  { 588, 768 },  /* patch embedding */
};

/* CLS and 37 x 37 patches. */
#define ROWS ((size_t) 1370)
#define QUICK_ROWS ((size_t) 33)
#define N_CHECKED ((size_t) 500)

/* Of the standard deviation of a sum, with numbers from -2 to 2. */
static double
tolerance (enum dino_format format)
{
  static const double tolerances[DINO_N_FORMATS] = { 2e-5, 0.02, 0.04 };

  return tolerances[format];
}

static double
exact_value (const struct gemm_case *product, size_t row, size_t column)
{
  const float *x = product->x + row * product->n_inputs, *w = product->w + column * product->n_inputs;
  double       sum = 0;

  for (size_t i = 0; i < product->n_inputs; i++)
    sum += (double) x[i] * (double) w[i];
  return sum;
}

static void
verify (const struct gemm_engine *engine, const void *state, const struct gemm_case *product)
{
  /* The numbers have variance 4/3. */
  const double deviation = 4.0 / 3.0 * sqrt ((double) product->n_inputs);
  char         text[256];

  for (size_t i = 0; i < N_CHECKED; i++)
    {
      const size_t row = i * 7919 % product->rows, column = i * 104729 % product->n_outputs;
      const double found = engine->value (state, row, column), exact = exact_value (product, row, column);

      if (fabs (found - exact) <= tolerance (engine->format) * deviation)
        continue;
      snprintf (text, sizeof text, "%s: %g instead of %g in row %zu, column %zu", engine->name, found, exact, row, column);
      bench_fail (text);
    }
}

static void
measure (const struct bench *bench, const struct gemm_engine *engine, const struct gemm_case *product)
{
  void                      *state = engine->begin (bench, engine, product);
  const struct bench_seconds seconds = bench_repeat (bench, engine->run, state);
  char                       shape[64], variant[64];

  verify (engine, state, product);
  snprintf (shape, sizeof shape, "%zux%zu to %zu", product->rows, product->n_inputs, product->n_outputs);
  snprintf (variant, sizeof variant, "%s%s%s", engine->name, engine->kernel != NULL ? " " : "", engine->kernel != NULL ? engine->kernel () : "");
  bench_print (bench, "gemm", variant, shape, &seconds, 2e-9 * (double) (product->rows * product->n_inputs * product->n_outputs), "GFLOP/s");
  engine->end (state);
}

static void
measure_all (const struct bench *bench, const struct gemm_case *product)
{
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    for (const struct gemm_engine *engine = families[i]; engine->name != NULL; engine++)
      if (bench_wants (bench, engine->isa))
        measure (bench, engine, product);
}

int
main (int argc, char **argv)
{
  struct bench bench;

  bench_start (&bench, argc, argv, "Matrix products of ViT-B by shape.");
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    {
      struct gemm_case product = { .rows = bench.quick ? QUICK_ROWS : ROWS, .n_inputs = shapes[i].n_inputs, .n_outputs = shapes[i].n_outputs };
      float           *x, *w;

      if (bench.quick)
        product.n_outputs /= 12;
      product.x = x = bench_alloc (product.rows * product.n_inputs, sizeof *x);
      product.w = w = bench_alloc (product.n_outputs * product.n_inputs, sizeof *w);
      bench_fill (x, product.rows * product.n_inputs, 1);
      bench_fill (w, product.n_outputs * product.n_inputs, 2);
      measure_all (&bench, &product);
      dino_free (x);
      dino_free (w);
    }
  bench_end (&bench);
  return 0;
}
