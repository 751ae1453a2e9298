#include "cli/embed-progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/message.h"
#include "core/base/text.h"
#include "engine/dinoscope-paths-private.h"

#define BAR_WIDTH 20
#define MINUTE (60 * G_TIME_SPAN_SECOND)
#define FRAME (G_TIME_SPAN_SECOND / 10)

void
cli_embed_progress_init (CliEmbedProgress *progress, gboolean quiet, int fd, guint64 total, guint64 done, guint64 failed)
{
  const gint64 now = g_get_monotonic_time ();

  *progress = (CliEmbedProgress){
    .terminal = !quiet && isatty (STDERR_FILENO),
    .quiet = quiet,
    .fd = fd,
    .total = total,
    .done = done,
    .failed = failed,
    .begun = done,
    .start = now,
    .logged = now,
    .recent_time = now,
    .recent_done = done,
  };
}

void
cli_embed_progress_clear (CliEmbedProgress *progress)
{
  if (progress->length == 0)
    return;
  fprintf (stderr, "\r%*s\r", (int) progress->length, "");
  fflush (stderr);
  progress->length = 0;
}

double
cli_embed_progress_rate (const CliEmbedProgress *progress)
{
  const double seconds = (double) (g_get_monotonic_time () - progress->start) * 1e-6;

  return seconds > 0 ? (double) (progress->done - progress->begun) / seconds : 0;
}

/* Of the last minute or two, so that the time left follows what happens. */
static double
recent_rate (const CliEmbedProgress *progress, gint64 now)
{
  const double seconds = (double) (now - progress->recent_time) * 1e-6;

  return seconds > 0 ? (double) (progress->done - progress->recent_done) / seconds : 0;
}

static char *
format_time (double seconds)
{
  const guint64 minutes = (guint64) (seconds / 60);

  if (minutes >= (gsize) 2 * 24 * 60)
    /* Translators: days and hours. */
    return g_strdup_printf (_ ("%u d %u h left"), (guint) (minutes / 60 / 24), (guint) (minutes / 60 % 24));
  if (minutes >= 60)
    /* Translators: hours and minutes. */
    return g_strdup_printf (_ ("%u h %u min left"), (guint) (minutes / 60), (guint) (minutes % 60));
  if (minutes >= 1)
    return g_strdup_printf (_ ("%u min left"), (guint) minutes);
  return g_strdup_printf (_ ("%u s left"), (guint) seconds);
}

/* "████░░ 12 of 100, 1 failed · 0.67/s · 2 min left" */
static char *
describe (const CliEmbedProgress *progress, gint64 now, gboolean with_bar)
{
  const double rate = recent_rate (progress, now);
  GString     *line = g_string_new (NULL);

  if (with_bar && progress->total > 0)
    {
      const guint full = (guint) (BAR_WIDTH * progress->done / progress->total);

      for (guint i = 0; i < BAR_WIDTH; i++)
        g_string_append (line, i < full ? "█" : "░");
      g_string_append_c (line, ' ');
    }
  if (progress->total > 0)
    /* Translators: pictures done, pictures in all. */
    g_string_append_printf (line, _ ("%llu of %llu"), (unsigned long long) progress->done, (unsigned long long) progress->total);
  else
    g_string_append_printf (line, "%llu", (unsigned long long) progress->done);
  if (progress->failed > 0)
    /* Translators: appended to how many pictures are done. */
    g_string_append_printf (line, _ (", %llu failed"), (unsigned long long) progress->failed);
  if (rate > 0)
    /* Translators: pictures a second. */
    g_string_append_printf (line, _ (" · %.*f/s"), rate < 10 ? 2 : 0, rate);
  if (rate > 0 && progress->total > progress->done)
    {
      g_autofree char *left = format_time ((double) (progress->total - progress->done) / rate);

      g_string_append_printf (line, " · %s", left);
    }
  return g_string_free (line, FALSE);
}

static void
show (CliEmbedProgress *progress, gint64 now)
{
  g_autofree char *line = describe (progress, now, TRUE);
  guint            length = (guint) g_utf8_strlen (line, -1);

  fprintf (stderr, "\r%s%*s", line, progress->length > length ? (int) (progress->length - length) : 0, "");
  fflush (stderr);
  progress->length = MAX (length, progress->length);
  progress->shown = now;
}

void
cli_embed_progress_tick (CliEmbedProgress *progress)
{
  const gint64 now = g_get_monotonic_time ();

  if (now - progress->recent_time > 2 * MINUTE)
    {
      /* The older half is forgotten. */
      progress->recent_done = (progress->recent_done + progress->done) / 2;
      progress->recent_time += (now - progress->recent_time) / 2;
    }
  if (progress->terminal && now - progress->shown >= FRAME)
    show (progress, now);
  if (!progress->terminal && !progress->quiet && now - progress->logged >= MINUTE)
    {
      g_autofree char *line = describe (progress, now, FALSE);

      cli_note ("%s", line);
      progress->logged = now;
    }
}

/* "DONE TOTAL NAME", ten times a second at most, and the last one. */
static void
tell (CliEmbedProgress *progress, const char *name, gint64 now)
{
  g_autofree char *printable = NULL;
  g_autofree char *line = NULL;
  gsize            length;

  if (progress->fd < 0 || (now - progress->told < FRAME && progress->done != progress->total))
    return;
  printable = dinoscope_display_name (name);
  line = g_strdup_printf ("%llu %llu %s\n", (unsigned long long) progress->done, (unsigned long long) progress->total, printable);
  length = strlen (line);
  if (write (progress->fd, line, length) != (gssize) length)
    progress->fd = -1; /* nobody listens */
  progress->told = now;
}

void
cli_embed_progress_add (CliEmbedProgress *progress, const char *name, gboolean failed)
{
  progress->done++;
  progress->failed += failed != FALSE;
  tell (progress, name, g_get_monotonic_time ());
  cli_embed_progress_tick (progress);
}
