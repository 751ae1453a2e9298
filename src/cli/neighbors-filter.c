#include <string.h>

#include "cli/neighbors.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/index-filter.h"

/* "COLUMN=VALUE": the name, and what is behind the first sign. */
static gboolean
split (const char *text, char **column, const char **value)
{
  const char *equals = strchr (text, '=');

  if (equals == NULL || equals == text)
    return FALSE;
  *column = g_strndup (text, (gsize) (equals - text));
  *value = equals + 1;
  return TRUE;
}

static CliExit
read_where (CliNeighbors *self)
{
  const GPtrArray      *texts = self->session.arguments->values[CLI_OPTION_WHERE];
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray)    conditions = g_array_new (FALSE, FALSE, sizeof (struct dino_index_condition));
  struct dino_error     error = { 0 };
  size_t                n = 0;

  for (guint i = 0; texts != NULL && i < texts->len; i++)
    {
      struct dino_index_condition condition = { 0 };
      char                       *column;

      if (!split (texts->pdata[i], &column, &condition.value))
        {
          cli_usage_error (CLI_COMMAND_NEIGHBORS, _ ("--where needs a column and its value (“view=PA”), not “%s”."), (const char *) texts->pdata[i]);
          return CLI_EXIT_USAGE;
        }
      g_ptr_array_add (columns, column);
      condition.column = column;
      g_array_append_val (conditions, condition);
    }
  if (conditions->len == 0)
    return CLI_EXIT_DONE;
  self->chosen = dino_index_filter (self->index, (const struct dino_index_condition *) (void *) conditions->data, conditions->len, &n, &error);
  if (self->chosen == NULL)
    return cli_fail_about (&error, dino_index_folder (self->index), CLI_EXIT_INPUT);
  if (n == 0 && !self->session.quiet)
    cli_note (_ ("No picture of the index is as --where asks."));
  return CLI_EXIT_DONE;
}

/* The group that a query's own pictures are in. */
static CliExit
own_group (CliNeighbors *self, const CliQuery *query, int column, uint32_t *group)
{
  *group = UINT32_MAX;
  if (self->same_value != NULL)
    *group = dino_index_group_of (self->index, self->groups, column, self->same_value);
  else if (query->picture != CLI_NO_PICTURE)
    *group = self->groups[query->picture * dino_index_n_patches (self->index)];
  else if (self->same_column != NULL)
    {
      cli_error (_ ("%s: its %s is not known, since it is not in the index; give it with --exclude-same %s=VALUE."), query->label, self->same_column, self->same_column);
      return CLI_EXIT_INPUT;
    }
  return CLI_EXIT_DONE;
}

static CliExit
read_same (CliNeighbors *self, int *column)
{
  const char       *text = cli_arguments_text (self->session.arguments, CLI_OPTION_EXCLUDE_SAME, NULL);
  const char       *value = NULL;
  struct dino_error error = { 0 };

  *column = -1;
  if (text == NULL)
    return CLI_EXIT_DONE;
  if (split (text, &self->same_column, &value))
    self->same_value = g_strdup (value);
  else
    self->same_column = g_strdup (text);
  return dino_table_need (dino_index_table (self->index), self->same_column, column, &error) ? CLI_EXIT_DONE : cli_fail_about (&error, dino_index_folder (self->index), CLI_EXIT_INPUT);
}

/* A query that was asked for by its row is left out: of patches, all of its picture. */
CliExit
cli_neighbors_read_filters (CliNeighbors *self)
{
  const gboolean    patches = dino_index_what (self->index) == DINO_EMBEDDING_PATCHES;
  struct dino_error error = { 0 };
  int               column;
  CliExit           code = read_where (self);

  if (code == CLI_EXIT_DONE)
    code = read_same (self, &column);
  if (code != CLI_EXIT_DONE)
    return code;
  self->without = dino_alloc (self->queries->len, sizeof *self->without, &error);
  if (self->without != NULL && (self->same_column != NULL || patches))
    self->groups = dino_index_groups (self->index, column, &error);
  if (error.code != DINO_CODE_NONE)
    return cli_fail_about (&error, dino_index_folder (self->index), CLI_EXIT_INPUT);
  for (guint i = 0; code == CLI_EXIT_DONE && i < self->queries->len; i++)
    {
      const CliQuery             *query = &g_array_index (self->queries, CliQuery, i);
      struct dino_search_without *without = &self->without[i];

      *without = (struct dino_search_without){ .row = query->is_row && !patches ? query->picture : SIZE_MAX, .group = UINT32_MAX };
      if (self->same_column != NULL || (patches && query->is_row))
        code = own_group (self, query, column, &without->group);
    }
  return code;
}
