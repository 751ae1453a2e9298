#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An environment variable, NULL when unset or empty. */
const char *dinoscope_environment (const char *name);

/* A directory of the XDG base directory specification: variable when it is an
 * absolute path, else fallback under the home directory (transfer full). Read
 * anew at each call. */
char *dinoscope_user_directory (const char *variable, const char *fallback);

G_END_DECLS
