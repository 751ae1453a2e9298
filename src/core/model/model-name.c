#include "core/model/model-name.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

static const char cache_prefix[] = "models--";

/* The part of a path that is a model's folder in a Hugging Face cache, or NULL. */
static const char *
find_cache_folder (const char *path, size_t *length)
{
  while (*path != '\0')
    {
      *length = strcspn (path, "/");
      if (strncmp (path, cache_prefix, strlen (cache_prefix)) == 0)
        return path;
      path += *length;
      path += strspn (path, "/");
    }
  return NULL;
}

/* "models--owner--name" to "owner/name", in place. */
static void
rewrite_cache_name (char *name)
{
  char *dashes;

  memmove (name, name + strlen (cache_prefix), strlen (name + strlen (cache_prefix)) + 1);
  dashes = strstr (name, "--");
  if (dashes != NULL)
    {
      *dashes = '/';
      memmove (dashes + 1, dashes + 2, strlen (dashes + 2) + 1);
    }
}

/* The last part of path, without the slashes behind it. */
static const char *
find_base (const char *path, size_t *length)
{
  size_t end = strlen (path), start;

  while (end > 1 && path[end - 1] == '/')
    end--;
  start = end;
  while (start > 0 && path[start - 1] != '/')
    start--;
  *length = end - start;
  return path + start;
}

/* A folder may be called anything, and the name stands in titles and JSON. */
static char *
copy (const char *text, size_t length, struct dino_error *error)
{
  char *result = dino_alloc (length + 1, 1, error);

  if (result == NULL)
    return NULL;
  memcpy (result, text, length);
  result[length] = '\0';
  dino_text_clean (result, false);
  return result;
}

char *
dino_model_name_from_path (const char *path, struct dino_error *error)
{
  size_t      length;
  const char *part = find_cache_folder (path, &length);
  char       *name, *full;

  if (part != NULL)
    {
      name = copy (part, length, error);
      if (name != NULL)
        rewrite_cache_name (name);
      return name;
    }
  part = find_base (path, &length);
  /* "." and ".." say nothing; the links of a cache are not followed otherwise. */
  full = strncmp (part, "..", length) == 0 ? realpath (path, NULL) : NULL;
  if (full != NULL)
    part = find_base (full, &length);
  name = copy (part, length, error);
  free (full);
  return name;
}
