#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "io/temporary.h"

#define BUFFER_SIZE 65536
#define MAX_LINKS 40

struct dino_output
{
  char             *name;      /* as messages call it */
  char             *target;    /* after symlinks; NULL when written directly */
  char             *temporary; /* beside target */
  int               fd;
  bool              is_stdout; /* not ours to close */
  bool              prepared, failed;
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
      next = link[0] == '/' ? dino_strdup (link, error) : dino_path_beside (output->target, link, error);
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
  struct dino_error memory = { 0 };

  output->fd = dino_temporary_open (output->target, &output->temporary, &memory);
  if (output->fd >= 0)
    return true;
  if (memory.code == DINO_CODE_NONE)
    return fail (output, errno, error);
  return dino_error_set (error, memory.code, "%s", memory.message);
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
      output->fd = dino_open (output->target, O_WRONLY | O_CLOEXEC | O_NOCTTY, 0);
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

void
dino_output_keep_private (struct dino_output *output)
{
  if (fchmod (output->fd, 0600) != 0)
    fail (output, errno, NULL);
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
  fd = dino_open (*output->target != '\0' ? output->target : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd < 0)
    return;
  (void) fsync (fd);
  close (fd);
}

/* Some file systems tell of a write that failed only when a descriptor is
 * closed. This one stays open until the file has its name, for its lock. */
static bool
close_copy (int fd)
{
  int copy = fcntl (fd, F_DUPFD_CLOEXEC, 0);

  return copy < 0 || close (copy) == 0 || errno == EINTR;
}

/* Some file systems cannot. */
static bool
sync_file (int fd)
{
  return dino_sync (fd) == 0 || errno == EINVAL;
}

bool
dino_output_prepare (struct dino_output *output, struct dino_error *error)
{
  if (output->failed)
    return fail (output, 0, error);
  if (output->prepared)
    return true;
  if (!flush (output, error))
    return false;
  output->prepared = output->temporary == NULL || (sync_file (output->fd) && close_copy (output->fd)) || fail (output, errno, error);
  return output->prepared;
}

static bool
move_into_place (struct dino_output *output, struct dino_error *error)
{
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
  return close (fd) == 0 || errno == EINTR || fail (output, errno, error);
}

bool
dino_output_commit (struct dino_output *output, struct dino_error *error)
{
  bool written = dino_output_prepare (output, error);

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
