#include "io/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"

#define MAX_MESSAGE_COLUMNS 200 /* bytes of the list of columns in a message */

struct dino_table
{
  char     *path;
  char     *text;   /* the file, its fields unquoted in place and ended by NUL */
  uint32_t *fields; /* offsets in text, row by row; the first row is the header */
  size_t    n_fields, capacity;
  uint32_t *lines;                 /* of each row */
  size_t    n_rows, rows_capacity; /* with the header */
  int       n_columns;
};

/* Where reading is. */
struct reader
{
  struct dino_table *table;
  struct dino_error *error;
  char              *next, *end;
  size_t             line; /* that is being read, from 1 */
  char               separator;
};

static bool
refuse (const struct reader *reader, const char *reason)
{
  return dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s”, line %zu: %s."), reader->table->path, reader->line, reason);
}

/* Twice the room for an array of 32-bit numbers that is full. */
static bool
grow (uint32_t **array, size_t used, size_t *capacity, struct dino_error *error)
{
  const size_t wanted = *capacity > 0 ? 2 * *capacity : 64;
  uint32_t    *larger;

  if (used < *capacity)
    return true;
  larger = dino_alloc (wanted, sizeof *larger, error);
  if (larger == NULL)
    return false;
  if (used > 0)
    memcpy (larger, *array, used * sizeof *larger);
  dino_free (*array);
  *array = larger;
  *capacity = wanted;
  return true;
}

static bool
add_field (struct reader *reader, const char *field)
{
  struct dino_table *table = reader->table;

  if (!grow (&table->fields, table->n_fields, &table->capacity, reader->error))
    return false;
  table->fields[table->n_fields++] = (uint32_t) (field - table->text);
  return true;
}

static bool
begin_row (struct reader *reader)
{
  struct dino_table *table = reader->table;

  if (!grow (&table->lines, table->n_rows, &table->rows_capacity, reader->error))
    return false;
  table->lines[table->n_rows++] = (uint32_t) reader->line;
  return true;
}

/* After the opening quotation mark: *to is where the text ends, reader->next
 * behind the closing mark. */
static bool
take_quoted (struct reader *reader, char **to)
{
  char *from = reader->next;

  for (; from < reader->end; from++)
    {
      if (*from == '"' && from[1] == '"')
        from++;
      else if (*from == '"')
        break;
      reader->line += *from == '\n';
      *(*to)++ = *from;
    }
  if (from == reader->end)
    return refuse (reader, _ ("a quotation mark is not closed"));
  reader->next = from + 1;
  return true;
}

static bool
ends_field (const struct reader *reader, const char *place)
{
  return place == reader->end || *place == reader->separator || *place == '\n' || (*place == '\r' && place[1] == '\n');
}

/* Takes a field and what ends it; *last when that is the end of the line. */
static bool
take_field (struct reader *reader, bool *last)
{
  const bool  quoted = reader->next < reader->end && *reader->next == '"';
  char       *field = reader->next + quoted, *to = field;
  const char *stop;

  if (quoted)
    {
      reader->next++;
      if (!take_quoted (reader, &to))
        return false;
      if (!ends_field (reader, reader->next))
        return refuse (reader, _ ("something follows a quoted field"));
    }
  else
    {
      while (!ends_field (reader, reader->next))
        reader->next++;
      to = reader->next;
    }
  stop = reader->next;
  *last = stop == reader->end || *stop != reader->separator;
  if (stop < reader->end)
    reader->next += *stop == '\r' ? 2 : 1;
  *to = '\0';
  return add_field (reader, field);
}

static bool
take_line (struct reader *reader)
{
  struct dino_table *table = reader->table;
  const size_t       before = table->n_fields, line = reader->line;
  bool               last = false;
  size_t             n;

  if (!begin_row (reader))
    return false;
  while (!last)
    {
      if (table->n_fields - before == DINO_TABLE_MAX_COLUMNS)
        return refuse (reader, _ ("there are too many columns"));
      if (!take_field (reader, &last))
        return false;
    }
  n = table->n_fields - before;
  if (table->n_rows == 1)
    table->n_columns = (int) n;
  if (n != (size_t) table->n_columns)
    return dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s”, line %zu: there are %zu fields; the first line names %d columns."),
                           table->path, line, n, table->n_columns);
  reader->line++;
  return true;
}

/* Passes over lines without a character. */
static bool
skip_blank_line (struct reader *reader)
{
  const size_t length = *reader->next == '\n' ? 1 : (*reader->next == '\r' && reader->next[1] == '\n' ? 2 : 0);

  reader->next += length;
  reader->line += length > 0;
  return length > 0;
}

static bool
check_text (struct reader *reader)
{
  const char *text = reader->next;
  size_t      length;

  for (; text < reader->end; text += length)
    {
      length = dino_text_character (text);
      if (length == 0)
        return refuse (reader, _ ("this is not text in UTF-8"));
      reader->line += *text == '\n';
    }
  reader->line = 1;
  return true;
}

static char
find_separator (const struct reader *reader)
{
  bool quoted = false;

  for (const char *text = reader->next; text < reader->end && (quoted || *text != '\n'); text++)
    {
      if (*text == '"')
        quoted = !quoted;
      else if (*text == '\t' && !quoted)
        return '\t';
    }
  return ',';
}

/* A table of one column may have empty fields, but blank lines stay blank lines. */
static bool
read_lines (struct reader *reader)
{
  while (reader->next < reader->end)
    {
      if (skip_blank_line (reader))
        continue;
      if (reader->table->n_rows == 0)
        reader->separator = find_separator (reader);
      if (!take_line (reader))
        return false;
    }
  return reader->table->n_rows > 0 || refuse (reader, _ ("there is no line that names the columns"));
}

static bool
check_names (struct reader *reader)
{
  const struct dino_table *table = reader->table;

  reader->line = table->lines[0];
  for (int i = 0; i < table->n_columns; i++)
    {
      const char *name = dino_table_column_name (table, i);

      if (*name != '\0' && dino_table_find (table, name) != i)
        return dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s”, line %zu: two columns are named “%s”."), table->path, reader->line, name);
    }
  return true;
}

static bool
parse (struct dino_table *table, size_t length, struct dino_error *error)
{
  struct reader reader = { .table = table, .error = error, .next = table->text, .end = table->text + length, .line = 1 };

  if (length >= 3 && memcmp (table->text, "\xef\xbb\xbf", 3) == 0)
    reader.next += 3;
  return check_text (&reader) && read_lines (&reader) && check_names (&reader);
}

struct dino_table *
dino_table_read (const char *path, struct dino_error *error)
{
  struct dino_table *table = dino_alloc_zeroed (1, sizeof *table, error);
  size_t             length = 0;

  if (table == NULL)
    {
      dino_error_about (error, path);
      return NULL;
    }
  table->path = dino_strdup (path, error);
  if (table->path != NULL)
    table->text = (char *) dino_file_read (path, DINO_TABLE_MAX_BYTES, &length, error);
  if (table->text != NULL && parse (table, length, error))
    return table;
  dino_error_about (error, path);
  dino_table_free (table);
  return NULL;
}

void
dino_table_free (struct dino_table *table)
{
  if (table == NULL)
    return;
  dino_free (table->path);
  dino_free (table->text);
  dino_free (table->fields);
  dino_free (table->lines);
  dino_free (table);
}

const char *
dino_table_path (const struct dino_table *table)
{
  return table->path;
}

size_t
dino_table_n_rows (const struct dino_table *table)
{
  return table->n_rows - 1;
}

int
dino_table_n_columns (const struct dino_table *table)
{
  return table->n_columns;
}

const char *
dino_table_column_name (const struct dino_table *table, int column)
{
  return table->text + table->fields[column];
}

int
dino_table_find (const struct dino_table *table, const char *name)
{
  for (int i = 0; i < table->n_columns; i++)
    if (strcmp (dino_table_column_name (table, i), name) == 0)
      return i;
  return -1;
}

bool
dino_table_need (const struct dino_table *table, const char *name, int *column, struct dino_error *error)
{
  char   list[MAX_MESSAGE_COLUMNS] = "";
  size_t used = 0;

  *column = dino_table_find (table, name);
  if (*column >= 0)
    return true;
  for (int i = 0; i < table->n_columns; i++)
    {
      const char  *other = dino_table_column_name (table, i);
      const size_t length = strlen (other);

      if (used + length + sizeof ", …" + 2 > sizeof list)
        {
          memcpy (list + used, ", …", sizeof ", …");
          break;
        }
      memcpy (list + used, ", ", 2);
      memcpy (list + used + (i > 0 ? 2 : 0), other, length + 1);
      used += length + (i > 0 ? 2 : 0);
    }
  return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” has no column “%s”; its columns are: %s."), table->path, name, list);
}

const char *
dino_table_get (const struct dino_table *table, size_t row, int column)
{
  return table->text + table->fields[(row + 1) * (size_t) table->n_columns + (size_t) column];
}

size_t
dino_table_line (const struct dino_table *table, size_t row)
{
  return table->lines[row + 1];
}

bool
dino_table_refuse (const struct dino_table *table, size_t row, int column, const char *reason, struct dino_error *error)
{
  return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”, line %zu, column “%s”: %s."), table->path, dino_table_line (table, row),
                         dino_table_column_name (table, column), reason);
}

bool
dino_table_get_double (const struct dino_table *table, size_t row, int column, double *value, struct dino_error *error)
{
  const char *text = dino_table_get (table, row, column);
  char        copy[DINO_NUMBER_LENGTH * 4];
  size_t      length;

  text += strspn (text, " \t");
  length = strlen (text);
  while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
    length--;
  if (length < sizeof copy)
    {
      memcpy (copy, text, length);
      copy[length] = '\0';
      if (dino_parse_double (copy, value))
        return true;
    }
  return dino_table_refuse (table, row, column, _ ("this is not a number"), error);
}

bool
dino_table_get_size (const struct dino_table *table, size_t row, int column, size_t maximum, size_t *value, struct dino_error *error)
{
  const char *text = dino_table_get (table, row, column);
  size_t      sum = 0;
  bool        good = *text != '\0';

  for (; good && *text != '\0'; text++)
    good = *text >= '0' && *text <= '9' && dino_multiply (sum, 10, &sum) && dino_add (sum, (size_t) (*text - '0'), &sum);
  if (!good || sum > maximum)
    return dino_table_refuse (table, row, column, _ ("this is not a whole number that is allowed here"), error);
  *value = sum;
  return true;
}
