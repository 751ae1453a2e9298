#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MODEL_FETCH (dinoscope_model_fetch_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeModelFetch, dinoscope_model_fetch, DINOSCOPE, MODEL_FETCH, GObject)

/* A run of "dinoscope-cli model get rad-dino": the window itself opens no
 * network socket.
 *
 * Signals:
 *   "progress" (guint64 done, guint64 total): bytes
 *   "finished" (gboolean complete, const char *message): message says why not,
 *     "" when it was cancelled
 */

/* NULL and error when the program cannot be started. */
DinoscopeModelFetch *dinoscope_model_fetch_start (GError **error);

/* Asks the run to stop; what has arrived is kept. */
void dinoscope_model_fetch_cancel (DinoscopeModelFetch *self);

/* Where from and where to, for people. (transfer full) */
char *dinoscope_model_fetch_dup_source (void);
char *dinoscope_model_fetch_dup_target (void);

G_END_DECLS
