#include "bench.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/memory.h"
#include "core/encoder/blas.h"

#define MIN_SECONDS 0.5
#define MIN_SAMPLES 5
#define MAX_SAMPLES 4096
/* Long against the clock's resolution and the team's start of a loop. */
#define SAMPLE_SECONDS 1e-4

static const struct option long_options[] = {
  { "threads", required_argument, NULL, 't' },
  { "isa", required_argument, NULL, 'i' },
  { "seconds", required_argument, NULL, 's' },
  { "model", required_argument, NULL, 'm' },
  { "cli", required_argument, NULL, 'c' },
  { "picture", required_argument, NULL, 'p' },
  { "matrix", required_argument, NULL, 'x' },
  { "quick", no_argument, NULL, 'q' },
  { "json", no_argument, NULL, 'j' },
  { "help", no_argument, NULL, 'h' },
  { NULL, 0, NULL, 0 },
};

static _Noreturn void
usage (const struct bench *bench, const char *about, int status)
{
  fprintf (status == 0 ? stdout : stderr,
           "Usage: %s [OPTION…]\n%s\n\n"
           "  --threads N   default: the processors this process may use\n"
           "  --isa NAME    only this instruction set\n"
           "  --seconds S   that each measurement takes at least (default: %g)\n"
           "  --model DIR   an encoder, where one is needed\n"
           "  --cli PATH    dinoscope-cli, where it is needed\n"
           "  --picture FILE  a picture, where one is needed\n"
           "  --matrix FILE  a .npy file to search in, for bench-search\n"
           "  --quick       everything once, in small sizes\n"
           "  --json        an object a line instead of CSV\n",
           bench->program, about, MIN_SECONDS);
  exit (status);
}

static int
positive (const char *text)
{
  char      *end;
  const long value = strtol (text, &end, 10);

  return *end == '\0' && value > 0 && value < 4096 ? (int) value : -1;
}

static bool
take_option (struct bench *bench, int option)
{
  switch (option)
    {
    case 't':
      return (bench->threads = positive (optarg)) > 0;
    case 'i':
      return bench->one_isa = dino_isa_parse (optarg, &bench->isa);
    case 's':
      return (bench->min_seconds = atof (optarg)) > 0;
    case 'm':
      bench->model = optarg;
      return true;
    case 'c':
      bench->cli = optarg;
      return true;
    case 'p':
      bench->picture = optarg;
      return true;
    case 'x':
      bench->matrix = optarg;
      return true;
    case 'q':
      return bench->quick = true;
    case 'j':
      return bench->json = true;
    default:
      return false;
    }
}

void
bench_start (struct bench *bench, int argc, char **argv, const char *about)
{
  struct dino_error error = { 0 };
  const char       *slash = strrchr (argv[0], '/');
  int               option;

  *bench = (struct bench){ .program = slash != NULL ? slash + 1 : argv[0], .min_seconds = MIN_SECONDS };
  while ((option = getopt_long (argc, argv, "", long_options, NULL)) != -1)
    if (!take_option (bench, option))
      usage (bench, about, option == 'h' ? 0 : 2);
  if (optind < argc)
    usage (bench, about, 2);
  if (bench->one_isa && bench->isa > dino_isa_detect ())
    bench_fail ("this processor lacks that instruction set");
  dino_blas_single_threaded ();
  bench->team = dino_team_new (bench->threads, &error);
  bench_check (bench->team != NULL, &error);
  bench->threads = dino_team_threads (bench->team);
  if (!bench->json)
    printf ("name,variant,shape,threads,seconds_min,seconds_median,rate,unit\n");
}

void
bench_end (struct bench *bench)
{
  dino_team_free (bench->team);
}

double
bench_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

static double
time_of (bench_func func, void *data, size_t times)
{
  const double start = bench_now ();

  for (size_t i = 0; i < times; i++)
    func (data);
  return (bench_now () - start) / (double) times;
}

static int
compare (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

struct bench_seconds
bench_summary (double *samples, size_t n)
{
  qsort (samples, n, sizeof *samples, compare);
  return (struct bench_seconds){ .min = samples[0], .median = (samples[(n - 1) / 2] + samples[n / 2]) / 2, .max = samples[n - 1] };
}

struct bench_seconds
bench_repeat (const struct bench *bench, bench_func func, void *data)
{
  double       samples[MAX_SAMPLES];
  const double first = time_of (func, data, 1), start = bench_now ();
  const size_t times = bench->quick || first > SAMPLE_SECONDS ? 1 : (size_t) (SAMPLE_SECONDS / (first + 1e-9)) + 1;
  size_t       n = 0;

  do
    samples[n++] = time_of (func, data, times);
  while (!bench->quick && n < MAX_SAMPLES && (n < MIN_SAMPLES || bench_now () - start < bench->min_seconds));
  return bench_summary (samples, n);
}

void
bench_print (const struct bench *bench, const char *name, const char *variant, const char *shape, const struct bench_seconds *seconds, double work, const char *unit)
{
  /* The clock may stand still in a quick run. */
  const double rate = work / (seconds->min > 1e-9 ? seconds->min : 1e-9);

  if (bench->json)
    printf ("{\"name\": \"%s\", \"variant\": \"%s\", \"shape\": \"%s\", \"threads\": %d, \"seconds_min\": %.6g, \"seconds_median\": %.6g, "
            "\"rate\": %.5g, \"unit\": \"%s\"}\n",
            name, variant, shape, bench->threads, seconds->min, seconds->median, rate, unit);
  else
    printf ("%s,%s,%s,%d,%.6g,%.6g,%.5g,%s\n", name, variant, shape, bench->threads, seconds->min, seconds->median, rate, unit);
  fflush (stdout);
}

bool
bench_wants (const struct bench *bench, enum dino_isa isa)
{
  return bench->one_isa ? bench->isa == isa : isa <= dino_isa_detect ();
}

void *
bench_alloc (size_t count, size_t size)
{
  struct dino_error error = { 0 };
  void             *memory = dino_alloc_zeroed (count, size, &error);

  bench_check (memory != NULL, &error);
  return memory;
}

void
bench_fill (float *values, size_t n, uint32_t seed)
{
  /* Knuth's multiplicative constants. */
  for (size_t i = 0; i < n; i++)
    {
      seed = seed * 1664525u + 1013904223u;
      values[i] = (float) (seed >> 8) / 4194304.0f - 2.0f;
    }
}

void
bench_fail (const char *what)
{
  fprintf (stderr, "%s\n", what);
  exit (1);
}

void
bench_check (bool done, const struct dino_error *error)
{
  if (!done)
    bench_fail (error->message);
}
