#include "cli/commands.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "core/base/text.h"
#include "io/index-write.h"

typedef struct
{
  const CliArguments      *arguments;
  GCancellable            *cancellable;
  struct dino_index_plan   plan;
  GPtrArray               *sources; /* struct dino_embeddings */
  struct dino_index_report report;
} CliIndex;

static CliExit
usage (const char *message)
{
  cli_usage_error (CLI_COMMAND_INDEX, "%s", message);
  return CLI_EXIT_USAGE;
}

static CliExit
read_options (CliIndex *self)
{
  const CliArguments *arguments = self->arguments;
  const char         *dtype = cli_arguments_text (arguments, CLI_OPTION_DTYPE, "f32");

  if (arguments->operands->len == 0)
    return usage (_ ("No folder of embeddings is given."));
  self->plan.folder = cli_arguments_text (arguments, CLI_OPTION_OUTPUT, NULL);
  if (self->plan.folder == NULL)
    return usage (_ ("No output is given (-o INDEX)."));
  if (cli_arguments_has (arguments, CLI_OPTION_PATCHES) && cli_arguments_has (arguments, CLI_OPTION_MEAN))
    return usage (_ ("--patches and --mean are two different indexes."));
  if (cli_arguments_has (arguments, CLI_OPTION_KEY) && !cli_arguments_has (arguments, CLI_OPTION_TABLE))
    return usage (_ ("--key names a column of --table."));
  self->plan.what = cli_arguments_has (arguments, CLI_OPTION_PATCHES) ? DINO_EMBEDDING_PATCHES : cli_arguments_has (arguments, CLI_OPTION_MEAN) ? DINO_EMBEDDING_MEAN
                                                                                                                                                : DINO_EMBEDDING_CLS;
  self->plan.type = g_str_equal (dtype, "int8") ? DINO_VECTOR_I8 : g_str_equal (dtype, "f16") ? DINO_VECTOR_F16
                                                                                              : DINO_VECTOR_F32;
  return CLI_EXIT_DONE;
}

/* One .npy file, of which nothing more is known. */
static CliExit
open_matrix (CliIndex *self, const char *path)
{
  struct dino_error error = { 0 };

  if (self->arguments->operands->len > 1)
    return usage (_ ("A .npy file is indexed alone, folders of embeddings together."));
  self->plan.matrix = dino_matrix_file_open (path, &error);
  if (self->plan.matrix == NULL)
    return cli_fail_core (&error, CLI_EXIT_INPUT);
  if ((dino_matrix_file_rank (self->plan.matrix) == 3) == (self->plan.what == DINO_EMBEDDING_PATCHES))
    return CLI_EXIT_DONE;
  cli_usage_error (CLI_COMMAND_INDEX, _ ("“%s” has %d dimensions: with --patches it needs 3, else 2."), path, dino_matrix_file_rank (self->plan.matrix));
  return CLI_EXIT_USAGE;
}

static CliExit
open_sources (CliIndex *self)
{
  const GPtrArray  *operands = self->arguments->operands;
  struct dino_error error = { 0 };

  if (g_str_has_suffix (operands->pdata[0], ".npy"))
    return open_matrix (self, operands->pdata[0]);
  for (guint i = 0; i < operands->len; i++)
    {
      struct dino_embeddings *source = dino_embeddings_open (operands->pdata[i], &error);

      if (source == NULL)
        return cli_fail_core (&error, CLI_EXIT_INPUT);
      g_ptr_array_add (self->sources, source);
    }
  self->plan.sources = (struct dino_embeddings *const *) self->sources->pdata;
  self->plan.n_sources = self->sources->len;
  return CLI_EXIT_DONE;
}

static CliExit
open_table (CliIndex *self)
{
  const char       *path = cli_arguments_text (self->arguments, CLI_OPTION_TABLE, NULL);
  struct dino_error error = { 0 };

  if (path == NULL)
    return CLI_EXIT_DONE;
  if (self->plan.matrix != NULL)
    return usage (_ ("--table finds pictures by their names, and the rows of a .npy file have none."));
  self->plan.key = cli_arguments_text (self->arguments, CLI_OPTION_KEY, NULL);
  self->plan.table = dino_table_read (path, &error);
  if (self->plan.table == NULL)
    return cli_fail_core (&error, CLI_EXIT_INPUT);
  return CLI_EXIT_DONE;
}

static CliExit
report (const CliIndex *self)
{
  const struct dino_index_report *report = &self->report;
  json_t                         *object;

  if (cli_arguments_has (self->arguments, CLI_OPTION_JSON))
    {
      object = cli_json_new (self->arguments);
      json_object_set_new (object, "output", cli_json_text (self->plan.folder));
      json_object_set_new (object, "pictures", json_integer ((json_int_t) report->n_pictures));
      json_object_set_new (object, "rows", json_integer ((json_int_t) report->n_rows));
      json_object_set_new (object, "empty_rows", json_integer ((json_int_t) report->n_empty));
      json_object_set_new (object, "not_in_table", json_integer ((json_int_t) report->n_unmatched));
      return cli_json_print (object);
    }
  if (cli_arguments_has (self->arguments, CLI_OPTION_QUIET))
    return CLI_EXIT_DONE;
  cli_note (dngettext (DINO_GETTEXT_DOMAIN, "%zu picture is in the index.", "%zu pictures are in the index.", report->n_pictures), report->n_pictures);
  if (report->n_empty > 0)
    cli_note (dngettext (DINO_GETTEXT_DOMAIN, "%zu row is all zeros and near to nothing.", "%zu rows are all zeros and near to nothing.", report->n_empty), report->n_empty);
  if (report->n_unmatched > 0)
    cli_note (dngettext (DINO_GETTEXT_DOMAIN, "%zu picture is not in the table.", "%zu pictures are not in the table.", report->n_unmatched), report->n_unmatched);
  return CLI_EXIT_DONE;
}

static CliExit
run (CliIndex *self)
{
  const struct dino_progress progress = cli_core_progress (self->cancellable);
  struct dino_error          error = { 0 };
  CliExit                    code = read_options (self);

  if (code == CLI_EXIT_DONE)
    code = open_sources (self);
  if (code == CLI_EXIT_DONE)
    code = open_table (self);
  if (code != CLI_EXIT_DONE)
    return code;
  if (!dino_index_write (&self->plan, &self->report, &progress, &error))
    return cli_fail_core (&error, CLI_EXIT_INPUT);
  return report (self);
}

CliExit
cli_index (const CliArguments *arguments, GCancellable *cancellable)
{
  CliIndex self = { .arguments = arguments, .cancellable = cancellable, .sources = g_ptr_array_new_with_free_func ((GDestroyNotify) dino_embeddings_free) };
  CliExit  code = run (&self);

  g_ptr_array_unref (self.sources);
  dino_matrix_file_free ((struct dino_matrix_file *) self.plan.matrix);
  dino_table_free ((struct dino_table *) self.plan.table);
  return code;
}
