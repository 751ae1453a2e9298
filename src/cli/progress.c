#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "core/base/text.h"

void
cli_progress_init (CliProgress *progress, gboolean quiet)
{
  *progress = (CliProgress){ .active = !quiet && isatty (STDERR_FILENO), .subject = "" };
}

void
cli_progress_clear (CliProgress *progress)
{
  if (progress->shown == 0)
    return;
  fprintf (stderr, "\r%*s\r", (int) progress->shown, "");
  fflush (stderr);
  progress->shown = 0;
}

static void
show (CliProgress *progress, guint done, const char *line)
{
  cli_progress_clear (progress);
  fputs (line, stderr);
  fflush (stderr);
  progress->done = done;
  progress->shown = (guint) g_utf8_strlen (line, -1);
}

void
cli_progress_encode (guint done, guint total, DinoscopeFeatures *partial, gpointer data)
{
  CliProgress     *progress = data;
  g_autofree char *line = NULL;

  if (!progress->active || (progress->shown > 0 && progress->done == done))
    return;
  /* Translators: a picture's name, blocks of the encoder done, blocks in all. */
  line = g_strdup_printf (_ ("%s: block %u of %u"), progress->subject, done, total);
  show (progress, done, line);
}

void
cli_progress_map (double done, gpointer data)
{
  CliProgress     *progress = data;
  guint            percent = (guint) (100 * done);
  g_autofree char *line = NULL;

  if (!progress->active || (progress->shown > 0 && progress->done == percent))
    return;
  /* Translators: a picture's name, how much of its map is done. */
  line = g_strdup_printf (_ ("%s: map %u %%"), progress->subject, percent);
  show (progress, percent, line);
}

static bool
go_on (void *data, int done, int total)
{
  return !g_cancellable_is_cancelled (data);
}

struct dino_progress
cli_core_progress (GCancellable *cancellable)
{
  return (struct dino_progress){ .func = go_on, .data = cancellable };
}
