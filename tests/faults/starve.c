/* malloc(), calloc() and realloc() that fail, for a program that is started
 * with LD_PRELOAD: DINO_STARVE=AT fails request AT of those that do not come
 * from GLib, which ends a process by design; DINO_STARVE_COUNT=FILE gets how many there were. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t count, size_t size);
void *__libc_realloc (void *memory, size_t size);

static long at = -1, seen;
static bool ready;

/* Whether it is one of those that can be told no. */
static bool
counts (const void *caller)
{
  static const char *const spared[] = { "/libglib-", "/libgobject-", "/libgio-", "/ld-linux", "/libc.so", "/libstdc++" };
  Dl_info                  info;

  if (!ready)
    return false;
  ready = false; /* dladdr() may ask for memory itself */
  if (dladdr (caller, &info) == 0)
    info.dli_fname = "/libc.so";
  ready = true;
  for (size_t i = 0; i < sizeof spared / sizeof *spared; i++)
    if (strstr (info.dli_fname, spared[i]) != NULL)
      return false;
  return true;
}

static bool
fails (const void *caller)
{
  return counts (caller) && __atomic_fetch_add (&seen, 1, __ATOMIC_RELAXED) == at;
}

void *
malloc (size_t size)
{
  return fails (__builtin_return_address (0)) ? NULL : __libc_malloc (size);
}

void *
calloc (size_t count, size_t size)
{
  return fails (__builtin_return_address (0)) ? NULL : __libc_calloc (count, size);
}

void *
realloc (void *memory, size_t size)
{
  return fails (__builtin_return_address (0)) ? NULL : __libc_realloc (memory, size);
}

__attribute__ ((constructor)) static void
begin (void)
{
  const char *text = getenv ("DINO_STARVE");

  at = text != NULL ? atol (text) : -1;
  ready = true;
}

__attribute__ ((destructor)) static void
end (void)
{
  const char *file = getenv ("DINO_STARVE_COUNT");
  char        text[32];
  int         fd;

  ready = false;
  fd = file != NULL ? open (file, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
  if (fd < 0)
    return;
  if (write (fd, text, (size_t) snprintf (text, sizeof text, "%ld\n", seen)) < 0)
    _exit (125);
  close (fd);
}
