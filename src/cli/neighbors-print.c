#include <string.h>

#include "cli/neighbors.h"
#include "cli/output.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/index-files.h"

static const char *
name_of (const void *data, size_t index)
{
  return dino_index_name (data, index);
}

CliExit
cli_neighbors_open_texts (CliNeighbors *self)
{
  static const char *const usual[] = { "text", "report" };
  const CliArguments      *arguments = self->session.arguments;
  const char              *path = cli_arguments_text (arguments, CLI_OPTION_TEXTS, NULL);
  const char              *column = cli_arguments_text (arguments, CLI_OPTION_TEXT_COLUMN, NULL);
  const size_t             n = dino_index_n_pictures (self->index);
  struct dino_error        error = { 0 };

  if (path == NULL)
    return CLI_EXIT_DONE;
  self->texts = dino_table_read (path, &error);
  for (guint i = 0; self->texts != NULL && column == NULL && i < G_N_ELEMENTS (usual); i++)
    if (dino_table_find (self->texts, usual[i]) >= 0)
      column = usual[i];
  if (self->texts != NULL && dino_table_need (self->texts, column != NULL ? column : usual[0], &self->text_column, &error))
    self->text_rows = dino_alloc (n, sizeof *self->text_rows, &error);
  if (self->text_rows != NULL && dino_table_match (self->texts, cli_arguments_text (arguments, CLI_OPTION_KEY, NULL), name_of, self->index, n, self->text_rows, &error))
    return CLI_EXIT_DONE;
  return cli_fail_about (&error, path, CLI_EXIT_INPUT);
}

const char *
cli_neighbors_text (const CliNeighbors *self, size_t picture)
{
  return self->text_rows != NULL && self->text_rows[picture] != DINO_TABLE_NO_ROW ? dino_table_get (self->texts, self->text_rows[picture], self->text_column) : "";
}

/* Texts are told apart from what is known of the picture that was asked about. */
static const char *
texts_note (void)
{
  return _ ("The texts are reports about other pictures, of other patients as a rule: they say nothing about the picture that was asked about.");
}

static bool
write_number (struct dino_output *output, size_t number, char end, struct dino_error *error)
{
  char text[32];

  g_snprintf (text, sizeof text, "%zu", number);
  return dino_table_write_field (output, text, end, error);
}

static bool
write_heading (const CliNeighbors *self, struct dino_output *output, struct dino_error *error)
{
  const char *heading = self->patch_row >= 0 ? "query\trank\trow\tname\tpatch_row\tpatch_column\tcosine" : "query\trank\trow\tname\tcosine";
  const char *end = self->texts != NULL ? "\tother_patients_text\n" : "\n";

  return dino_output_write (output, heading, strlen (heading), error) && dino_output_write (output, end, strlen (end), error);
}

static bool
write_hit (const CliNeighbors *self, const CliQuery *query, size_t rank, const struct dino_hit *hit, struct dino_output *output, struct dino_error *error)
{
  const size_t picture = cli_neighbors_picture (self, hit->row);
  size_t       row, column;
  char         cosine[DINO_NUMBER_LENGTH];

  cli_neighbors_patch (self, hit->row, &row, &column);
  if (!dino_table_write_field (output, query->label, '\t', error) || !write_number (output, rank, '\t', error) || !write_number (output, picture, '\t', error) ||
      !dino_table_write_field (output, dino_index_name (self->index, picture), '\t', error))
    return false;
  if (self->patch_row >= 0 && (!write_number (output, row, '\t', error) || !write_number (output, column, '\t', error)))
    return false;
  return dino_table_write_field (output, dino_format_float (cosine, hit->cosine), self->texts != NULL ? '\t' : '\n', error) &&
         (self->texts == NULL || dino_table_write_field (output, cli_neighbors_text (self, picture), '\n', error));
}

static CliExit
print_table (CliNeighbors *self)
{
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new ("-", &error);
  bool                good = output != NULL && write_heading (self, output, &error);

  for (guint i = 0; good && i < self->queries->len; i++)
    for (size_t j = 0; good && j < self->counts[i]; j++)
      good = write_hit (self, &g_array_index (self->queries, CliQuery, i), j + 1, &self->hits[i * self->k + j], output, &error);
  if (good)
    good = dino_output_commit (output, &error);
  else
    dino_output_abort (output);
  if (!good)
    return cli_fail_about (&error, _ ("standard output"), CLI_EXIT_OUTPUT);
  if (self->texts != NULL && !self->session.quiet)
    cli_note ("%s", texts_note ());
  return CLI_EXIT_DONE;
}

static json_t *
describe_hit (const CliNeighbors *self, size_t rank, const struct dino_hit *hit)
{
  const size_t picture = cli_neighbors_picture (self, hit->row);
  json_t      *object = json_pack ("{s:I, s:I, s:o, s:f}", "rank", (json_int_t) rank, "row", (json_int_t) picture,
                                   "name", cli_json_text (dino_index_name (self->index, picture)), "cosine", (double) hit->cosine);
  size_t       row, column;

  cli_neighbors_patch (self, hit->row, &row, &column);
  if (self->patch_row >= 0)
    json_object_set_new (object, "patch", json_pack ("[I, I]", (json_int_t) row, (json_int_t) column));
  if (self->texts != NULL)
    json_object_set_new (object, "other_patients_text", cli_json_text (cli_neighbors_text (self, picture)));
  return object;
}

static CliExit
print_json (CliNeighbors *self)
{
  json_t *object = cli_json_new (self->session.arguments), *queries = json_array ();

  for (guint i = 0; i < self->queries->len; i++)
    {
      json_t *list = json_array ();

      for (size_t j = 0; j < self->counts[i]; j++)
        json_array_append_new (list, describe_hit (self, j + 1, &self->hits[i * self->k + j]));
      json_array_append_new (queries, json_pack ("{s:o, s:o}", "query", cli_json_text (g_array_index (self->queries, CliQuery, i).label), "neighbors", list));
    }
  json_object_set_new (object, "index", cli_json_text (dino_index_folder (self->index)));
  json_object_set_new (object, "what", json_string (dino_index_whats[dino_index_what (self->index)]));
  json_object_set_new (object, "model_sha256", json_string (dino_index_origin (self->index)->model_sha256));
  if (self->patch_row >= 0)
    json_object_set_new (object, "patch", json_pack ("[i, i]", self->patch_row, self->patch_column));
  if (self->texts != NULL)
    json_object_set_new (object, "texts_are", json_string (texts_note ()));
  json_object_set_new (object, "queries", queries);
  return cli_json_print (object);
}

CliExit
cli_neighbors_print (CliNeighbors *self)
{
  return self->session.json ? print_json (self) : print_table (self);
}
