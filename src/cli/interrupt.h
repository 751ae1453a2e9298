/* SIGINT and SIGTERM become a cancel. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* To be called before any thread is started: blocks both signals in the whole
 * process and watches for them on a thread of its own. The first one cancels,
 * and the program ends in good order; a second one ends it at once. */
void cli_interrupt_watch (GCancellable *cancellable);

G_END_DECLS
