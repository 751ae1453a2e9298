#include "io/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/checksum.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/path.h"

/* Names that are tried: as many as processes write one target at a time, or as
 * leftovers lie there where files cannot be locked; then any. */
#define FOLLOWING 16
#define ATTEMPTS 100

static bool
name_file (const char *target, int attempt, char name[64])
{
  const char *slash = strrchr (target, '/'), *base = slash != NULL ? slash + 1 : target;
  uint64_t    number = dino_checksum (base, strlen (base));

  if (attempt >= FOLLOWING && getrandom (&number, sizeof number, 0) != (ssize_t) sizeof number)
    return false;
  snprintf (name, 64, ".dinoscope-%016llx-%d.part", (unsigned long long) number, attempt);
  return true;
}

/* Whether a regular file is open that is still called path. */
static bool
is_there (int fd, const char *path)
{
  struct stat open_one, named;

  return fstat (fd, &open_one) == 0 && lstat (path, &named) == 0 && S_ISREG (named.st_mode) && open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino;
}

/* What nobody has locked is of a process that is no more. Only who has the lock
 * of a file takes its name away, so none is removed that is being written. */
static void
remove_leftover (const char *path)
{
  int fd = dino_open (path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);

  if (fd < 0)
    return;
  if (flock (fd, LOCK_EX | LOCK_NB) == 0 && is_there (fd, path))
    unlink (path);
  close (fd);
}

/* -1 with EEXIST where the name is another's. */
static int
open_new (const char *path)
{
  /* 0666 less the umask, as any new file. */
  int fd = dino_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

  if (fd < 0)
    return -1;
  /* A file system without locks is written to without. */
  if ((flock (fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) && is_there (fd, path))
    return fd;
  /* Somebody took it for a leftover before it was locked. */
  close (fd);
  errno = EEXIST;
  return -1;
}

int
dino_temporary_open (const char *target, char **path, struct dino_error *error)
{
  for (int attempt = 0; attempt < ATTEMPTS; attempt++)
    {
      char name[64];
      int  fd, number;

      *path = NULL;
      if (!name_file (target, attempt, name))
        return -1;
      *path = dino_path_beside (target, name, error);
      if (*path == NULL)
        {
          errno = ENOMEM;
          return -1;
        }
      fd = open_new (*path);
      if (fd < 0 && errno == EEXIST)
        {
          remove_leftover (*path);
          fd = open_new (*path);
        }
      if (fd >= 0)
        return fd;
      number = errno;
      dino_free (*path);
      *path = NULL;
      errno = number;
      if (number != EEXIST)
        return -1;
    }
  return -1;
}
