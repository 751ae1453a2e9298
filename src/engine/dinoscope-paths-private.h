#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An environment variable, NULL when unset or empty. */
const char *dinoscope_environment (const char *name);

/* A directory of the XDG base directory specification: variable when it is an
 * absolute path, else fallback under the home directory (transfer full). Read
 * anew at each call. */
char *dinoscope_user_directory (const char *variable, const char *fallback);

/* A path or a file's name as it is shown, on one line (transfer full): a file may be
 * called anything. See dino_text_clean(). */
char *dinoscope_display_name (const char *path);

/* The last part of file's name in the same way (transfer full). */
char *dinoscope_display_base (GFile *file);

G_END_DECLS
