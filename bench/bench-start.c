/* From the start of a process to a PCA picture in a file: dinoscope-cli in every
 * precision that it has here, with weights packed at the start, and kept packed
 * from the time before. "evicted": after the system forgot the model's files,
 * so that the disk counts. Python's time for the same: tools/cold_start.py. */
#include "bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUNS 7

struct start
{
  const struct bench *bench;
  const char         *precision;
  bool                packed, evicted;
  char                output[128];
};

/* Drops a file's pages from memory. */
static void
evict (const char *path)
{
  const int file = open (path, O_RDONLY | O_CLOEXEC);

  if (file < 0)
    return;
  posix_fadvise (file, 0, 0, POSIX_FADV_DONTNEED);
  close (file);
}

static void
evict_model (const char *path)
{
  DIR                 *folder = opendir (path);
  const struct dirent *entry;
  char                 name[4096];

  if (folder == NULL)
    {
      evict (path);
      return;
    }
  while ((entry = readdir (folder)) != NULL)
    if (entry->d_name[0] != '.' && snprintf (name, sizeof name, "%s/%s", path, entry->d_name) < (int) sizeof name)
      evict (name);
  closedir (folder);
}

/* The exit code. */
static int
run_program (char *const *arguments)
{
  pid_t child;
  int   status;

  if (posix_spawn (&child, arguments[0], NULL, NULL, arguments, environ) != 0 || waitpid (child, &status, 0) != child)
    bench_fail ("the program cannot be started");
  return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static double
run (const struct start *start)
{
  const struct bench *bench = start->bench;
  char                threads[16];
  const char         *arguments[] = {
            bench->cli,
            "--quiet",
            "--model",
            bench->model,
            "--threads",
            threads,
            "--precision",
            start->precision,
            "map",
            bench->picture,
            "--overlay",
            "pca",
            "-o",
            start->output,
    start->packed ? "--packed-cache" : NULL,
            NULL,
  };
  double begin;

  snprintf (threads, sizeof threads, "%d", bench->threads);
  if (start->evicted)
    evict_model (bench->model);
  begin = bench_now ();
  if (run_program ((char *const *) arguments) != 0)
    bench_fail ("dinoscope-cli failed");
  return bench_now () - begin;
}

static bool
is_available (const struct bench *bench, const char *precision)
{
  const char *arguments[] = { bench->cli, "--quiet", "--precision", precision, "info", "--json", NULL };
  const int   quiet = open ("/dev/null", O_WRONLY | O_CLOEXEC), out = dup (STDOUT_FILENO), err = dup (STDERR_FILENO);
  int         code;

  /* What info says about the program, or why there is no such precision, is not for our output. */
  dup2 (quiet, STDOUT_FILENO);
  dup2 (quiet, STDERR_FILENO);
  code = run_program ((char *const *) arguments);
  dup2 (out, STDOUT_FILENO);
  dup2 (err, STDERR_FILENO);
  close (quiet);
  close (out);
  close (err);
  return code == 0;
}

static void
measure (const struct start *start)
{
  struct bench_seconds seconds;
  double               samples[RUNS];
  size_t               n = 0;
  char                 variant[64];

  /* The first time fills caches, and keeps what is packed. */
  if (!start->bench->quick || start->packed)
    run (start);
  do
    samples[n++] = run (start);
  while (!start->bench->quick && n < RUNS);
  seconds = bench_summary (samples, n);
  snprintf (variant, sizeof variant, "%s%s%s", start->precision, start->packed ? " packed" : "", start->evicted ? " evicted" : "");
  bench_print (start->bench, "start", variant, "process to pca picture", &seconds, 1, "1/s");
}

static int
remove_entry (const char *path, const struct stat *facts, int kind, struct FTW *place)
{
  return remove (path);
}

int
main (int argc, char **argv)
{
  static const char *const precisions[] = { "fp32", "bf16", "int8" };
  struct bench             bench;
  char                     folder[] = "/tmp/bench-start-XXXXXX";

  bench_start (&bench, argc, argv, "From a process start to a PCA picture: needs --cli, --model and --picture.");
  if (bench.cli == NULL || bench.model == NULL || bench.picture == NULL)
    bench_fail ("--cli, --model and --picture are needed");
  if (mkdtemp (folder) == NULL)
    bench_fail ("no folder can be made");
  /* Packed weights go there, never among the user's. */
  setenv ("XDG_CACHE_HOME", folder, 1);
  for (size_t i = 0; i < (bench.quick ? 1 : sizeof precisions / sizeof *precisions); i++)
    {
      struct start start = { .bench = &bench, .precision = precisions[i] };

      if (!is_available (&bench, precisions[i]))
        continue;
      snprintf (start.output, sizeof start.output, "%s/out.png", folder);
      measure (&start);
      start.packed = true;
      measure (&start);
      start.packed = false;
      start.evicted = true;
      if (!bench.quick)
        measure (&start);
    }
  nftw (folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
  bench_end (&bench);
  return 0;
}
