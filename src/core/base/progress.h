/* Progress and cancel: one callback for both. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Called on the thread that called the long function, between its steps and
 * inside long ones (at least every 100 ms). done of total steps are complete;
 * the same done may be reported many times. Returns false to cancel: the
 * function then stops soon and fails with DINO_CODE_CANCELLED. */
typedef bool (*dino_progress_func) (void *data, int done, int total);

struct dino_progress
{
  dino_progress_func func;
  void              *data;
};

/* True to go on; progress may be NULL, and so may its func. */
static inline bool
dino_progress_report (const struct dino_progress *progress, int done, int total)
{
  return progress == NULL || progress->func == NULL || progress->func (progress->data, done, total);
}
