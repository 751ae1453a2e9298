/* Files for what is linked with libdinoscope: those of the system, in memory. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

/* A file in memory that keeps its descriptor and so its path under /proc. */
static int
open_memory (char path[64])
{
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);

  fuzz_promise (fd >= 0, "a file in memory can be had");
  snprintf (path, 64, "/proc/self/fd/%d", fd);
  return fd;
}

static void
fill (int fd, const uint8_t *data, size_t size)
{
  fuzz_promise (ftruncate (fd, 0) == 0, "a file in memory can be emptied");
  if (size > 0)
    fuzz_promise (pwrite (fd, data, size, 0) == (ssize_t) size, "a file in memory can be written");
}

const char *
fuzz_file (const uint8_t *data, size_t size)
{
  static char path[64];
  static int  fd = -1;

  if (fd < 0)
    fd = open_memory (path);
  fill (fd, data, size);
  return path;
}

/* A folder whose files are links to files in memory. */
struct folder
{
  char path[64];
  int  n;
  struct
  {
    int  fd;
    char memory[64], link[PATH_MAX];
    bool there;
  } files[FUZZ_MAX_FILES];
};

static struct folder folder;

static void
remove_folder (void)
{
  for (int i = 0; i < folder.n; i++)
    unlink (folder.files[i].link);
  rmdir (folder.path);
}

static void
make_folder (const char *const *names, int n)
{
  snprintf (folder.path, sizeof folder.path, "%s/dinoscope-fuzz-XXXXXX", access ("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
  fuzz_promise (n <= FUZZ_MAX_FILES && mkdtemp (folder.path) != NULL, "a folder can be made");
  folder.n = n;
  for (int i = 0; i < n; i++)
    {
      folder.files[i].fd = open_memory (folder.files[i].memory);
      snprintf (folder.files[i].link, sizeof folder.files[i].link, "%s/%s", folder.path, names[i]);
    }
  atexit (remove_folder);
}

const char *
fuzz_folder (const char *const *names, int n, const uint8_t *data, size_t size)
{
  if (folder.n == 0)
    make_folder (names, n);
  for (int i = 0; i < n; i++)
    {
      size_t         length = 0;
      const uint8_t *part = fuzz_part (data, size, i, &length);

      /* What is there without us was made by what is tested. */
      if (!folder.files[i].there || part == NULL)
        unlink (folder.files[i].link);
      if (!folder.files[i].there && part != NULL)
        fuzz_promise (symlink (folder.files[i].memory, folder.files[i].link) == 0, "a link can be made");
      folder.files[i].there = part != NULL;
      fill (folder.files[i].fd, part, part != NULL ? length : 0);
    }
  return folder.path;
}
