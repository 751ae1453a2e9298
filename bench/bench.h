/* What the programs that measure share: options, time, and lines of output.
 *
 * They end the process themselves where memory or a thread cannot be had:
 * there is nothing to measure then. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/encoder/cpu.h"
#include "core/encoder/team.h"

struct bench
{
  const char       *program;
  int               threads;
  bool              quick; /* everything once, in small sizes: whether it works, not how fast */
  bool              json;
  double            min_seconds; /* that a measurement goes on for */
  bool              one_isa;     /* only isa */
  enum dino_isa     isa;
  const char       *model, *cli, *picture; /* for the programs that need them; NULL: not given */
  const char       *matrix;                /* likewise */
  struct dino_team *team;                  /* of threads threads */
};

/* Of one run. */
struct bench_seconds
{
  double min, median, max;
};

typedef void (*bench_func) (void *data);

/* Reads the options, starts the team, prints the heading. Wrong usage and
 * --help end the process. about: a line for --help. */
void bench_start (struct bench *bench, int argc, char **argv, const char *about);
void bench_end (struct bench *bench);

/* Seconds on a clock that nobody sets. */
double bench_now (void);

/* Runs func once for nothing, then until min_seconds have passed, at least
 * five times. A func of less than 0.1 ms runs several times a sample. */
struct bench_seconds bench_repeat (const struct bench *bench, bench_func func, void *data);

/* Of samples taken elsewhere, which are sorted; n above 0. */
struct bench_seconds bench_summary (double *samples, size_t n);

/* One line: work / seconds is the rate, in unit. Texts without comma or quote. */
void bench_print (const struct bench *bench, const char *name, const char *variant, const char *shape, const struct bench_seconds *seconds, double work, const char *unit);

/* Whether the processor has isa and the options ask for it. */
bool bench_wants (const struct bench *bench, enum dino_isa isa);

/* Zeroed and aligned; free with dino_free(). */
void *bench_alloc (size_t count, size_t size);

/* Numbers from -2 to 2 that anybody can make again. */
void bench_fill (float *values, size_t n, uint32_t seed);

/* Ends the process with the error's message. */
_Noreturn void bench_fail (const char *what);
void           bench_check (bool done, const struct dino_error *error);
