#include "cli/neighbors.h"

#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "core/base/memory.h"
#include "core/base/text.h"

static CliExit
usage (const char *message)
{
  cli_usage_error (CLI_COMMAND_NEIGHBORS, "%s", message);
  return CLI_EXIT_USAGE;
}

static CliExit
read_patch (CliNeighbors *self, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  gint64         row, column;

  if (g_strv_length (parts) != 2 || !g_ascii_string_to_signed (parts[0], 10, 0, 65535, &row, NULL) || !g_ascii_string_to_signed (parts[1], 10, 0, 65535, &column, NULL))
    {
      cli_usage_error (CLI_COMMAND_NEIGHBORS, _ ("--patch needs a row and a column of the grid (“18:10”), not “%s”."), text);
      return CLI_EXIT_USAGE;
    }
  self->patch_row = (int) row;
  self->patch_column = (int) column;
  return CLI_EXIT_DONE;
}

static CliExit
read_options (CliNeighbors *self)
{
  const CliArguments *arguments = self->session.arguments;
  const char         *patch = cli_arguments_text (arguments, CLI_OPTION_PATCH, NULL);

  if (arguments->operands->len != 1)
    return usage (arguments->operands->len == 0 ? _ ("No index is given.") : _ ("neighbors searches in one index."));
  if (!cli_arguments_has (arguments, CLI_OPTION_QUERY))
    return usage (_ ("Nothing is given to look for (--query)."));
  if (cli_arguments_has (arguments, CLI_OPTION_TEXT_COLUMN) && !cli_arguments_has (arguments, CLI_OPTION_TEXTS))
    return usage (_ ("--text-column names a column of --texts."));
  if (cli_arguments_has (arguments, CLI_OPTION_KEY) && !cli_arguments_has (arguments, CLI_OPTION_TEXTS))
    return usage (_ ("--key names a column of --texts."));
  self->session.json = cli_arguments_has (arguments, CLI_OPTION_JSON);
  self->session.quiet = cli_arguments_has (arguments, CLI_OPTION_QUIET);
  self->k = (gsize) cli_arguments_int (arguments, CLI_OPTION_K, 10);
  self->sheet = cli_arguments_text (arguments, CLI_OPTION_SHEET, NULL);
  self->pictures = cli_arguments_text (arguments, CLI_OPTION_PICTURES, NULL);
  if (self->sheet != NULL && !g_str_has_suffix (self->sheet, ".png") && !cli_output_is_stdout (self->sheet))
    return usage (_ ("The name of a contact sheet must end in .png."));
  if (self->sheet != NULL && cli_output_is_stdout (self->sheet))
    return usage (_ ("Standard output has the neighbours; give --sheet a file."));
  self->mean = cli_arguments_has (arguments, CLI_OPTION_MEAN);
  if (patch != NULL && self->mean)
    return usage (_ ("--patches and --mean are two different indexes."));
  if (patch != NULL)
    return read_patch (self, patch);
  return CLI_EXIT_DONE;
}

/* Patches are asked for by a patch, and only they are. */
static CliExit
check_patch (const CliNeighbors *self)
{
  size_t columns;

  if (self->patch_row < 0)
    return dino_index_what (self->index) == DINO_EMBEDDING_PATCHES ? usage (_ ("The index has a row for each patch: --patch R:C says which one to look for.")) : CLI_EXIT_DONE;
  if (dino_index_what (self->index) != DINO_EMBEDDING_PATCHES)
    return usage (_ ("--patch needs an index of patches (index --patches)."));
  if (!dino_index_grid_columns (self->index, &columns))
    return usage (_ ("The grid of the index's patches is not known, so --patch has no meaning."));
  if ((size_t) self->patch_column < columns && (size_t) self->patch_row < dino_index_n_patches (self->index) / columns)
    return CLI_EXIT_DONE;
  cli_usage_error (CLI_COMMAND_NEIGHBORS, _ ("--patch %d:%d: the grid has rows 0 to %zu and columns 0 to %zu."), self->patch_row, self->patch_column,
                   dino_index_n_patches (self->index) / columns - 1, columns - 1);
  return CLI_EXIT_USAGE;
}

/* Of embeddings, what is asked for: patches by a patch, else the mean or CLS. */
static CliExit
open_index (CliNeighbors *self)
{
  const struct dino_progress progress = cli_core_progress (self->session.cancellable);
  const enum dino_embedding  what = self->patch_row >= 0 ? DINO_EMBEDDING_PATCHES : self->mean ? DINO_EMBEDDING_MEAN
                                                                                               : DINO_EMBEDDING_CLS;
  const char                *path = self->session.arguments->operands->pdata[0];
  struct dino_error          error = { 0 };

  self->index = dino_index_open_any (path, what, cli_arguments_has (self->session.arguments, CLI_OPTION_VERIFY), &progress, &error);
  if (self->index == NULL)
    return cli_fail_core (&error, CLI_EXIT_INPUT);
  if (self->mean && dino_index_what (self->index) == DINO_EMBEDDING_CLS)
    {
      cli_error (_ ("“%s” is an index of CLS; --mean needs embeddings, or an index made with it."), path);
      return CLI_EXIT_INPUT;
    }
  self->k = MIN (self->k, dino_index_vectors (self->index)->count);
  return check_patch (self);
}

/* With pictures to encode the engine has a team already. */
static CliExit
search (CliNeighbors *self)
{
  const struct dino_progress progress = cli_core_progress (self->session.cancellable);
  struct dino_error          error = { 0 };
  struct dino_team          *own = self->has_session ? NULL : dino_team_new (cli_arguments_int (self->session.arguments, CLI_OPTION_THREADS, 0), &error);
  struct dino_team          *team = self->has_session ? dinoscope_engine_get_team (self->session.engine) : own;
  const struct dino_search   search = {
      .vectors = dino_index_vectors (self->index),
      .isa = dino_isa_detect (),
      .n_queries = self->queries->len,
      .queries = (const float *) (void *) self->vectors->data,
      .k = self->k,
      .chosen = self->chosen,
      .groups = self->groups,
      .without = self->without,
  };
  size_t n_hits;

  if (!dino_multiply (self->queries->len, self->k, &n_hits))
    dino_error_set_memory (&error, SIZE_MAX);
  else if (team != NULL)
    {
      self->hits = dino_alloc (n_hits, sizeof *self->hits, &error);
      self->counts = dino_alloc (self->queries->len, sizeof *self->counts, &error);
      if (self->hits != NULL && self->counts != NULL && dino_search_run (&search, team, self->hits, self->counts, &progress, &error))
        dino_index_check (self->index, &error);
    }
  dino_team_free (own);
  return error.code == DINO_CODE_NONE ? CLI_EXIT_DONE : cli_fail_about (&error, dino_index_folder (self->index), CLI_EXIT_INPUT);
}

size_t
cli_neighbors_picture (const CliNeighbors *self, size_t row)
{
  return row / dino_index_n_patches (self->index);
}

void
cli_neighbors_patch (const CliNeighbors *self, size_t row, size_t *patch_row, size_t *patch_column)
{
  const size_t patch = row % dino_index_n_patches (self->index);
  size_t       columns = 1;

  dino_index_grid_columns (self->index, &columns);
  *patch_row = patch / columns;
  *patch_column = patch % columns;
}

static CliExit
run (CliNeighbors *self)
{
  CliExit code = read_options (self);

  if (code == CLI_EXIT_DONE)
    code = open_index (self);
  if (code == CLI_EXIT_DONE)
    code = cli_neighbors_open_texts (self);
  if (code == CLI_EXIT_DONE)
    code = cli_neighbors_read_queries (self);
  if (code == CLI_EXIT_DONE)
    code = cli_neighbors_read_filters (self);
  if (code == CLI_EXIT_DONE)
    code = search (self);
  if (code == CLI_EXIT_DONE)
    code = cli_neighbors_print (self);
  if (code == CLI_EXIT_DONE && self->sheet != NULL)
    code = cli_neighbors_draw_sheet (self);
  return code;
}

static void
clear_query (gpointer data)
{
  g_free (((CliQuery *) data)->label);
}

CliExit
cli_neighbors (const CliArguments *arguments, GCancellable *cancellable)
{
  CliNeighbors self = { .session = { .arguments = arguments, .cancellable = cancellable }, .patch_row = -1, .patch_column = -1 };
  CliExit      code;

  self.queries = g_array_new (FALSE, TRUE, sizeof (CliQuery));
  g_array_set_clear_func (self.queries, clear_query);
  self.vectors = g_array_new (FALSE, FALSE, sizeof (float));
  code = run (&self);
  if (self.has_session)
    cli_session_clear (&self.session);
  g_array_unref (self.queries);
  g_array_unref (self.vectors);
  g_free (self.same_column);
  g_free (self.same_value);
  dino_free (self.chosen);
  dino_free (self.groups);
  dino_free (self.without);
  dino_free (self.hits);
  dino_free (self.counts);
  dino_free (self.text_rows);
  dino_table_free (self.texts);
  dino_index_free (self.index);
  return code;
}
