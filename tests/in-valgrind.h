/* What cannot be asked in valgrind (tools/full/valgrind.sh). */
#pragma once

#include <glib.h>
#include <string.h>

/* Skips the test there, where the machine differs from the real one in what reason says. */
static inline gboolean
test_skipped_in_valgrind (const char *reason)
{
  const char *preloaded = g_getenv ("LD_PRELOAD");

  if (preloaded == NULL || strstr (preloaded, "vgpreload") == NULL)
    return FALSE;
  g_test_skip (reason);
  return TRUE;
}
