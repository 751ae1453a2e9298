/* How much the processor multiplies and adds at most, on all threads at once.
 * Three lines a probe: the lowest, the median and the highest rate of many
 * short runs. Far apart, they say that the machine is shared, or slows down
 * when it is hot; the highest is what products are to be compared with. */
#include "bench.h"
#include "peak.h"

#define RUN_SECONDS 0.01
#define QUICK_ROUNDS 1000

static const struct peak_probe *const probes[] = {
  &peak_avx2_fp32,
  &peak_avx512_fp32,
  &peak_avx512_bf16,
  &peak_avx512_int8,
  &peak_amx_bf16,
  &peak_amx_int8,
};

struct run
{
  const struct peak_probe *probe;
  struct dino_team        *team;
  size_t                   items, rounds;
};

static void
item (void *data, size_t index, int thread)
{
  const struct run *run = data;

  run->probe->run (run->rounds);
}

static void
run_all (void *data)
{
  struct run *run = data;

  dino_team_run (run->team, run->items, item, run, NULL, 0, 0);
}

/* Rounds for about RUN_SECONDS. */
static size_t
find_rounds (const struct bench *bench, const struct peak_probe *probe)
{
  size_t rounds = QUICK_ROUNDS;
  double start, seconds = 0;

  while (!bench->quick && seconds < RUN_SECONDS)
    {
      rounds *= 2;
      start = bench_now ();
      probe->run (rounds);
      seconds = bench_now () - start;
    }
  return rounds;
}

static void
measure (const struct bench *bench, const struct peak_probe *probe)
{
  struct run                 run = { .probe = probe, .team = bench->team, .items = (size_t) bench->threads, .rounds = find_rounds (bench, probe) };
  const double               work = probe->operations * (double) run.rounds * bench->threads * 1e-9;
  const struct bench_seconds seconds = bench_repeat (bench, run_all, &run);
  const struct bench_seconds lowest = { seconds.max, seconds.median, seconds.max }, median = { seconds.median, seconds.median, seconds.median };

  bench_print (bench, "peak", probe->name, "lowest", &lowest, work, "GFLOP/s");
  bench_print (bench, "peak", probe->name, "median", &median, work, "GFLOP/s");
  bench_print (bench, "peak", probe->name, "highest", &seconds, work, "GFLOP/s");
}

int
main (int argc, char **argv)
{
  struct bench bench;

  bench_start (&bench, argc, argv, "The most multiply-adds a second, by instruction set and precision.");
  for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
    if (bench_wants (&bench, probes[i]->isa))
      measure (&bench, probes[i]);
  bench_end (&bench);
  return 0;
}
