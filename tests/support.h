/* What tests share. */
#pragma once

#include <glib.h>
#include <stdlib.h>

/* A row of the table of malformed files that docs/reliability.md tells of;
 * message is the refusal, empty or NULL where the file was accepted. */
static inline void
test_malformed_row (const char *kind, const char *name, const char *message)
{
  const gboolean accepted = message == NULL || *message == '\0';

  g_test_message ("| %s | %s | %s | %s |", kind, name, accepted ? "accepted" : "refused", accepted ? "" : message);
}

/* A file of tests/data; (transfer full). */
static inline char *
test_data (const char *name)
{
  const char *folder = g_getenv ("DINOSCOPE_TEST_DATA");

  g_assert_nonnull (folder);
  return g_build_filename (folder, name, NULL);
}

/* A file of the reference material that may not ship ($DINOSCOPE_TESTDATA, a
 * folder with golden/, testdata/ and tools/); NULL when that is not there. */
static inline char *
test_reference (const char *name)
{
  const char      *folder = g_getenv ("DINOSCOPE_TESTDATA");
  g_autofree char *path = NULL;

  if (folder == NULL || *folder == '\0')
    return NULL;
  path = g_build_filename (folder, name, NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}
