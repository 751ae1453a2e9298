/* Files and memory for what is linked with core and io themselves, where the
 * linker can put functions of ours in the place of theirs: inputs never leave the
 * process, which is several times as fast; a sanitizer sees what is read beyond
 * the end of a mapping; a descriptor that is left open is seen; and no input
 * makes a reader ask for more memory than the largest picture takes, since sizes
 * are checked before memory is asked for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "fuzz/fuzz.h"

#define MOST_MEMORY ((size_t) 256 << 20)

/* Descriptors of files of ours. */
#define FIRST 1000000

#define FOLDER "/fuzz"

int   __real_close (int fd);
int   __real_stat64 (const char *path, struct stat *status);
int   __real_access (const char *path, int mode);
void *__real_mmap64 (void *address, size_t length, int protection, int flags, int fd, off_t offset);
int   __real_munmap (void *address, size_t length);
void *__real_dino_alloc (size_t count, size_t size, struct dino_error *error);

int      __wrap_close (int fd);
int      __wrap_stat64 (const char *path, struct stat *status);
int      __wrap_access (const char *path, int mode);
void    *__wrap_mmap64 (void *address, size_t length, int protection, int flags, int fd, off_t offset);
int      __wrap_munmap (void *address, size_t length);
void    *__wrap_dino_alloc (size_t count, size_t size, struct dino_error *error);
int      __wrap_dino_file_open (const char *path, uint64_t *size, struct dino_error *error);
bool     __wrap_dino_file_read_at (int fd, const char *path, void *buffer, size_t length, uint64_t offset, struct dino_error *error);
uint8_t *__wrap_dino_file_read (const char *path, size_t limit, size_t *length, struct dino_error *error);

struct file
{
  char           path[64];
  const uint8_t *data; /* NULL: not there */
  size_t         size;
};

static struct file files[FUZZ_MAX_FILES];
static int         n_files, n_open, n_mapped;

static void
begin (void)
{
  fuzz_promise (n_open == 0 && n_mapped == 0, "files are closed again");
}

const char *
fuzz_file (const uint8_t *data, size_t size)
{
  begin ();
  n_files = 1;
  snprintf (files[0].path, sizeof files[0].path, FOLDER "/file");
  files[0].data = data;
  files[0].size = size;
  return files[0].path;
}

const char *
fuzz_folder (const char *const *names, int n, const uint8_t *data, size_t size)
{
  begin ();
  fuzz_promise (n <= FUZZ_MAX_FILES, "a folder has few files");
  n_files = n;
  for (int i = 0; i < n; i++)
    {
      snprintf (files[i].path, sizeof files[i].path, FOLDER "/%s", names[i]);
      files[i].data = fuzz_part (data, size, i, &files[i].size);
    }
  return FOLDER;
}

static const struct file *
find (const char *path)
{
  for (int i = 0; i < n_files; i++)
    if (files[i].data != NULL && strcmp (files[i].path, path) == 0)
      return &files[i];
  return NULL;
}

static bool
is_ours (const char *path)
{
  return strncmp (path, FOLDER, sizeof FOLDER - 1) == 0;
}

int
__wrap_dino_file_open (const char *path, uint64_t *size, struct dino_error *error)
{
  const struct file *file = find (path);

  if (file == NULL)
    {
      dino_error_set (error, DINO_CODE_IO, "“%s” cannot be opened.", path);
      return -1;
    }
  *size = file->size;
  n_open++;
  return FIRST + (int) (file - files);
}

bool
__wrap_dino_file_read_at (int fd, const char *path, void *buffer, size_t length, uint64_t offset, struct dino_error *error)
{
  const struct file *file = &files[fd - FIRST];

  fuzz_promise (fd >= FIRST && fd < FIRST + n_files && n_open > 0, "what is read is open");
  if (offset > file->size || length > file->size - offset)
    return dino_error_set (error, DINO_CODE_FORMAT, "“%s” is shorter than it should be.", path);
  memcpy (buffer, file->data + offset, length);
  return true;
}

uint8_t *
__wrap_dino_file_read (const char *path, size_t limit, size_t *length, struct dino_error *error)
{
  const struct file *file = find (path);
  uint8_t           *data;

  if (file == NULL)
    {
      dino_error_set (error, DINO_CODE_IO, "“%s” cannot be opened.", path);
      return NULL;
    }
  if (file->size > limit)
    {
      dino_error_set (error, DINO_CODE_LIMIT, "“%s” is too large.", path);
      return NULL;
    }
  data = __real_dino_alloc (file->size + 1, 1, error);
  if (data == NULL)
    return NULL;
  memcpy (data, file->data, file->size);
  data[file->size] = '\0';
  *length = file->size;
  return data;
}

int
__wrap_close (int fd)
{
  if (fd < FIRST)
    return __real_close (fd);
  n_open--;
  fuzz_promise (n_open >= 0, "what is closed is open");
  return 0;
}

int
__wrap_stat64 (const char *path, struct stat *status)
{
  const struct file *file = find (path);

  if (!is_ours (path))
    return __real_stat64 (path, status);
  memset (status, 0, sizeof *status);
  status->st_mode = file != NULL ? S_IFREG | 0600 : S_IFDIR | 0700;
  status->st_size = file != NULL ? (off_t) file->size : 0;
  if (file != NULL || strcmp (path, FOLDER) == 0)
    return 0;
  errno = ENOENT;
  return -1;
}

int
__wrap_access (const char *path, int mode)
{
  if (!is_ours (path))
    return __real_access (path, mode);
  if (find (path) != NULL)
    return 0;
  errno = ENOENT;
  return -1;
}

/* As long as the file to the byte. (Meson asks for file offsets of 64 bits, hence the names.) */
void *
__wrap_mmap64 (void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
  void *memory = NULL;

  if (fd < FIRST)
    return __real_mmap64 (address, length, protection, flags, fd, offset);
  if (posix_memalign (&memory, 4096, length) != 0 || !__wrap_dino_file_read_at (fd, "", memory, length, (uint64_t) offset, NULL))
    {
      free (memory);
      return MAP_FAILED;
    }
  n_mapped++;
  return memory;
}

int
__wrap_munmap (void *address, size_t length)
{
  if (n_mapped == 0)
    return __real_munmap (address, length);
  n_mapped--;
  free (address);
  return 0;
}

void *
__wrap_dino_alloc (size_t count, size_t size, struct dino_error *error)
{
  size_t bytes;

  fuzz_promise (dino_multiply (count, size, &bytes) && bytes <= MOST_MEMORY, "sizes are checked before memory is asked for");
  return __real_dino_alloc (count, size, error);
}
