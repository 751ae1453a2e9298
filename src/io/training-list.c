#include "io/training-list.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/table.h"

/* Shorter ones are numbers and words of other columns. */
#define LEAST_STEM 8

/* A part of a field of the table: a file name without its folders. */
struct name
{
  const char *text;
  size_t      length;
};

struct dino_training_list
{
  struct dino_table *table;
  struct name       *names; /* sorted */
  size_t             n_names;
};

/* Without folders; length of the whole, or of what is before the ending where that is long enough. */
static struct name
cut (const char *text)
{
  const char *slash = strrchr (text, '/'), *dot;
  struct name name = { slash != NULL ? slash + 1 : text, 0 };

  name.length = strlen (name.text);
  dot = strrchr (name.text, '.');
  if (dot != NULL && dot - name.text >= LEAST_STEM)
    name.length = (size_t) (dot - name.text);
  return name;
}

static int
compare_names (const void *a, const void *b)
{
  const struct name *one = a, *other = b;
  const int          order = memcmp (one->text, other->text, one->length < other->length ? one->length : other->length);

  return order != 0 ? order : one->length < other->length ? -1
                                                          : one->length > other->length;
}

/* A first line of a list without a head is a name, too. */
static const char *
get (const struct dino_table *table, size_t row, int column)
{
  return row == 0 ? dino_table_column_name (table, column) : dino_table_get (table, row - 1, column);
}

static bool
collect (struct dino_training_list *list, struct dino_error *error)
{
  const size_t n_rows = dino_table_n_rows (list->table) + 1;
  const int    n_columns = dino_table_n_columns (list->table);

  list->names = dino_alloc (n_rows, (size_t) n_columns * sizeof *list->names, error);
  if (list->names == NULL)
    return false;
  for (size_t row = 0; row < n_rows; row++)
    for (int column = 0; column < n_columns; column++)
      {
        const struct name name = cut (get (list->table, row, column));

        if (name.length > 0)
          list->names[list->n_names++] = name;
      }
  qsort (list->names, list->n_names, sizeof *list->names, compare_names);
  return true;
}

struct dino_training_list *
dino_training_list_read (const char *path, struct dino_error *error)
{
  struct dino_training_list *list = dino_alloc_zeroed (1, sizeof *list, error);

  if (list == NULL)
    {
      dino_error_about (error, path);
      return NULL;
    }
  list->table = dino_table_read (path, error);
  if (list->table != NULL && collect (list, error))
    return list;
  dino_error_about (error, path);
  dino_training_list_free (list);
  return NULL;
}

void
dino_training_list_free (struct dino_training_list *list)
{
  if (list == NULL)
    return;
  dino_free (list->names);
  dino_table_free (list->table);
  dino_free (list);
}

bool
dino_training_list_has (const struct dino_training_list *list, const char *name)
{
  const struct name wanted = cut (name);

  return bsearch (&wanted, list->names, list->n_names, sizeof wanted, compare_names) != NULL;
}
