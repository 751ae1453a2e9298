/* Which addresses the program may open at all. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* TRUE for https, and for plain http to this machine itself (127.0.0.0/8, ::1,
 * localhost), without user name and password. Else FALSE with *reason, a
 * phrase for a message (transfer full). */
gboolean cli_url_is_allowed (const char *url, char **reason);

gboolean cli_url_is_loopback (const char *url);

/* "huggingface.co", for messages; the text itself where there is none (transfer full). */
char *cli_url_host (const char *url);

G_END_DECLS
