#include "core/model/json-memory.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#define PIECE sizeof (max_align_t)

/* A thread's own: threads read and write files at the same time. */
static _Thread_local struct
{
  uint8_t *reserve; /* NULL: none */
  size_t   size, used;
  bool     needed;
  size_t   starved; /* bytes that could not be had, 0: none */
} watched;

static void *
take_reserve (size_t size)
{
  void *memory = NULL;

  watched.needed = true;
  if (size <= SIZE_MAX - PIECE && (size + PIECE - 1) / PIECE * PIECE <= watched.size - watched.used)
    {
      memory = watched.reserve + watched.used;
      watched.used += (size + PIECE - 1) / PIECE * PIECE;
    }
  return memory;
}

static void *
allocate (size_t size)
{
  void *memory = malloc (size);

  if (memory != NULL)
    return memory;
  if (watched.reserve != NULL)
    return take_reserve (size);
  watched.starved = size > 0 ? size : 1;
  return NULL;
}

static void
release (void *memory)
{
  const uintptr_t place = (uintptr_t) memory, reserve = (uintptr_t) watched.reserve;

  if (reserve == 0 || place < reserve || place - reserve >= watched.size)
    free (memory);
}

static void
watch (void)
{
  json_malloc_t give;
  json_free_t   take;

  json_get_alloc_funcs (&give, &take);
  if (give == malloc && take == free)
    json_set_alloc_funcs (allocate, release);
}

void
dino_json_watch_memory (void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;

  pthread_once (&once, watch);
}

bool
dino_json_check (struct dino_error *error)
{
  const size_t missing = watched.starved;

  watched.starved = 0;
  return missing == 0 || dino_error_set_memory (error, missing);
}

char *
dino_json_dump (const json_t *json, size_t flags, struct dino_error *error)
{
  char *text = json_dumps (json, flags);

  if (dino_json_check (error) && text != NULL)
    return text;
  free (text);
  dino_error_set_memory (error, 1); /* unless it is told already */
  return NULL;
}

void
dino_json_begin_reserve (void *memory, size_t size)
{
  dino_json_watch_memory ();
  watched.reserve = memory;
  watched.size = size;
  watched.used = 0;
  watched.needed = false;
}

bool
dino_json_needed_reserve (void)
{
  return watched.needed;
}

void
dino_json_end_reserve (void)
{
  watched.reserve = NULL;
  watched.size = 0;
}
