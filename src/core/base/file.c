#include "core/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/memory.h"
#include "core/base/text.h"

static bool
cannot_open (const char *path, const char *reason, struct dino_error *error)
{
  return dino_error_set (error, DINO_CODE_IO, _ ("“%s” cannot be opened: %s."), path, reason);
}

static bool
cannot_open_errno (const char *path, int number, struct dino_error *error)
{
  char buffer[256];

  return cannot_open (path, strerror_r (number, buffer, sizeof buffer), error);
}

static bool
refuse_kind (const char *path, mode_t mode, struct dino_error *error)
{
  if (S_ISREG (mode))
    return true;
  if (S_ISDIR (mode))
    return cannot_open (path, _ ("it is a directory"), error);
  if (S_ISFIFO (mode))
    return cannot_open (path, _ ("it is a FIFO, not a regular file"), error);
  if (S_ISCHR (mode) || S_ISBLK (mode))
    return cannot_open (path, _ ("it is a device, not a regular file"), error);
  if (S_ISSOCK (mode))
    return cannot_open (path, _ ("it is a socket, not a regular file"), error);
  return cannot_open (path, _ ("it is not a regular file"), error);
}

int
dino_open (const char *path, int flags, mode_t mode)
{
  int fd;

  do
    fd = open (path, flags, mode);
  while (fd < 0 && errno == EINTR);
  return fd;
}

int
dino_truncate (int fd, off_t length)
{
  int result;

  do
    result = ftruncate (fd, length);
  while (result != 0 && errno == EINTR);
  return result;
}

int
dino_sync (int fd)
{
  int result;

  do
    result = fsync (fd);
  while (result != 0 && errno == EINTR);
  return result;
}

int
dino_file_open_as (const char *path, const char *name, uint64_t *size, struct dino_error *error)
{
  struct stat status;
  int         fd;

  /* Asked before opening, because opening alone has effects on some devices;
   * asked again afterwards, because the name may lead elsewhere by then. */
  if (stat (path, &status) != 0)
    {
      cannot_open_errno (name, errno, error);
      return -1;
    }
  if (!refuse_kind (name, status.st_mode, error))
    return -1;
  fd = dino_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
  if (fd < 0)
    {
      cannot_open_errno (name, errno, error);
      return -1;
    }
  if (fstat (fd, &status) != 0)
    cannot_open_errno (name, errno, error);
  else if (refuse_kind (name, status.st_mode, error))
    {
      *size = (uint64_t) status.st_size;
      return fd;
    }
  close (fd);
  return -1;
}

int
dino_file_open (const char *path, uint64_t *size, struct dino_error *error)
{
  return dino_file_open_as (path, path, size, error);
}

bool
dino_file_read_at (int fd, const char *path, void *buffer, size_t length, uint64_t offset, struct dino_error *error)
{
  unsigned char *bytes = buffer;
  char           reason[256];

  if (offset > INT64_MAX || length > INT64_MAX - offset)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” ends too early: data are missing."), path);
  while (length > 0)
    {
      ssize_t n = pread (fd, bytes, length, (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return dino_error_set (error, DINO_CODE_IO, _ ("“%s” cannot be read: %s."), path,
                               strerror_r (errno, reason, sizeof reason));
      if (n == 0)
        return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” ends too early: data are missing."), path);
      bytes += n;
      length -= (size_t) n;
      offset += (uint64_t) n;
    }
  return true;
}

uint8_t *
dino_file_read (const char *path, size_t limit, size_t *length, struct dino_error *error)
{
  uint64_t size = 0;
  uint8_t *data = NULL;
  int      fd = dino_file_open (path, &size, error);

  if (fd < 0)
    return NULL;
  if (size > limit || size == SIZE_MAX)
    dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” is too large: %llu bytes, at most %zu are read."), path,
                    (unsigned long long) size, limit);
  else
    data = dino_alloc ((size_t) size + 1, 1, error);
  dino_error_about (error, path);
  if (data != NULL && !dino_file_read_at (fd, path, data, (size_t) size, 0, error))
    {
      dino_free (data);
      data = NULL;
    }
  if (data != NULL)
    {
      data[size] = 0;
      *length = (size_t) size;
    }
  close (fd);
  return data;
}
