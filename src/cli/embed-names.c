#include "cli/embed-names.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/temporary.h"

#define KEY_BYTES 32
#define MIN_KEY 16
#define MAX_KEY 4096

static char *
find_key (void)
{
  const char *path = g_getenv ("DINOSCOPE_NAME_KEY");

  if (path != NULL && *path != '\0')
    return g_strdup (path);
  return g_build_filename (g_get_user_data_dir (), "dinoscope", "name-key", NULL);
}

static CliExit
fail (const char *path, int number)
{
  cli_error (_ ("The key for names, “%s”, cannot be made: %s."), path, g_strerror (number));
  return CLI_EXIT_OUTPUT;
}

static gboolean
write_key (int fd, int *number)
{
  guint8 bytes[KEY_BYTES];
  char   text[2 * KEY_BYTES + 2];

  if (getrandom (bytes, sizeof bytes, 0) != (gssize) sizeof bytes)
    {
      *number = errno;
      return FALSE;
    }
  for (gsize i = 0; i < sizeof bytes; i++)
    g_snprintf (text + 2 * i, 3, "%02x", bytes[i]);
  text[2 * KEY_BYTES] = '\n';
  for (gsize done = 0; done < 2 * KEY_BYTES + 1;)
    {
      gssize n = write (fd, text + done, 2 * KEY_BYTES + 1 - done);

      if (n < 0 && errno != EINTR)
        {
          *number = errno;
          return FALSE;
        }
      done += n > 0 ? (gsize) n : 0;
    }
  if (fchmod (fd, 0600) == 0 && dino_sync (fd) == 0)
    return TRUE;
  *number = errno;
  return FALSE;
}

/* A key that is there stays. Some file systems know renaming only with replacing. */
static gboolean
give_name (const char *temporary, const char *path, int *number)
{
  if (renameat2 (AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (errno == EINVAL || errno == ENOSYS)
    errno = link (temporary, path) == 0 ? EEXIST : errno;
  *number = errno;
  unlink (temporary);
  return *number == EEXIST;
}

/* 64 hexadecimal digits, for its owner's eyes only. Of several processes that
 * do this at once, one names its file first. */
static CliExit
make_key (const char *path)
{
  g_autofree char  *folder = g_path_get_dirname (path);
  struct dino_error error = { 0 };
  char             *temporary = NULL;
  int               fd, number = 0;
  gboolean          good;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return fail (folder, errno);
  fd = dino_temporary_open (path, &temporary, &error);
  if (fd < 0)
    return fail (path, errno);
  good = write_key (fd, &number);
  if (good)
    good = give_name (temporary, path, &number);
  else
    unlink (temporary);
  close (fd);
  dino_free (temporary);
  return good ? CLI_EXIT_DONE : fail (path, number);
}

static CliExit
read_key (CliEmbedNames *names, const char *path)
{
  struct dino_error error = { 0 };
  char              digest[DINO_SHA256_LENGTH];
  size_t            length = 0;
  uint8_t          *data = dino_file_read (path, MAX_KEY, &length, &error);

  if (data == NULL)
    return cli_fail_about (&error, path, CLI_EXIT_INPUT);
  while (length > 0 && g_ascii_isspace (data[length - 1]))
    length--;
  names->key = g_strndup ((const char *) data, length);
  names->key_length = length;
  memset (data, 0, length);
  dino_free (data);
  if (length < MIN_KEY)
    {
      cli_error (_ ("The key for names, “%s”, is too short: %zu bytes, at least %d are needed."), path, length, MIN_KEY);
      return CLI_EXIT_INPUT;
    }
  if (!dino_sha256_memory (names->key, length, digest, &error))
    return cli_fail_about (&error, path, CLI_EXIT_INPUT);
  g_strlcpy (names->key_id, digest, sizeof names->key_id);
  return CLI_EXIT_DONE;
}

CliExit
cli_embed_names_init (CliEmbedNames *names, gboolean hashed)
{
  g_autofree char *path = NULL;
  CliExit          code = CLI_EXIT_DONE;

  *names = (CliEmbedNames){ .hashed = hashed };
  if (!hashed)
    return CLI_EXIT_DONE;
  path = find_key ();
  if (access (path, F_OK) != 0 && errno == ENOENT)
    code = make_key (path);
  return code == CLI_EXIT_DONE ? read_key (names, path) : code;
}

void
cli_embed_names_clear (CliEmbedNames *names)
{
  if (names->key != NULL)
    memset (names->key, 0, names->key_length);
  g_clear_pointer (&names->key, g_free);
}

char *
cli_embed_names_show (const CliEmbedNames *names, const char *name)
{
  char digest[DINO_SHA256_LENGTH];

  if (!names->hashed)
    return g_strdup (name);
  dino_hmac_sha256 (names->key, names->key_length, name, strlen (name), digest, NULL);
  return g_strdup (digest);
}
