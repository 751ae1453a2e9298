/* In front of dinoscope-cli's main(), in a build of it for tests: with
 * DINO_FAULTS=IN,OUT (descriptors) the program is started as often as IN has
 * lines "DOMAINS MODE AT FOLDER", each time as a child in which an allocation
 * fails. A child's output goes to FOLDER/stdout and FOLDER/stderr; OUT gets
 * "STATUS SEEN FAILED FRAMES" with the status of waitpid() and the places in
 * this program, outward, from which the first one that failed was asked for.
 * Starting over costs a fork instead of a program's start.
 * DINO_FAULT=DOMAINS,MODE,AT lets it fail in this process, for a debugger. */
#include "faults.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

/* Seconds after which a child hangs, also under a sanitizer on a busy machine. */
#define WATCHDOG 240

static void
redirect (const char *folder, const char *name, int fd)
{
  char path[4096];
  int  file;

  snprintf (path, sizeof path, "%s/%s", folder, name);
  file = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0 || dup2 (file, fd) < 0)
    _exit (125);
}

static void
report (FILE *answers, int status, const struct faults *faults)
{
  fprintf (answers, "%d %u %u", status, faults->n_seen, faults->n_failed);
  for (int i = 0; i < faults->n_frames; i++)
    {
      Dl_info info;

      if (dladdr (faults->frames[i], &info) != 0)
        fprintf (answers, " %s+%#lx", info.dli_fname, (unsigned long) ((char *) faults->frames[i] - (char *) info.dli_fbase));
    }
  fputc ('\n', answers);
  fflush (answers);
}

__attribute__ ((constructor)) static void
serve (void)
{
  const char    *ends = getenv ("DINO_FAULTS"), *once = getenv ("DINO_FAULT");
  FILE          *requests, *answers;
  struct faults *faults;
  int            in, out, domains, mode;
  unsigned       at;
  char           folder[2048];

  static struct faults alone;

  faults_watch ();
  if (once != NULL && sscanf (once, "%d,%d,%u", &domains, &mode, &at) == 3)
    faults_arm (&alone, domains, mode, at);
  if (ends == NULL || sscanf (ends, "%d,%d", &in, &out) != 2)
    return;
  faults = mmap (NULL, sizeof *faults, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  requests = fdopen (in, "r");
  answers = fdopen (out, "w");
  if (faults == MAP_FAILED || requests == NULL || answers == NULL)
    _exit (125);
  setvbuf (requests, NULL, _IONBF, 0);
  while (fscanf (requests, "%d %d %u %2047s", &domains, &mode, &at, folder) == 4)
    {
      pid_t child = fork ();
      int   status = -1;

      if (child == 0)
        {
          prctl (PR_SET_PDEATHSIG, SIGKILL);
          close (in);
          close (out);
          unsetenv ("DINO_FAULTS");
          redirect (folder, "stdout", STDOUT_FILENO);
          redirect (folder, "stderr", STDERR_FILENO);
          alarm (WATCHDOG);
          faults_arm (faults, domains, mode, at);
          return;
        }
      if (child < 0 || waitpid (child, &status, 0) != child)
        _exit (125);
      report (answers, status, faults);
    }
  _exit (0);
}
