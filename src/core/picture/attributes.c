#include "core/picture/attributes.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

struct dino_attributes *
dino_attributes_new (size_t n, struct dino_error *error)
{
  struct dino_attributes *attributes;

  if (n > DINO_ATTRIBUTES_MAX)
    {
      dino_error_set (error, DINO_CODE_LIMIT, _ ("%zu attributes are too many; at most %d are read."), n, DINO_ATTRIBUTES_MAX);
      return NULL;
    }
  attributes = dino_alloc_zeroed (1, sizeof *attributes, error);
  if (attributes == NULL)
    return NULL;
  attributes->items = dino_alloc_zeroed (n, sizeof *attributes->items, error);
  if (attributes->items == NULL)
    {
      dino_free (attributes);
      return NULL;
    }
  attributes->n = n;
  return attributes;
}

void
dino_attributes_free (struct dino_attributes *attributes)
{
  if (attributes == NULL)
    return;
  for (size_t i = 0; i < attributes->n; i++)
    {
      dino_free (attributes->items[i].keyword);
      dino_free (attributes->items[i].value);
    }
  dino_free (attributes->items);
  dino_free (attributes);
}

const char *
dino_attributes_find (const struct dino_attributes *attributes, const char *keyword)
{
  for (size_t i = 0; attributes != NULL && i < attributes->n; i++)
    if (attributes->items[i].keyword != NULL && strcmp (attributes->items[i].keyword, keyword) == 0)
      return attributes->items[i].value;
  return NULL;
}
