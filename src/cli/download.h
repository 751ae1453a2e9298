/* One file over HTTPS, by libcurl: the only code that opens a network socket. */
#pragma once

#include <gio/gio.h>

#include "cli/message.h"

G_BEGIN_DECLS

/* done of the file's bytes are there. */
typedef void (*CliDownloadProgress) (guint64 done, gpointer user_data);

typedef struct
{
  const char         *url;
  int                 fd;            /* what arrives goes here, after what is there already */
  guint64             size;          /* bytes that the whole file must have */
  int                 stall_seconds; /* without a byte for that long it is given up */
  GCancellable       *cancellable;
  CliDownloadProgress progress;
  gpointer            progress_data;
} CliDownload;

/* Fetches what fd does not hold yet, by a range request; a server that does
 * not know these sends the whole, and fd is begun anew. Redirects are followed,
 * each checked by cli_url_is_allowed(). Says what is wrong, and returns
 * CLI_EXIT_NETWORK, CLI_EXIT_MODEL (another length than size),
 * CLI_EXIT_OUTPUT (fd cannot be written) or CLI_EXIT_INTERRUPTED; what has
 * arrived stays in fd. */
CliExit cli_download (const CliDownload *download);

G_END_DECLS
