#include "sandbox/standard.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/memory.h"

uint8_t *
dino_standard_read (size_t most, size_t *length, int *problem)
{
  struct stat status;
  uint8_t    *data;

  *length = 0;
  *problem = EFBIG;
  if (fstat (STDIN_FILENO, &status) != 0 || status.st_size < 0 || (uint64_t) status.st_size > most)
    return NULL;
  *problem = ENOMEM;
  data = dino_alloc ((size_t) status.st_size, 1, NULL);
  if (data == NULL)
    return NULL;
  *problem = 0;
  while (*length < (size_t) status.st_size)
    {
      ssize_t n = pread (STDIN_FILENO, data + *length, (size_t) status.st_size - *length, (off_t) *length);

      if (n == 0)
        break;
      if (n > 0)
        *length += (size_t) n;
      else if (errno != EINTR)
        {
          *problem = errno;
          break;
        }
    }
  return data;
}

bool
dino_standard_write (const void *data, size_t length)
{
  const uint8_t *bytes = data;

  while (length > 0)
    {
      ssize_t n = write (STDOUT_FILENO, bytes, length);

      if (n < 0 && errno != EINTR)
        return false;
      if (n > 0)
        {
          bytes += n;
          length -= (size_t) n;
        }
    }
  return true;
}
