/* SIGINT and SIGTERM become a cancel. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* From now on the first SIGINT or SIGTERM cancels, and the program ends in good
 * order; a second one ends it at once. To be called once. */
void cli_interrupt_watch (GCancellable *cancellable);

G_END_DECLS
