#include "cli/embed-file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "engine/dinoscope-error.h"

gboolean
cli_embed_file_fail (const char *path, int number, GError **error)
{
  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_WRITE, _ ("“%s” cannot be written: %s."), path, g_strerror (number));
  return FALSE;
}

gboolean
cli_embed_file_write (int fd, const char *path, const void *data, gsize length, goffset offset, GError **error)
{
  const char *bytes = data;

  while (length > 0)
    {
      gssize n = pwrite (fd, bytes, length, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return cli_embed_file_fail (path, n < 0 ? errno : ENOSPC, error);
      bytes += n;
      length -= (gsize) n;
      offset += n;
    }
  return TRUE;
}

gboolean
cli_embed_file_sync (int fd, const char *path, GError **error)
{
  int failed;

  do
    failed = fdatasync (fd);
  while (failed != 0 && errno == EINTR);
  if (!failed || errno == EINVAL || errno == ENOTSUP)
    return TRUE;
  return cli_embed_file_fail (path, errno, error);
}

gboolean
cli_embed_file_truncate (int fd, const char *path, goffset length, GError **error)
{
  return dino_truncate (fd, length) == 0 || cli_embed_file_fail (path, errno, error);
}

void
cli_embed_file_sync_folder (const char *folder)
{
  int fd = dino_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}
