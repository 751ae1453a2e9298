/* Preloaded by the tests: clocks that jump. FAULTS_CLOCK is the seed.
 *
 * At every call the time of day jumps by up to ten years, forwards or
 * backwards. The monotonic clock never goes back, which the system promises,
 * but may have been asleep: it leaps by up to an hour. */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "faults.h"

#define TEN_YEARS (10 * 365 * 24 * 3600L)
#define LONGEST_SLEEP 3600L

static atomic_ullong state;
static atomic_long   slept;
static bool          jumps;

__attribute__ ((constructor)) static void
begin_clock (void)
{
  const char *seed = getenv ("FAULTS_CLOCK"), *program = getenv ("FAULTS_PROGRAM");

  if (seed == NULL || (program != NULL && strcmp (program, program_invocation_short_name) != 0))
    return;
  atomic_store (&state, strtoull (seed, NULL, 10));
  jumps = true;
}

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t
draw (void)
{
  uint64_t z = atomic_fetch_add (&state, 0x9e3779b97f4a7c15u) + 0x9e3779b97f4a7c15u;

  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static long
jump (void)
{
  return (long) (draw () % (2 * TEN_YEARS)) - TEN_YEARS;
}

int
clock_gettime (clockid_t clock, struct timespec *now)
{
  int result;

  FAULTS_NEXT (clock_gettime);
  result = next (clock, now);
  if (!jumps || result != 0)
    return result;
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
    now->tv_sec += jump ();
  else if (clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME)
    now->tv_sec += draw () % 8 == 0 ? atomic_fetch_add (&slept, LONGEST_SLEEP) + LONGEST_SLEEP : atomic_load (&slept);
  return 0;
}

int
gettimeofday (struct timeval *restrict now, void *restrict zone)
{
  FAULTS_NEXT (gettimeofday);
  int result = next (now, zone);

  if (jumps && result == 0)
    now->tv_sec += jump ();
  return result;
}

time_t
time (time_t *where)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);
  if (where != NULL)
    *where = now.tv_sec;
  return now.tv_sec;
}
