#include "engine/dinoscope-hash-cache-private.h"

#include <sys/stat.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "engine/dinoscope-paths-private.h"
#include "io/output.h"

/* A line is "device inode size modified changed sha256"; the newest comes first. */
#define MAX_ENTRIES 64
#define MAX_CACHE_FILE 16384

static gint64
nanoseconds (struct timespec time)
{
  return (gint64) time.tv_sec * 1000000000 + time.tv_nsec;
}

gboolean
dinoscope_file_identity (const char *path, DinoscopeFileIdentity *identity)
{
  struct stat status;

  if (stat (path, &status) != 0)
    return FALSE;
  *identity = (DinoscopeFileIdentity){
    .device = status.st_dev,
    .inode = status.st_ino,
    .size = status.st_size,
    .modified = nanoseconds (status.st_mtim),
    .changed = nanoseconds (status.st_ctim),
  };
  return TRUE;
}

static char *
cache_path (void)
{
  g_autofree char *cache = dinoscope_user_directory ("XDG_CACHE_HOME", ".cache");

  return g_build_filename (cache, "dinoscope", "model-hashes", NULL);
}

static char *
identity_key (const DinoscopeFileIdentity *identity)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " ",
                          identity->device, identity->inode, identity->size, identity->modified, identity->changed);
}

static gboolean
is_sha256 (const char *text)
{
  return strlen (text) == DINO_SHA256_LENGTH - 1 && strspn (text, "0123456789abcdef") == DINO_SHA256_LENGTH - 1;
}

static GStrv
read_lines (void)
{
  g_autofree char *path = cache_path ();
  uint8_t         *data;
  gsize            length;
  GStrv            lines;

  data = dino_file_read (path, MAX_CACHE_FILE, &length, NULL);
  if (data == NULL)
    return g_new0 (char *, 1);
  lines = g_strsplit ((const char *) data, "\n", -1);
  dino_free (data);
  return lines;
}

gboolean
dinoscope_hash_cache_lookup (const DinoscopeFileIdentity *identity, char text[DINO_SHA256_LENGTH])
{
  g_autofree char *key = identity_key (identity);
  g_auto (GStrv)   lines = read_lines ();

  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, key) && is_sha256 (*line + strlen (key)))
      {
        memcpy (text, *line + strlen (key), DINO_SHA256_LENGTH);
        return TRUE;
      }
  return FALSE;
}

void
dinoscope_hash_cache_store (const DinoscopeFileIdentity *identity, const char *text)
{
  g_autofree char    *path = cache_path ();
  g_autofree char    *folder = g_path_get_dirname (path);
  g_autofree char    *key = identity_key (identity);
  g_autoptr (GString) contents = g_string_new (NULL);
  g_auto (GStrv)      lines = read_lines ();
  struct dino_output *output;
  guint               n = 1;

  g_string_append_printf (contents, "%s%s\n", key, text);
  for (char **line = lines; *line != NULL && n < MAX_ENTRIES; line++)
    if (**line != '\0' && !g_str_has_prefix (*line, key))
      {
        g_string_append_printf (contents, "%s\n", *line);
        n++;
      }
  /* A foreign or damaged file must not grow past what is read back. */
  if (contents->len > MAX_CACHE_FILE)
    g_string_truncate (contents, strlen (key) + DINO_SHA256_LENGTH);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return;
  output = dino_output_new (path, NULL);
  if (output == NULL)
    return;
  dino_output_keep_private (output);
  dino_output_write (output, contents->str, contents->len, NULL);
  dino_output_commit (output, NULL);
}
