#include "core/base/path.h"

#include <string.h>

#include "core/base/memory.h"

/* The first length bytes of folder, a slash unless there is one, and name. */
static char *
join (const char *folder, size_t length, const char *name, struct dino_error *error)
{
  size_t slash = length > 0 && folder[length - 1] != '/';
  size_t name_size = strlen (name) + 1;
  char  *path = dino_alloc (length + slash + name_size, 1, error);

  if (path == NULL)
    return NULL;
  memcpy (path, folder, length);
  memcpy (path + length, "/", slash);
  memcpy (path + length + slash, name, name_size);
  return path;
}

char *
dino_path_join (const char *folder, const char *name, struct dino_error *error)
{
  return join (folder, strlen (folder), name, error);
}

char *
dino_path_beside (const char *path, const char *name, struct dino_error *error)
{
  const char *slash = strrchr (path, '/');

  return join (path, slash != NULL ? (size_t) (slash - path) + 1 : 0, name, error);
}
