#include "cli/model-fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/progress.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"

#define COPY_CHUNK ((size_t) 1 << 20)

static char *
part_path (const CliFetch *fetch, const struct dino_published_file *file)
{
  g_autofree char *name = g_strconcat (file->name, ".part", NULL);

  return g_build_filename (fetch->folder, name, NULL);
}

CliExit
cli_fetch_look (const CliFetch *fetch, const struct dino_published_file *file, CliFetchState *state)
{
  const struct dino_progress  progress = cli_core_progress (fetch->cancellable);
  struct dino_published_check check;
  struct dino_error           error = { 0 };
  g_autofree char            *path = g_build_filename (fetch->folder, file->name, NULL);

  *state = CLI_FETCH_WANTED;
  if (!dino_published_compare (fetch->folder, file, &check, &progress, &error))
    return cli_fail_core (&error, CLI_EXIT_OUTPUT);
  if (check.state == DINO_PUBLISHED_SAME)
    *state = CLI_FETCH_PRESENT;
  else if (check.state != DINO_PUBLISHED_ABSENT && !fetch->force)
    {
      cli_error (_ ("“%s” is there already and is another file; --force replaces it."), path);
      return CLI_EXIT_OUTPUT;
    }
  return CLI_EXIT_DONE;
}

guint64
cli_fetch_partial (const CliFetch *fetch, const struct dino_published_file *file)
{
  g_autofree char *path = part_path (fetch, file);
  GStatBuf         status;

  if (fetch->source_folder != NULL || g_lstat (path, &status) != 0 || !S_ISREG (status.st_mode) || status.st_size > file->size)
    return 0;
  return (guint64) status.st_size;
}

static CliExit
fail_part (const char *path, int number)
{
  cli_error (_ ("“%s” cannot be written: %s."), path, g_strerror (number));
  return CLI_EXIT_OUTPUT;
}

/* Locked, so that two runs do not write one file. What was opened may have got
 * its own name from a run that ended before the lock was there. */
static gboolean
lock_part (int fd, const char *path)
{
  struct stat opened, named;

  return flock (fd, LOCK_EX | LOCK_NB) == 0 && fstat (fd, &opened) == 0 && lstat (path, &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

static CliExit
open_part (const CliFetch *fetch, const struct dino_published_file *file, const char *path, int *fd)
{
  *fd = dino_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (*fd < 0)
    return fail_part (path, errno);
  if (!lock_part (*fd, path))
    {
      close (*fd);
      cli_error (_ ("“%s” is being written by another run of this program."), path);
      return CLI_EXIT_OUTPUT;
    }
  /* Nothing of a copy, or of another file, can be gone on with. */
  if (cli_fetch_partial (fetch, file) == 0 && dino_truncate (*fd, 0) != 0)
    {
      close (*fd);
      return fail_part (path, errno);
    }
  return CLI_EXIT_DONE;
}

static gboolean
write_whole (int fd, const guint8 *data, gsize length)
{
  while (length > 0)
    {
      ssize_t n = write (fd, data, length);

      if (n < 0 && errno != EINTR)
        return FALSE;
      data += n > 0 ? n : 0;
      length -= n > 0 ? (gsize) n : 0;
    }
  return TRUE;
}

static CliExit
copy_bytes (const CliFetch *fetch, const char *source, int from, guint64 size, int to, const char *target)
{
  struct dino_error error = { 0 };
  guint8           *chunk = dino_alloc (COPY_CHUNK, 1, &error);
  CliExit           code = chunk != NULL ? CLI_EXIT_DONE : cli_fail_core (&error, CLI_EXIT_OUTPUT);

  for (guint64 done = 0; code == CLI_EXIT_DONE && done < size;)
    {
      gsize n = (gsize) MIN (size - done, COPY_CHUNK);

      if (g_cancellable_is_cancelled (fetch->cancellable))
        code = CLI_EXIT_INTERRUPTED;
      else if (!dino_file_read_at (from, source, chunk, n, done, &error))
        code = cli_fail_core (&error, CLI_EXIT_INPUT);
      else if (!write_whole (to, chunk, n))
        code = fail_part (target, errno);
      done += n;
      if (code == CLI_EXIT_DONE && fetch->progress != NULL)
        fetch->progress (done, fetch->progress_data);
    }
  dino_free (chunk);
  return code;
}

static CliExit
copy_file (const CliFetch *fetch, const struct dino_published_file *file, int fd, const char *target)
{
  g_autofree char  *source = g_build_filename (fetch->source_folder, file->name, NULL);
  struct dino_error error = { 0 };
  uint64_t          size;
  int               from = dino_file_open (source, &size, &error);
  CliExit           code;

  if (from < 0)
    return cli_fail_core (&error, CLI_EXIT_INPUT);
  if (size != (guint64) file->size)
    {
      cli_error (_ ("“%s” has %llu bytes instead of %lld."), source, (unsigned long long) size, (long long) file->size);
      code = CLI_EXIT_MODEL;
    }
  else
    code = copy_bytes (fetch, source, from, size, fd, target);
  close (from);
  return code;
}

static CliExit
download_file (const CliFetch *fetch, const CliManifest *manifest, const struct dino_published_file *file, int fd)
{
  g_autofree char *url = g_strdup_printf ("%s/%s/resolve/%s/%s", fetch->base, manifest->repository, manifest->revision, file->name);
  CliDownload      download = {
         .url = url,
         .fd = fd,
         .size = (guint64) file->size,
         .stall_seconds = fetch->stall_seconds,
         .cancellable = fetch->cancellable,
         .progress = fetch->progress,
         .progress_data = fetch->progress_data,
  };

  if (cli_fetch_partial (fetch, file) == (guint64) file->size)
    return CLI_EXIT_DONE;
  return cli_download (&download);
}

static CliExit
check_hash (const CliFetch *fetch, const struct dino_published_file *file, const char *path)
{
  const struct dino_progress progress = cli_core_progress (fetch->cancellable);
  struct dino_error          error = { 0 };
  char                       sha256[DINO_SHA256_LENGTH];

  if (!dino_sha256_file (path, sha256, &progress, &error))
    return cli_fail_core (&error, CLI_EXIT_OUTPUT);
  if (strcmp (sha256, file->sha256) == 0)
    return CLI_EXIT_DONE;
  g_unlink (path);
  cli_error (_ ("What came for “%s” is another file: its sha256 is %s instead of %s. It was removed."), file->name, sha256, file->sha256);
  return CLI_EXIT_MODEL;
}

/* On the disk before it has its name, and the name on the disk as well. */
static CliExit
give_name (const CliFetch *fetch, const struct dino_published_file *file, int fd, const char *part)
{
  g_autofree char *path = g_build_filename (fetch->folder, file->name, NULL);
  int              folder;

  if (dino_sync (fd) != 0 || g_rename (part, path) != 0)
    return fail_part (path, errno);
  folder = dino_open (fetch->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (folder >= 0)
    {
      fsync (folder);
      close (folder);
    }
  return CLI_EXIT_DONE;
}

CliExit
cli_fetch_file (const CliFetch *fetch, const CliManifest *manifest, const struct dino_published_file *file)
{
  g_autofree char *part = part_path (fetch, file);
  int              fd;
  CliExit          code = open_part (fetch, file, part, &fd);

  if (code != CLI_EXIT_DONE)
    return code;
  code = fetch->source_folder != NULL ? copy_file (fetch, file, fd, part) : download_file (fetch, manifest, file, fd);
  if (code == CLI_EXIT_DONE)
    code = check_hash (fetch, file, part);
  else if (code == CLI_EXIT_MODEL || lseek (fd, 0, SEEK_END) == 0 || fetch->source_folder != NULL)
    g_unlink (part);
  if (code == CLI_EXIT_DONE)
    code = give_name (fetch, file, fd, part);
  close (fd);
  return code;
}
