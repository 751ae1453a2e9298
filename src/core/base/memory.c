#include "core/base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool
dino_multiply (size_t a, size_t b, size_t *result)
{
  return !__builtin_mul_overflow (a, b, result);
}

bool
dino_add (size_t a, size_t b, size_t *result)
{
  return !__builtin_add_overflow (a, b, result);
}

void *
dino_alloc (size_t count, size_t size, struct dino_error *error)
{
  size_t bytes;
  void  *memory = NULL;

  if (!dino_multiply (count, size, &bytes))
    bytes = SIZE_MAX;
  if (bytes > PTRDIFF_MAX || posix_memalign (&memory, DINO_ALIGNMENT, bytes > 0 ? bytes : 1) != 0)
    {
      dino_error_set_memory (error, bytes);
      return NULL;
    }
  return memory;
}

void *
dino_alloc_zeroed (size_t count, size_t size, struct dino_error *error)
{
  void *memory = dino_alloc (count, size, error);

  if (memory != NULL)
    memset (memory, 0, count * size);
  return memory;
}

void
dino_free (void *memory)
{
  free (memory);
}

char *
dino_strdup (const char *text, struct dino_error *error)
{
  size_t size = strlen (text) + 1;
  char  *copy = dino_alloc (size, 1, error);

  if (copy != NULL)
    memcpy (copy, text, size);
  return copy;
}
