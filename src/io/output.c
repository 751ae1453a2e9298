#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/memory.h"
#include "core/base/text.h"

#define BUFFER_SIZE 65536
#define MAX_LINKS 40

struct dino_output
{
  char             *name;      /* as messages call it */
  char             *target;    /* after symlinks; NULL when written directly */
  char             *temporary; /* beside target */
  int               fd;
  bool              is_stdout; /* not ours to close */
  bool              failed;
  struct dino_error failure; /* the first one */
  size_t            used;
  unsigned char     buffer[BUFFER_SIZE];
};

static bool
fail (struct dino_output *output, int number, struct dino_error *error)
{
  char reason[256];

  if (!output->failed)
    dino_error_set (&output->failure, DINO_CODE_WRITE, _ ("“%s” cannot be written: %s."), output->name,
                    strerror_r (number, reason, sizeof reason));
  output->failed = true;
  return dino_error_set (error, output->failure.code, "%s", output->failure.message);
}

static void
output_free (struct dino_output *output)
{
  if (output->fd >= 0 && !output->is_stdout)
    close (output->fd);
  if (output->temporary != NULL)
    unlink (output->temporary);
  dino_free (output->temporary);
  dino_free (output->target);
  dino_free (output->name);
  dino_free (output);
}

/* Length of the folder part of path, its slash included; 0 when there is none. */
static size_t
folder_length (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash != NULL ? (size_t) (slash - path) + 1 : 0;
}

/* The folder of path followed by name. */
static char *
beside (const char *path, const char *name, struct dino_error *error)
{
  size_t folder = name[0] == '/' ? 0 : folder_length (path);
  size_t size = folder + strlen (name) + 1;
  char  *joined = dino_alloc (size, 1, error);

  if (joined != NULL)
    {
      memcpy (joined, path, folder);
      memcpy (joined + folder, name, size - folder);
    }
  return joined;
}

/* Replaces output->target by what it points at, as long as it is a symlink,
 * and be the last one dangling. */
static bool
follow_links (struct dino_output *output, struct dino_error *error)
{
  char link[PATH_MAX];

  for (int i = 0; i < MAX_LINKS; i++)
    {
      ssize_t length = readlink (output->target, link, sizeof link - 1);
      char   *next;

      if (length < 0)
        return true; /* not a symlink, or not there: told when it is opened */
      link[length] = '\0';
      next = beside (output->target, link, error);
      if (next == NULL)
        return false;
      dino_free (output->target);
      output->target = next;
    }
  return fail (output, ELOOP, error);
}

static bool
open_temporary (struct dino_output *output, struct dino_error *error)
{
  for (int attempt = 0; attempt < 100; attempt++)
    {
      char     name[64];
      uint64_t number;
      int      failure;

      if (getrandom (&number, sizeof number, 0) != (ssize_t) sizeof number)
        return fail (output, errno, error);
      snprintf (name, sizeof name, ".dinoscope-%016llx.part", (unsigned long long) number);
      output->temporary = beside (output->target, name, error);
      if (output->temporary == NULL)
        return false;
      /* 0666 less the umask, as any new file. */
      output->fd = open (output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (output->fd >= 0)
        return true;
      failure = errno;
      dino_free (output->temporary);
      output->temporary = NULL;
      if (failure != EEXIST)
        return fail (output, failure, error);
    }
  return fail (output, EEXIST, error);
}

static bool
open_target (struct dino_output *output, struct dino_error *error)
{
  struct stat status;
  bool        exists = stat (output->target, &status) == 0;

  if (!exists && errno != ENOENT)
    return fail (output, errno, error);
  /* A folder, or a name that ends like one. */
  if (exists ? S_ISDIR (status.st_mode) : output->target[folder_length (output->target)] == '\0')
    return fail (output, EISDIR, error);
  if (exists && !S_ISREG (status.st_mode))
    {
      output->fd = open (output->target, O_WRONLY | O_CLOEXEC | O_NOCTTY);
      return output->fd >= 0 || fail (output, errno, error);
    }
  /* A rename would replace even a write-protected file. */
  if (exists && faccessat (AT_FDCWD, output->target, W_OK, AT_EACCESS) != 0)
    return fail (output, errno, error);
  if (!follow_links (output, error) || !open_temporary (output, error))
    return false;
  if (exists && fchmod (output->fd, status.st_mode & 0777) != 0)
    return fail (output, errno, error);
  return true;
}

struct dino_output *
dino_output_new (const char *path, struct dino_error *error)
{
  struct dino_output *output = dino_alloc_zeroed (1, sizeof *output, error);
  bool                is_stdout = strcmp (path, "-") == 0;
  bool                opened;

  if (output == NULL)
    {
      dino_error_about (error, path);
      return NULL;
    }
  output->fd = is_stdout ? STDOUT_FILENO : -1;
  output->is_stdout = is_stdout;
  output->name = dino_strdup (is_stdout ? _ ("standard output") : path, error);
  output->target = is_stdout ? NULL : dino_strdup (path, error);
  opened = output->name != NULL && (is_stdout || (output->target != NULL && open_target (output, error)));
  if (!opened)
    {
      dino_error_about (error, path);
      output_free (output);
      return NULL;
    }
  return output;
}

const char *
dino_output_name (const struct dino_output *output)
{
  return output->name;
}

static bool
write_all (struct dino_output *output, const void *data, size_t length, struct dino_error *error)
{
  const unsigned char *bytes = data;

  while (length > 0)
    {
      ssize_t n = write (output->fd, bytes, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (output, errno, error);
      bytes += n;
      length -= (size_t) n;
    }
  return true;
}

static bool
flush (struct dino_output *output, struct dino_error *error)
{
  size_t used = output->used;

  output->used = 0;
  return write_all (output, output->buffer, used, error);
}

bool
dino_output_write (struct dino_output *output, const void *data, size_t length, struct dino_error *error)
{
  if (output->failed)
    return fail (output, 0, error);
  if (length > BUFFER_SIZE - output->used && !flush (output, error))
    return false;
  if (length > BUFFER_SIZE)
    return write_all (output, data, length, error);
  memcpy (output->buffer + output->used, data, length);
  output->used += length;
  return true;
}

/* The new name is on the disk only when its folder is. By then the file itself
 * is whole under its name, so that a file system that cannot do this is no failure. */
static void
sync_folder (struct dino_output *output)
{
  int fd;

  output->target[folder_length (output->target)] = '\0'; /* needed no more */
  fd = open (*output->target != '\0' ? output->target : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return;
  (void) fsync (fd);
  close (fd);
}

static bool
move_into_place (struct dino_output *output, struct dino_error *error)
{
  int fd = output->fd;

  if (fsync (fd) != 0 && errno != EINVAL) /* some file systems cannot */
    return fail (output, errno, error);
  output->fd = -1;
  if (close (fd) != 0)
    return fail (output, errno, error);
  if (rename (output->temporary, output->target) != 0)
    return fail (output, errno, error);
  dino_free (output->temporary);
  output->temporary = NULL;
  sync_folder (output);
  return true;
}

static bool
close_direct (struct dino_output *output, struct dino_error *error)
{
  int fd = output->fd;

  if (output->is_stdout)
    return true;
  output->fd = -1;
  return close (fd) == 0 || fail (output, errno, error);
}

bool
dino_output_commit (struct dino_output *output, struct dino_error *error)
{
  bool written = !output->failed ? flush (output, error) : fail (output, 0, error);

  if (written)
    written = output->temporary != NULL ? move_into_place (output, error) : close_direct (output, error);
  output_free (output);
  return written;
}

void
dino_output_abort (struct dino_output *output)
{
  if (output != NULL)
    output_free (output);
}
