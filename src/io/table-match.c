#include "io/table-match.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

static const char *const columns[] = { "name", "file", "filename", "image", "Image Index", "dicom_id", "path" };

struct key
{
  const char *text;
  size_t      length, row;
};

static int
compare (const void *one, const void *other)
{
  const struct key *a = one, *b = other;
  const size_t      shorter = a->length < b->length ? a->length : b->length;
  const int         order = memcmp (a->text, b->text, shorter);

  return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

int
dino_table_match_column (const struct dino_table *table, const char *column)
{
  int found = column != NULL ? dino_table_find (table, column) : -1;

  for (size_t i = 0; column == NULL && found < 0 && i < sizeof columns / sizeof *columns; i++)
    found = dino_table_find (table, columns[i]);
  return found;
}

static bool
find_column (const struct dino_table *table, const char *wanted, int *column, struct dino_error *error)
{
  *column = dino_table_match_column (table, wanted);
  return *column >= 0 || dino_table_need (table, wanted != NULL ? wanted : columns[0], column, error);
}

/* The fields of the column in order; each but the empty one is there once. */
static bool
sort_keys (const struct dino_table *table, int column, struct key *keys, struct dino_error *error)
{
  const size_t n = dino_table_n_rows (table);

  for (size_t row = 0; row < n; row++)
    {
      const char *text = dino_table_get (table, row, column);

      keys[row] = (struct key){ text, strlen (text), row };
    }
  qsort (keys, n, sizeof *keys, compare);
  for (size_t i = 1; i < n; i++)
    if (keys[i].length > 0 && compare (&keys[i - 1], &keys[i]) == 0)
      return dino_table_refuse (table, keys[i].row > keys[i - 1].row ? keys[i].row : keys[i - 1].row, column, _ ("another line has the same"), error);
  return true;
}

static size_t
find_key (const struct key *keys, size_t n, const char *text, size_t length)
{
  const struct key  wanted = { text, length, 0 };
  const struct key *found = length > 0 ? bsearch (&wanted, keys, n, sizeof *keys, compare) : NULL;

  return found != NULL ? found->row : DINO_TABLE_NO_ROW;
}

static size_t
find_name (const struct key *keys, size_t n, const char *name)
{
  const char  *slash = strrchr (name, '/'), *last = slash != NULL ? slash + 1 : name, *dot = strrchr (last, '.');
  const size_t lengths[] = { strlen (name), strlen (last), dot != NULL ? (size_t) (dot - last) : 0 };
  size_t       row = find_key (keys, n, name, lengths[0]);

  for (int i = 1; row == DINO_TABLE_NO_ROW && i < 3; i++)
    row = find_key (keys, n, last, lengths[i]);
  return row;
}

bool
dino_table_match (const struct dino_table *table, const char *column, dino_table_name_func name, const void *data, size_t n, size_t *rows, struct dino_error *error)
{
  const size_t n_keys = dino_table_n_rows (table);
  int          number;
  struct key  *keys;
  bool         good;

  if (!find_column (table, column, &number, error))
    return false;
  keys = dino_alloc (n_keys, sizeof *keys, error);
  good = keys != NULL && sort_keys (table, number, keys, error);
  for (size_t i = 0; good && i < n; i++)
    rows[i] = find_name (keys, n_keys, name (data, i));
  dino_free (keys);
  return good;
}
