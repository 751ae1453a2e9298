#include "io/index-table.h"

#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "io/index-files.h"
#include "io/table-match.h"

/* Columns that are ours; the table's own come behind. */
static const char *const own_columns[] = { "row", "name", "view" };

bool
dino_index_table_is_own_column (const char *name)
{
  for (size_t i = 0; i < sizeof own_columns / sizeof *own_columns; i++)
    if (strcmp (name, own_columns[i]) == 0)
      return true;
  return false;
}

/* A column of the user's table that is added: all but those that are called as ours. */
static bool
is_added (const struct dino_index_plan *plan, int column)
{
  return !dino_index_table_is_own_column (dino_table_column_name (plan->table, column));
}

/* A field and what is behind it, as dino_table_write_field() has it. */
static bool
write_field (struct dino_index_sink *sink, const char *text, bool last, struct dino_error *error)
{
  const char end = last ? '\n' : '\t';

  if (strpbrk (text, "\t\n\r\"") == NULL)
    return dino_index_sink_write (sink, text, strlen (text), error) && dino_index_sink_write (sink, &end, 1, error);
  if (!dino_index_sink_write (sink, "\"", 1, error))
    return false;
  for (; *text != '\0'; text++)
    if (!dino_index_sink_write (sink, "\"\"", *text == '"' ? 2 : 0, error) || (*text != '"' && !dino_index_sink_write (sink, text, 1, error)))
      return false;
  return dino_index_sink_write (sink, (char[]){ '"', end }, 2, error);
}

/* The user's columns of one row of their table, or their names. */
static bool
write_added (struct dino_index_sink *sink, const struct dino_index_plan *plan, bool names, bool found, size_t row, struct dino_error *error)
{
  const int n = plan->table != NULL ? dino_table_n_columns (plan->table) : 0;
  int       last = -1;

  for (int i = 0; i < n; i++)
    last = is_added (plan, i) ? i : last;
  for (int i = 0; i < n; i++)
    if (is_added (plan, i) &&
        !write_field (sink, names ? dino_table_column_name (plan->table, i) : found ? dino_table_get (plan->table, row, i)
                                                                                    : "",
                      i == last, error))
      return false;
  return true;
}

static bool
has_added (const struct dino_index_plan *plan)
{
  for (int i = 0; plan->table != NULL && i < dino_table_n_columns (plan->table); i++)
    if (is_added (plan, i))
      return true;
  return false;
}

/* A picture; row of the user's table, DINO_TABLE_NO_ROW where it has none. */
static bool
write_row (struct dino_index_sink *sink, const struct dino_index_plan *plan, size_t row, const char *name, const char *view, struct dino_index_report *report, struct dino_error *error)
{
  const bool added = has_added (plan), found = row != DINO_TABLE_NO_ROW;
  char       number[32];

  if (plan->table != NULL && !found)
    report->n_unmatched++;
  snprintf (number, sizeof number, "%zu", report->n_pictures++);
  return write_field (sink, number, false, error) && write_field (sink, name, false, error) && write_field (sink, view, !added, error) &&
         (!added || write_added (sink, plan, false, found, row, error));
}

/* rows: of each picture; NULL without a table. */
static bool
write_rows (struct dino_index_sink *sink, const struct dino_index_plan *plan, const size_t *rows, struct dino_index_report *report, struct dino_error *error)
{
  for (size_t i = 0; i < plan->n_sources; i++)
    for (size_t row = 0; row < dino_embeddings_n_rows (plan->sources[i]); row++)
      if (!write_row (sink, plan, rows != NULL ? rows[report->n_pictures] : DINO_TABLE_NO_ROW, dino_embeddings_name (plan->sources[i], row), dino_embeddings_view (plan->sources[i], row),
                      report, error))
        return false;
  /* Rows of a matrix are called by their number, and no table knows these. */
  for (size_t row = 0; plan->matrix != NULL && row < dino_matrix_file_n_rows (plan->matrix); row++)
    {
      char name[32];

      snprintf (name, sizeof name, "%zu", row);
      if (!write_row (sink, plan, DINO_TABLE_NO_ROW, name, "", report, error))
        return false;
    }
  return true;
}

/* The name of a picture among those of all sources. */
static const char *
name_of (const void *data, size_t index)
{
  const struct dino_index_plan *plan = data;
  size_t                        source = 0;

  for (; index >= dino_embeddings_n_rows (plan->sources[source]); source++)
    index -= dino_embeddings_n_rows (plan->sources[source]);
  return dino_embeddings_name (plan->sources[source], index);
}

static bool
match (const struct dino_index_plan *plan, size_t **rows, struct dino_error *error)
{
  size_t n = 0;

  *rows = NULL;
  if (plan->table == NULL || plan->n_sources == 0)
    return true;
  for (size_t i = 0; i < plan->n_sources; i++)
    n += dino_embeddings_n_rows (plan->sources[i]);
  *rows = dino_alloc (n, sizeof **rows, error);
  return *rows != NULL && dino_table_match (plan->table, plan->key, name_of, plan, n, *rows, error);
}

static bool
write_heading (struct dino_index_sink *sink, const struct dino_index_plan *plan, struct dino_error *error)
{
  const bool added = has_added (plan);

  return write_field (sink, own_columns[0], false, error) && write_field (sink, own_columns[1], false, error) && write_field (sink, own_columns[2], !added, error) &&
         (!added || write_added (sink, plan, true, false, 0, error));
}

bool
dino_index_table_write (const struct dino_index_plan *plan, struct dino_index_report *report, json_t *files, struct dino_error *error)
{
  struct dino_index_sink sink;
  size_t                *rows;
  bool                   good = match (plan, &rows, error);

  if (good)
    {
      good = dino_index_sink_begin (&sink, plan->folder, DINO_INDEX_TABLE, error) && write_heading (&sink, plan, error) && write_rows (&sink, plan, rows, report, error);
      good = dino_index_sink_end (&sink, good, files, error);
    }
  dino_free (rows);
  return good;
}
