#include "cli/embed-names.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"

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

/* 64 hexadecimal digits, for its owner's eyes only. Of several processes that
 * do this at once, one names its file first. */
static CliExit
make_key (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *temporary = g_strdup_printf ("%s.%d", path, (int) getpid ());
  guint8           bytes[KEY_BYTES];
  char             text[2 * KEY_BYTES + 2];
  int              fd, number = 0;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return fail (folder, errno);
  if (getrandom (bytes, sizeof bytes, 0) != (gssize) sizeof bytes)
    return fail (path, errno);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_snprintf (text + 2 * i, 3, "%02x", bytes[i]);
  text[(gsize) 2 * KEY_BYTES] = '\n';
  fd = open (temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail (temporary, errno);
  if (write (fd, text, 2 * KEY_BYTES + 1) != 2 * KEY_BYTES + 1 || fsync (fd) != 0 ||
      (link (temporary, path) != 0 && errno != EEXIST))
    number = errno != 0 ? errno : EIO;
  close (fd);
  unlink (temporary);
  return number == 0 ? CLI_EXIT_DONE : fail (path, number);
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
