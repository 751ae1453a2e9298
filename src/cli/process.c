#include "cli/process.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/* Field 22 of /proc/self/stat, in clock ticks since boot; -1 when not there.
 * The name in parentheses (field 2) may hold anything, so it is skipped from
 * its end. */
static gint64
start_ticks (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv)   fields = NULL;
  const char      *rest;

  if (!g_file_get_contents ("/proc/self/stat", &text, NULL, NULL))
    return -1;
  rest = strrchr (text, ')');
  if (rest == NULL)
    return -1;
  /* After ") " comes field 3. */
  fields = g_strsplit (rest + 1 + (rest[1] == ' '), " ", -1);
  return g_strv_length (fields) > 19 ? g_ascii_strtoll (fields[19], NULL, 10) : -1;
}

double
cli_process_age (void)
{
  struct timespec now;
  gint64          ticks = start_ticks ();
  long            per_second = sysconf (_SC_CLK_TCK);
  double          age;

  if (ticks < 0 || per_second <= 0 || clock_gettime (CLOCK_BOOTTIME, &now) != 0)
    return 0;
  age = (double) now.tv_sec + (double) now.tv_nsec * 1e-9 - (double) ticks / (double) per_second;
  return MAX (age, 0);
}

double
cli_process_peak_mib (void)
{
  g_autofree char *text = NULL;
  const char      *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return 0;
  line = strstr (text, "\nVmHWM:");
  return line != NULL ? (double) g_ascii_strtoll (line + strlen ("\nVmHWM:"), NULL, 10) / 1024 : 0;
}
