/* What the tests of src/io share. */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "io/output.h"
#include "support.h"

/* The bytes of a file; g_byte_array_unref() it. */
static inline GByteArray *
bytes_of_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char              *data = NULL;
  gsize              length = 0;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  return g_byte_array_new_take ((guint8 *) data, length);
}

static inline GByteArray *
bytes_of_test_data (const char *name)
{
  g_autofree char *path = test_data (name);

  return bytes_of_file (path);
}

/* Not g_file_set_contents(): that waits for the disk each time. */
static inline void
put_file (const char *path, const void *data, gsize length)
{
  FILE *file = fopen (path, "wb");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, length, file), ==, length);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* Runs function in a child without the rights of root, whom modes do not
 * stop; it tells whether all was well. */
static inline bool
run_as_nobody (bool (*function) (const char *path), const char *path)
{
  const uid_t nobody = 65534;
  pid_t       child = fork ();
  int         status = 0;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      if (geteuid () == 0 && (setgid (nobody) != 0 || setuid (nobody) != 0))
        _exit (2);
      _exit (function (path) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return status == 0;
}

/* An empty folder of its own. */
static inline char *
make_folder (void)
{
  char *folder = g_dir_make_tmp ("dinoscope-io-XXXXXX", NULL);

  g_assert_nonnull (folder);
  return folder;
}

static inline guint
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint            n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Removes folder and the files in it. */
static inline void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* error must have this code and a message that contains part. */
static inline void
assert_error (const struct dino_error *error, enum dino_code code, const char *part)
{
  if (error->code != code || strstr (error->message, part) == NULL)
    g_test_message ("code %d, message: %s", (int) error->code, error->message);
  g_assert_cmpint (error->code, ==, code);
  g_assert_nonnull (strstr (error->message, part));
}

static inline void
assert_no_error (const struct dino_error *error)
{
  if (error->code != DINO_CODE_NONE)
    g_test_message ("code %d, message: %s", (int) error->code, error->message);
  g_assert_cmpint (error->code, ==, DINO_CODE_NONE);
}
