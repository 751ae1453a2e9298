/* Who does the work: a process of its own ("dinoscope-cli serve"), started at
 * the first request. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct worker Worker;

/* An answer, in the main context; docs/dinoscope-cli.1 has their keys. When the
 * process ends by itself, or cannot be started, it is "failed" with serial 0;
 * the next request starts another one. */
typedef void (*WorkerReady) (GVariant *answer, gpointer data);

Worker *worker_new (WorkerReady ready, gpointer data);

/* Never blocks. values (sunk, may be NULL) is a dictionary of what the request needs.
 * Returns its serial, which answers have, too. */
guint32 worker_request (Worker *self, const char *request, GVariant *values);

/* Ends the process, whatever it does; it starts again with the next request. */
void worker_stop (Worker *self);

/* Nothing is answered any more. */
void worker_free (Worker *self);

G_END_DECLS
