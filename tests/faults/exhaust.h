/* Every allocation of a step fails in turn: once, then it and all after it. */
#pragma once

#include <execinfo.h>
#include <glib.h>
#include <string.h>

#include "faults.h"

/* Does its work and undoes it; data is the test's own. */
typedef bool (*exhaust_step) (void *data, struct dino_error *error);

static inline void
exhaust_explain (const char *name, int mode, unsigned at, const struct faults *faults, bool done, const struct dino_error *error)
{
  char **frames = backtrace_symbols (faults->frames, faults->n_frames);

  g_test_message ("%s, allocation %u%s: %s, code %d, “%s”", name, at, mode == FAULTS_ONCE ? "" : " and all after it", done ? "done" : "failed", (int) error->code, error->message);
  for (int i = 0; frames != NULL && i < faults->n_frames; i++)
    g_test_message ("  %s", frames[i]);
  free (frames);
}

/* Each time an error has to say that memory is lacking, and for about. */
static inline void
exhaust (const char *name, exhaust_step step, void *data, const char *about)
{
  unsigned n_failed = 0;

  for (int mode = FAULTS_ONCE; mode <= FAULTS_FOR_GOOD; mode++)
    for (unsigned at = 0;; at++)
      {
        struct dino_error error = { 0 };
        struct faults     faults;
        bool              done;

        faults_arm (&faults, FAULTS_ALL, mode, at);
        done = step (data, &error);
        faults_disarm ();
        if (done != (faults.n_failed == 0) || (error.code == DINO_CODE_MEMORY) == done || (!done && strstr (error.message, about) == NULL))
          {
            exhaust_explain (name, mode, at, &faults, done, &error);
            g_test_fail ();
          }
        if (faults.n_failed == 0)
          {
            g_assert_cmpuint (at, >, 0);
            break;
          }
        n_failed++;
      }
  g_test_message ("%s: %u allocations failed", name, n_failed);
}
