/* Preloaded by the tests: makes the k-th system call of a kind fail, be short,
 * or be the last thing that the process does.
 *
 *   FAULTS_PROGRAM  the process that it is about, by its name
 *   FAULTS_ROOT     only files and folders below this one count
 *   FAULTS_LOG      what was counted (a call and a path, each with a NUL); with
 *                   FAULTS only what was done something to
 *   FAULTS          KIND:K:WHAT, the K-th call (from 1) of the kind, or with K+
 *                   that one and all after it
 *
 * Kinds: open, read, write, sync, rename, close, map, truncate, make (folders),
 * remove, and change (all that changes files). What: the name of an error,
 * short (half of what was asked for), cut (of map: the file is emptied while it
 * is mapped), stop or kill (before the call), tear (kill after half of a write).
 *
 * Standard output and what stdio does inside the C library do not come by. */
#undef _FILE_OFFSET_BITS /* both names of each function are needed */
#undef _FORTIFY_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faults.h"

#define ROOM 8192

enum kind
{
  OPEN,
  READ,
  WRITE,
  SYNC,
  RENAME,
  CLOSE,
  MAP,
  TRUNCATE,
  MAKE,
  REMOVE,
  CHANGE
};

static const char *const kind_names[] = { "open", "read", "write", "sync", "rename", "close", "map", "truncate", "make", "remove", "change" };

enum what
{
  NOTHING,
  FAIL,
  SHORT,
  CUT,
  STOP,
  KILL,
  TEAR
};

static const struct
{
  const char *name;
  enum what   what;
  int         number;
} whats[] = { { "EIO", FAIL, EIO },
              { "ENOSPC", FAIL, ENOSPC },
              { "EINTR", FAIL, EINTR },
              { "EACCES", FAIL, EACCES },
              { "EMFILE", FAIL, EMFILE },
              { "EROFS", FAIL, EROFS },
              { "ENOMEM", FAIL, ENOMEM },
              { "EXDEV", FAIL, EXDEV },
              { "short", SHORT, 0 },
              { "cut", CUT, 0 },
              { "stop", STOP, 0 },
              { "kill", KILL, 0 },
              { "tear", TEAR, 0 } };

static const char   *root; /* NULL: not this process */
static int           log_fd = -1;
static enum kind     wanted_kind;
static enum what     wanted;
static int           wanted_errno;
static unsigned long wanted_call;
static bool          lasting;
static atomic_ulong  calls;

int     __open_2 (const char *path, int flags);
int     __open64_2 (const char *path, int flags);
ssize_t __read_chk (int fd, void *buffer, size_t length, size_t room);
ssize_t __pread_chk (int fd, void *buffer, size_t length, off_t offset, size_t room);
ssize_t __pread64_chk (int fd, void *buffer, size_t length, off64_t offset, size_t room);

/* KIND:K[+]:WHAT */
static bool
parse (const char *text)
{
  const char *number = strchr (text, ':'), *what = number != NULL ? strchr (number + 1, ':') : NULL;
  char       *end;

  if (what == NULL)
    return false;
  for (size_t i = 0; i < sizeof kind_names / sizeof *kind_names; i++)
    if (strlen (kind_names[i]) == (size_t) (number - text) && strncmp (text, kind_names[i], strlen (kind_names[i])) == 0)
      wanted_kind = (enum kind) i;
  for (size_t i = 0; i < sizeof whats / sizeof *whats; i++)
    if (strcmp (whats[i].name, what + 1) == 0)
      {
        wanted = whats[i].what;
        wanted_errno = whats[i].number;
      }
  wanted_call = strtoul (number + 1, &end, 10);
  lasting = *end == '+';
  return wanted != NOTHING;
}

__attribute__ ((constructor)) static void
begin (void)
{
  const char *program = getenv ("FAULTS_PROGRAM"), *path = getenv ("FAULTS_LOG"), *faults = getenv ("FAULTS");

  if (program == NULL || path == NULL || strcmp (program, program_invocation_short_name) != 0)
    return;
  if (faults != NULL && !parse (faults))
    {
      fprintf (stderr, "FAULTS=%s is not understood\n", faults);
      _exit (99);
    }
  FAULTS_NEXT (open);
  log_fd = next (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  root = getenv ("FAULTS_ROOT");
}

static bool
is_inside (const char *path)
{
  const size_t length = root != NULL ? strlen (root) : 0;

  return length > 0 && strncmp (path, root, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static bool
is_counted (enum kind kind, bool changes)
{
  if (wanted == NOTHING)
    return true;
  return wanted_kind == CHANGE ? changes : wanted_kind == kind;
}

static void
note (enum kind kind, bool changes, const char *path)
{
  char text[ROOM];
  int  length = snprintf (text, sizeof text, "%s%s%c%s", kind_names[kind], changes ? "!" : "", 0, path) + 1;

  FAULTS_NEXT (write);
  if (log_fd >= 0 && next (log_fd, text, (size_t) length) != length)
    _exit (98);
}

/* Counts; what is to be done with this call. Kills itself where that is wanted. */
static enum what
meet (enum kind kind, bool changes, const char *path)
{
  unsigned long call;

  if (!is_inside (path) || !is_counted (kind, changes))
    return NOTHING;
  call = atomic_fetch_add (&calls, 1) + 1;
  if (wanted == NOTHING)
    note (kind, changes, path);
  if (wanted == NOTHING || call < wanted_call || (call > wanted_call && !lasting))
    return NOTHING;
  note (kind, changes, path);
  if (wanted == STOP || wanted == KILL)
    raise (wanted == STOP ? SIGSTOP : SIGKILL);
  if (wanted == FAIL)
    errno = wanted_errno;
  return wanted;
}

static enum what
meet_fd (enum kind kind, bool changes, int fd)
{
  const int saved = errno;
  char      name[64], path[ROOM];
  ssize_t   length;

  if (root == NULL)
    return NOTHING;
  snprintf (name, sizeof name, "/proc/self/fd/%d", fd);
  length = readlink (name, path, sizeof path - 1);
  errno = saved;
  if (length <= 0)
    return NOTHING;
  path[length] = '\0';
  return meet (kind, changes, path);
}

/* Half of it, but something. */
static size_t
shorten (size_t length)
{
  return length > 1 ? length / 2 : length;
}

static bool
changes_files (int flags)
{
  return (flags & (O_CREAT | O_TRUNC)) != 0;
}

#define OPEN_MODE(flags, mode)                                                 \
  do                                                                           \
    {                                                                          \
      va_list list;                                                            \
                                                                               \
      va_start (list, flags);                                                  \
      mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg (list, mode_t) : 0; \
      va_end (list);                                                           \
    }                                                                          \
  while (0)

int
open (const char *path, int flags, ...)
{
  mode_t mode;

  FAULTS_NEXT (open);
  OPEN_MODE (flags, mode);
  return meet (OPEN, changes_files (flags), path) == FAIL ? -1 : next (path, flags, mode);
}

int
open64 (const char *path, int flags, ...)
{
  mode_t mode;

  FAULTS_NEXT (open64);
  OPEN_MODE (flags, mode);
  return meet (OPEN, changes_files (flags), path) == FAIL ? -1 : next (path, flags, mode);
}

int
__open_2 (const char *path, int flags)
{
  return open (path, flags);
}

int
__open64_2 (const char *path, int flags)
{
  return open64 (path, flags);
}

#define READ_LIKE(fd, length, call_short, call) \
  switch (meet_fd (READ, false, fd))            \
    {                                           \
    case FAIL:                                  \
      return -1;                                \
    case SHORT:                                 \
      return call_short;                        \
    default:                                    \
      return call;                              \
    }

ssize_t
read (int fd, void *buffer, size_t length)
{
  FAULTS_NEXT (read);
  READ_LIKE (fd, length, next (fd, buffer, shorten (length)), next (fd, buffer, length))
}

ssize_t
pread (int fd, void *buffer, size_t length, off_t offset)
{
  FAULTS_NEXT (pread);
  READ_LIKE (fd, length, next (fd, buffer, shorten (length), offset), next (fd, buffer, length, offset))
}

ssize_t
pread64 (int fd, void *buffer, size_t length, off64_t offset)
{
  FAULTS_NEXT (pread64);
  READ_LIKE (fd, length, next (fd, buffer, shorten (length), offset), next (fd, buffer, length, offset))
}

ssize_t
__read_chk (int fd, void *buffer, size_t length, size_t room)
{
  return length <= room ? read (fd, buffer, length) : -1;
}

ssize_t
__pread_chk (int fd, void *buffer, size_t length, off_t offset, size_t room)
{
  return length <= room ? pread (fd, buffer, length, offset) : -1;
}

ssize_t
__pread64_chk (int fd, void *buffer, size_t length, off64_t offset, size_t room)
{
  return length <= room ? pread64 (fd, buffer, length, offset) : -1;
}

#define WRITE_LIKE(fd, call_short, call) \
  switch (meet_fd (WRITE, true, fd))     \
    {                                    \
    case FAIL:                           \
      return -1;                         \
    case SHORT:                          \
      return call_short;                 \
    case TEAR:                           \
      if (call_short >= 0)               \
        raise (SIGKILL);                 \
      return -1;                         \
    default:                             \
      return call;                       \
    }

ssize_t
write (int fd, const void *buffer, size_t length)
{
  FAULTS_NEXT (write);
  WRITE_LIKE (fd, next (fd, buffer, shorten (length)), next (fd, buffer, length))
}

ssize_t
pwrite (int fd, const void *buffer, size_t length, off_t offset)
{
  FAULTS_NEXT (pwrite);
  WRITE_LIKE (fd, next (fd, buffer, shorten (length), offset), next (fd, buffer, length, offset))
}

ssize_t
pwrite64 (int fd, const void *buffer, size_t length, off64_t offset)
{
  FAULTS_NEXT (pwrite64);
  WRITE_LIKE (fd, next (fd, buffer, shorten (length), offset), next (fd, buffer, length, offset))
}

int
fsync (int fd)
{
  FAULTS_NEXT (fsync);
  return meet_fd (SYNC, true, fd) == FAIL ? -1 : next (fd);
}

int
fdatasync (int fd)
{
  FAULTS_NEXT (fdatasync);
  return meet_fd (SYNC, true, fd) == FAIL ? -1 : next (fd);
}

int
rename (const char *from, const char *to)
{
  FAULTS_NEXT (rename);
  return meet (RENAME, true, to) == FAIL ? -1 : next (from, to);
}

int
renameat2 (int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
  FAULTS_NEXT (renameat2);
  return meet (RENAME, true, to) == FAIL ? -1 : next (from_folder, from, to_folder, to, flags);
}

/* Nothing can come of it where nothing was written. */
static bool
is_written_by (int fd)
{
  int saved = errno, flags = fcntl (fd, F_GETFL);

  errno = saved;
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

/* The descriptor is closed all the same, as Linux does it. */
int
close (int fd)
{
  enum what what = is_written_by (fd) ? meet_fd (CLOSE, false, fd) : NOTHING;
  int       number = errno;

  FAULTS_NEXT (close);
  if (what != FAIL)
    return next (fd);
  next (fd);
  errno = number;
  return -1;
}

int
ftruncate (int fd, off_t length)
{
  FAULTS_NEXT (ftruncate);
  return meet_fd (TRUNCATE, true, fd) == FAIL ? -1 : next (fd, length);
}

int
ftruncate64 (int fd, off64_t length)
{
  FAULTS_NEXT (ftruncate64);
  return meet_fd (TRUNCATE, true, fd) == FAIL ? -1 : next (fd, length);
}

int
truncate (const char *path, off_t length)
{
  FAULTS_NEXT (truncate);
  return meet (TRUNCATE, true, path) == FAIL ? -1 : next (path, length);
}

int
mkdir (const char *path, mode_t mode)
{
  FAULTS_NEXT (mkdir);
  return meet (MAKE, true, path) == FAIL ? -1 : next (path, mode);
}

int
unlink (const char *path)
{
  FAULTS_NEXT (unlink);
  return meet (REMOVE, true, path) == FAIL ? -1 : next (path);
}

/* Nothing of the file is left behind the mapping. */
static void
cut (int fd)
{
  char name[64], path[ROOM];

  FAULTS_NEXT (truncate);
  snprintf (name, sizeof name, "/proc/self/fd/%d", fd);
  ssize_t length = readlink (name, path, sizeof path - 1);
  if (length <= 0)
    return;
  path[length] = '\0';
  if (next (path, 0) != 0)
    _exit (97);
}

void *
mmap (void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
  enum what what = fd >= 0 ? meet_fd (MAP, false, fd) : NOTHING;
  void     *data;

  FAULTS_NEXT (mmap);
  if (what == FAIL)
    return MAP_FAILED;
  data = next (address, length, protection, flags, fd, offset);
  if (what == CUT)
    cut (fd);
  return data;
}

void *
mmap64 (void *address, size_t length, int protection, int flags, int fd, off64_t offset)
{
  return mmap (address, length, protection, flags, fd, (off_t) offset);
}
