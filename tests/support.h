/* What tests share. */
#pragma once

#include <glib.h>
#include <stdlib.h>

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
