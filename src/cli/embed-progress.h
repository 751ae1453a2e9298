/* How far a collection is: a line on stderr for a person, a line a minute for
 * a batch system's log, and lines for a program (--progress-fd). */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean terminal, quiet;
  int      fd;                         /* for a program, -1: none */
  guint64  total;                      /* 0: not known */
  guint64  done, failed, begun;        /* begun: how many were done before this process */
  gint64   start, shown, logged, told; /* monotonic, µs */
  gint64   recent_time;                /* the rate is that of the last minute or so */
  guint64  recent_done;
  guint    length; /* of the line on the screen */
} CliEmbedProgress;

void cli_embed_progress_init (CliEmbedProgress *progress, gboolean quiet, int fd, guint64 total, guint64 done, guint64 failed);

/* One more. name is as the table has it. */
void cli_embed_progress_add (CliEmbedProgress *progress, const char *name, gboolean failed);

/* Time has passed. */
void cli_embed_progress_tick (CliEmbedProgress *progress);

/* Removes the line, so that something else can be said. */
void cli_embed_progress_clear (CliEmbedProgress *progress);

/* Pictures a second of this process. */
double cli_embed_progress_rate (const CliEmbedProgress *progress);

G_END_DECLS
