/* The whole forward pass, in every precision and instruction set: time on the
 * clock, processor time of all threads, and the longest that a Cancel would have
 * waited. The picture is a formula, of the size of the model's position table.
 * 8 bits without calibration: the same products. */
#include "bench.h"

#include <stdio.h>
#include <time.h>

#include "core/base/memory.h"
#include "core/encoder/encoder.h"

/* The three measures of a run. */
enum
{
  CLOCK,
  PROCESSOR,
  GAP,
  N_MEASURES
};

#define RUNS 7
#define QUICK_SIDE 4

struct forward
{
  struct dino_model   *model;
  struct dino_encoder *encoder;
  const float         *pixel_values;
  int                  side;
};

struct gap
{
  double last, longest;
};

static bool
watch (void *data, int done, int total)
{
  struct gap  *gap = data;
  const double now = bench_now ();

  if (now - gap->last > gap->longest)
    gap->longest = now - gap->last;
  gap->last = now;
  return true;
}

static double
processor_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

static void
run (const struct forward *forward, double measures[N_MEASURES])
{
  struct dino_error     error = { 0 };
  struct dino_features *features = dino_features_new (forward->model, forward->side, forward->side, DINO_KEEP_OUTPUT, &error);
  struct gap            gap = { .last = bench_now () };
  struct dino_progress  progress = { .func = watch, .data = &gap };
  const double          start = gap.last, used = processor_time ();

  bench_check (features != NULL, &error);
  bench_check (dino_encoder_run (forward->encoder, forward->pixel_values, features, &progress, &error), &error);
  measures[CLOCK] = bench_now () - start;
  measures[PROCESSOR] = processor_time () - used;
  measures[GAP] = gap.longest;
  dino_features_unref (features);
}

/* Multiplications and additions of all products. */
static double
operations (const struct dino_config *config, size_t tokens, size_t patches)
{
  const double d = config->hidden_size, f = config->mlp_size, t = (double) tokens, pixels = 3.0 * config->patch_size * config->patch_size;
  const double block = t * d * (4 * d + (config->swiglu ? 3 : 2) * f) + 2 * t * t * d;

  return 2 * (config->n_blocks * block + (double) patches * pixels * d);
}

static void
print (const struct bench *bench, const struct forward *forward, double samples[N_MEASURES][RUNS], size_t n)
{
  static const char *const  names[N_MEASURES] = { "forward", "forward-processor", "forward-gap" };
  const struct dino_config *config = dino_model_config (forward->model);
  const size_t              patches = (size_t) forward->side * (size_t) forward->side, tokens = 1 + (size_t) config->n_registers + patches;
  char                      variant[64], shape[64];

  snprintf (variant, sizeof variant, "%s %s", dino_isa_name (dino_encoder_isa (forward->encoder)), dino_precision_name (dino_model_precision (forward->model)));
  snprintf (shape, sizeof shape, "%zux%d %d blocks", tokens, config->hidden_size, config->n_blocks);
  for (int i = 0; i < N_MEASURES; i++)
    {
      const struct bench_seconds seconds = bench_summary (samples[i], n);

      /* Of the clock the rate counts operations, of the others how many a second there would be. */
      bench_print (bench, names[i], variant, shape, &seconds, i == CLOCK ? 1e-9 * operations (config, tokens, patches) : 1, i == CLOCK ? "GFLOP/s" : "1/s");
    }
}

static void
measure (const struct bench *bench, const char *path, enum dino_isa isa, enum dino_precision precision)
{
  struct dino_model_options options = { .precision = precision, .isa = isa, .team = bench->team };
  struct dino_error         error = { 0 };
  struct forward            forward = { .model = dino_model_load (path, &options, NULL, &error) };
  double                    samples[N_MEASURES][RUNS], measures[N_MEASURES];
  size_t                    n_pixels, n = bench->quick ? 1 : RUNS;
  float                    *pixels;

  bench_check (forward.model != NULL, &error);
  forward.side = bench->quick ? QUICK_SIDE : dino_config_table_side (dino_model_config (forward.model));
  n_pixels = 3 * (size_t) (forward.side * forward.side) * (size_t) (dino_model_config (forward.model)->patch_size * dino_model_config (forward.model)->patch_size);
  forward.pixel_values = pixels = bench_alloc (n_pixels, sizeof *pixels);
  bench_fill (pixels, n_pixels, 1);
  forward.encoder = dino_encoder_new (forward.model, forward.side, forward.side, isa, bench->team, &error);
  bench_check (forward.encoder != NULL, &error);
  /* The first run also touches memory for the first time. */
  run (&forward, measures);
  for (size_t i = 0; i < n; i++)
    {
      run (&forward, measures);
      for (int j = 0; j < N_MEASURES; j++)
        samples[j][i] = measures[j];
    }
  print (bench, &forward, samples, n);
  dino_encoder_free (forward.encoder);
  dino_model_unref (forward.model);
  dino_free (pixels);
}

int
main (int argc, char **argv)
{
  struct bench bench;

  bench_start (&bench, argc, argv, "The forward pass of the encoder in --model.");
  if (bench.model == NULL)
    bench_fail ("--model names no encoder");
  for (enum dino_precision precision = DINO_PRECISION_FP32; precision < DINO_N_PRECISIONS; precision++)
    for (enum dino_isa isa = DINO_ISA_GENERIC; isa <= DINO_ISA_AMX; isa++)
      {
        enum dino_isa used;

        if (bench_wants (&bench, isa) && dino_precision_isa (precision, isa, &used) && used == isa)
          measure (&bench, bench.model, isa, precision);
      }
  bench_end (&bench);
  return 0;
}
