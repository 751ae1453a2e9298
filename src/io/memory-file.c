#include "io/memory-file.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int
dino_memory_file_new (const void *data, size_t length, struct dino_error *error)
{
  const uint8_t *bytes = data;
  size_t         done = 0;
  int            file = memfd_create ("picture", MFD_CLOEXEC);

  while (file >= 0 && done < length)
    {
      ssize_t n = write (file, bytes + done, length - done);

      if (n > 0)
        done += (size_t) n;
      else if (n == 0 || errno != EINTR)
        {
          close (file);
          file = -1;
        }
    }
  if (file < 0)
    dino_error_set_memory (error, length);
  return file;
}
