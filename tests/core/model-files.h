/* Files of models for tests: a folder of its own, safetensors made by hand. */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "core/base/error.h"

static inline char *
scratch_folder (void)
{
  GError *error = NULL;
  char   *folder = g_dir_make_tmp ("dino-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

/* Removes the files in folder, and folder. */
static inline void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static inline void
write_bytes (const char *path, const void *data, gsize length)
{
  FILE *file = fopen (path, "wb");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, length, file), ==, length);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* A safetensors file: header length, header, data. */
static inline void
write_safetensors (const char *path, const char *header, gsize header_length, const void *data, gsize data_length)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint64                length = GUINT64_TO_LE (header_length);

  g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
  g_byte_array_append (bytes, (const guint8 *) header, (guint) header_length);
  g_byte_array_append (bytes, data, (guint) data_length);
  write_bytes (path, bytes->data, bytes->len);
}

static inline void
assert_message (const struct dino_error *error, const char *part)
{
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in “%s”", part, error->message);
}
