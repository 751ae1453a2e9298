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

/* By their last characters: what ends alike is together, the shorter first. */
static int
compare_ends (const void *one, const void *other)
{
  const struct key *a = one, *b = other;

  for (size_t i = 1; i <= a->length && i <= b->length; i++)
    if (a->text[a->length - i] != b->text[b->length - i])
      return (unsigned char) a->text[a->length - i] < (unsigned char) b->text[b->length - i] ? -1 : 1;
  return (a->length > b->length) - (a->length < b->length);
}

/* 0 when key ends with a slash and the name, else the order of the two's ends. */
static int
order_end (const struct key *key, const char *name, size_t length)
{
  for (size_t i = 1; i <= length + 1; i++)
    {
      const unsigned char wanted = i <= length ? (unsigned char) name[length - i] : '/';

      if (i > key->length)
        return -1;
      if ((unsigned char) key->text[key->length - i] != wanted)
        return (unsigned char) key->text[key->length - i] < wanted ? -1 : 1;
    }
  return 0;
}

/* The one field that has the name behind more folders. */
static size_t
find_longer (const struct key *ends, size_t n, const char *name)
{
  const size_t length = strlen (name);
  size_t       low = 0, high = n;

  while (low < high)
    {
      const size_t middle = low + (high - low) / 2;

      if (order_end (&ends[middle], name, length) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == n || order_end (&ends[low], name, length) != 0 || (low + 1 < n && order_end (&ends[low + 1], name, length) == 0))
    return DINO_TABLE_NO_ROW;
  return ends[low].row;
}

/* The name itself, with more folders or with fewer, and without its ending. */
static size_t
find_name (const struct key *keys, const struct key *ends, size_t n, const char *name)
{
  const char *last = name, *dot;
  size_t      row = find_key (keys, n, name, strlen (name));

  if (row == DINO_TABLE_NO_ROW)
    row = find_longer (ends, n, name);
  for (const char *slash = strchr (name, '/'); slash != NULL && row == DINO_TABLE_NO_ROW; slash = strchr (last, '/'))
    {
      last = slash + 1;
      row = find_key (keys, n, last, strlen (last));
    }
  dot = strrchr (last, '.');
  return row == DINO_TABLE_NO_ROW && dot != NULL ? find_key (keys, n, last, (size_t) (dot - last)) : row;
}

bool
dino_table_match (const struct dino_table *table, const char *column, dino_table_name_func name, const void *data, size_t n, size_t *rows, struct dino_error *error)
{
  const size_t n_keys = dino_table_n_rows (table);
  int          number;
  struct key  *keys, *ends;
  bool         good;

  if (!find_column (table, column, &number, error))
    return false;
  keys = dino_alloc (n_keys, sizeof *keys, error);
  ends = dino_alloc (n_keys, sizeof *ends, error);
  good = keys != NULL && ends != NULL && sort_keys (table, number, keys, error);
  if (good)
    {
      memcpy (ends, keys, n_keys * sizeof *ends);
      qsort (ends, n_keys, sizeof *ends, compare_ends);
    }
  for (size_t i = 0; good && i < n; i++)
    rows[i] = find_name (keys, ends, n_keys, name (data, i));
  dino_free (keys);
  dino_free (ends);
  return good;
}
