/* Times the forward pass:
 *
 *     bench-forward MODEL [THREADS [RUNS [ISA [PRECISION]]]]
 *
 * The picture is a formula, of the size of the model's position table. Prints
 * for each run the time on the clock, the processor time of all threads, and
 * the longest that a Cancel would have waited. The first run also touches
 * memory for the first time. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/memory.h"
#include "core/encoder/blas.h"
#include "core/encoder/encoder.h"

struct bench
{
  struct dino_model    *model;
  struct dino_team     *team;
  struct dino_encoder  *encoder;
  struct dino_features *features;
  float                *pixel_values;
};

struct gap
{
  double last, longest;
};

static double
seconds (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

static bool
watch (void *data, int done, int total)
{
  struct gap  *gap = data;
  const double now = seconds (CLOCK_MONOTONIC);

  if (now - gap->last > gap->longest)
    gap->longest = now - gap->last;
  gap->last = now;
  return true;
}

static bool
prepare (struct bench *bench, const char *path, int threads, enum dino_isa isa, enum dino_precision precision, struct dino_error *error)
{
  struct dino_model_options options = { .precision = precision, .isa = isa };

  size_t n;
  int    side;

  bench->team = dino_team_new (threads, error);
  if (bench->team == NULL)
    return false;
  options.team = bench->team;
  bench->model = dino_model_load (path, &options, NULL, error);
  if (bench->model == NULL)
    return false;
  side = dino_config_table_side (dino_model_config (bench->model));
  n = 3 * (size_t) (side * side) * (size_t) (dino_model_config (bench->model)->patch_size * dino_model_config (bench->model)->patch_size);
  bench->encoder = dino_encoder_new (bench->model, side, side, isa, bench->team, error);
  bench->features = dino_features_new (bench->model, side, side, DINO_KEEP_OUTPUT, error);
  bench->pixel_values = dino_alloc (n, sizeof *bench->pixel_values, error);
  if (bench->encoder == NULL || bench->features == NULL || bench->pixel_values == NULL)
    return false;
  for (size_t i = 0; i < n; i++)
    bench->pixel_values[i] = (float) (i * 7919 % 1009) / 300.0f - 1.6f;
  printf ("%s, %s, %d threads, %s; model %.1f MiB, encoder %.1f MiB, features %.1f MiB\n", path, dino_isa_name (dino_encoder_isa (bench->encoder)),
          dino_team_threads (bench->team), dino_model_name (bench->model), (double) dino_model_memory (bench->model) / 1048576,
          (double) dino_encoder_memory (bench->model, side, side, dino_team_threads (bench->team)) / 1048576,
          (double) dino_features_memory (bench->model, side, side, DINO_KEEP_OUTPUT) / 1048576);
  return true;
}

static bool
run (const struct bench *bench, struct dino_error *error)
{
  const double         start = seconds (CLOCK_MONOTONIC), cpu = seconds (CLOCK_PROCESS_CPUTIME_ID);
  struct gap           gap = { .last = start };
  struct dino_progress progress = { .func = watch, .data = &gap };

  if (!dino_encoder_run (bench->encoder, bench->pixel_values, bench->features, &progress, error))
    return false;
  printf ("forward_s: %.3f  cpu_s: %.3f  longest_gap_ms: %.1f\n", seconds (CLOCK_MONOTONIC) - start,
          seconds (CLOCK_PROCESS_CPUTIME_ID) - cpu, 1e3 * gap.longest);
  return true;
}

static void
clear (struct bench *bench)
{
  dino_free (bench->pixel_values);
  dino_features_unref (bench->features);
  dino_encoder_free (bench->encoder);
  dino_team_free (bench->team);
  if (bench->model != NULL)
    dino_model_unref (bench->model);
}

int
main (int argc, char **argv)
{
  struct bench        bench = { 0 };
  struct dino_error   error = { 0 };
  enum dino_isa       isa = dino_isa_detect ();
  enum dino_precision precision = DINO_PRECISION_FP32;
  bool                done;

  if (argc < 2 || argc > 6 || (argc > 4 && !dino_isa_parse (argv[4], &isa)) || (argc > 5 && !dino_precision_parse (argv[5], &precision)))
    {
      fprintf (stderr, "usage: %s MODEL [THREADS [RUNS [generic|avx2|avx512|avx512-bf16|amx [fp32|bf16|int8]]]]\n", argv[0]);
      return 2;
    }
  dino_blas_single_threaded ();
  done = prepare (&bench, argv[1], argc > 2 ? atoi (argv[2]) : 0, isa, precision, &error);
  for (int runs = argc > 3 ? atoi (argv[3]) : 5; done && runs > 0; runs--)
    done = run (&bench, &error);
  if (!done)
    fprintf (stderr, "%s\n", error.message);
  clear (&bench);
  return done ? 0 : 1;
}
