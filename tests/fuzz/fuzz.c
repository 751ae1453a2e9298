#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool was_taken;

/* Looked at by fuzz_touch(). */
static volatile uint8_t touched;

void
fuzz_taken (bool taken)
{
  was_taken = taken;
}

bool
fuzz_was_taken (void)
{
  return was_taken;
}

void
fuzz_promise (bool kept, const char *promise)
{
  if (kept)
    return;
  fprintf (stderr, "broken promise: %s\n", promise);
  abort ();
}

const uint8_t *
fuzz_part (const uint8_t *data, size_t size, int index, size_t *length)
{
  const size_t   between = sizeof FUZZ_SEPARATOR - 1;
  const uint8_t *end = data + size, *stop;

  for (; index >= 0; index--)
    {
      stop = size > 0 ? memmem (data, (size_t) (end - data), FUZZ_SEPARATOR, between) : NULL;
      if (index == 0)
        {
          *length = (size_t) ((stop != NULL ? stop : end) - data);
          return *length > 0 ? data : NULL;
        }
      if (stop == NULL)
        return NULL;
      data = stop + between;
    }
  return NULL;
}

void
fuzz_touch (const void *data, size_t size)
{
  const uint8_t *bytes = data;
  uint8_t        all = 0;

  for (size_t i = 0; i < size; i++)
    all ^= bytes[i];
  touched = all;
}

void
fuzz_touch_text (const char *text)
{
  if (text != NULL)
    fuzz_touch (text, strlen (text));
}
