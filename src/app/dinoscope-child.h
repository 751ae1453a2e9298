#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_CHILD (dinoscope_child_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeChild, dinoscope_child, DINOSCOPE, CHILD, GObject)

/* A run of dinoscope-cli for the window: what takes long, or opens a network
 * socket, is another process.
 *
 * Signals:
 *   "progress" (guint64 done, guint64 total)
 *   "finished" (int code, const char *message): the exit code of
 *     dinoscope-cli(1), or one of those below; message is what it said was
 *     wrong, and never empty after a failure
 */
#define DINOSCOPE_CHILD_FAILED (-1)  /* it crashed, or was killed */
#define DINOSCOPE_CHILD_STOPPED (-2) /* dinoscope_child_cancel() */

/* arguments ends with NULL and takes --progress-fd. NULL and error when the
 * program cannot be started. */
DinoscopeChild *dinoscope_child_start (const char *const *arguments, GError **error);

/* Asks the run to stop. */
void dinoscope_child_cancel (DinoscopeChild *self);

G_END_DECLS
