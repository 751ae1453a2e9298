/* merge: the parts of a collection put together. */
#include "cli/merge.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/embed-job.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/npy.h"
#include "io/output.h"
#include "io/staging.h"

typedef struct
{
  const CliArguments  *arguments;
  GCancellable        *cancellable;
  struct dino_progress progress;
  const char          *output;
  const char          *folder; /* where the files of output are written */
  GArray              *parts;  /* CliMergePart */
  guint64              n_rows, n_inputs;
  struct dino_error    error;
} CliMerge;

/* Appends one part's share of a file. */
typedef bool (*WritePart) (CliMerge *self, const CliMergePart *part, struct dino_output *output);

static CliExit
usage (const char *message)
{
  cli_usage_error (CLI_COMMAND_MERGE, "%s", message);
  return CLI_EXIT_USAGE;
}

static char *
output_file (CliMerge *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

/* An output that is an input, or has other embeddings, is not written over. */
static CliExit
check_output (CliMerge *self)
{
  const GPtrArray *folders = self->arguments->operands;
  g_autofree char *json = NULL;
  struct stat      output, input;

  self->output = cli_arguments_text (self->arguments, CLI_OPTION_OUTPUT, NULL);
  if (folders->len == 0)
    return usage (_ ("No folders are given: name those of all parts."));
  if (self->output == NULL || cli_output_is_stdout (self->output))
    return usage (_ ("No output folder is given (-o DIR)."));
  if (stat (self->output, &output) == 0)
    for (guint i = 0; i < folders->len; i++)
      if (stat (folders->pdata[i], &input) == 0 && input.st_dev == output.st_dev && input.st_ino == output.st_ino)
        return usage (_ ("The output folder is one of the parts."));
  json = g_build_filename (self->output, "embed.json", NULL);
  if (!g_file_test (json, G_FILE_TEST_EXISTS))
    return CLI_EXIT_DONE;
  /* What a run left that was killed behind its last step. */
  dino_staging_free (dino_staging_new (self->output, NULL));
  cli_error (_ ("“%s” has embeddings already; they are not overwritten."), self->output);
  return CLI_EXIT_OUTPUT;
}

static bool
is_cancelled (CliMerge *self)
{
  return g_cancellable_is_cancelled (self->cancellable) && !dino_error_set (&self->error, DINO_CODE_CANCELLED, "%s", _ ("Cancelled."));
}

static bool
write_parts (CliMerge *self, WritePart write, struct dino_output *output)
{
  for (guint i = 0; i < self->parts->len; i++)
    if (is_cancelled (self) || !write (self, &g_array_index (self->parts, CliMergePart, i), output))
      return false;
  return true;
}

/* One file of the output: header, then every part's share. */
static bool
write_file (CliMerge *self, const char *name, const void *header, size_t header_length, WritePart write)
{
  g_autofree char    *path = output_file (self, name);
  struct dino_output *output = dino_output_new (path, &self->error);

  if (output == NULL)
    return false;
  if (dino_output_write (output, header, header_length, &self->error) && write_parts (self, write, output))
    return dino_output_commit (output, &self->error);
  dino_output_abort (output);
  return false;
}

static bool
copy_matrix (CliMerge *self, const CliMergePart *part, struct dino_output *output, enum dino_embedding embedding)
{
  g_autofree char         *path = g_build_filename (part->path, dino_embedding_file_name (embedding), NULL);
  struct dino_matrix_file *matrix = dino_matrix_file_open (path, &self->error);
  bool                     good;
  size_t                   size;

  if (matrix == NULL)
    return false;
  size = dino_matrix_file_n_rows (matrix) * dino_matrix_file_n_tokens (matrix) * dino_matrix_file_n_channels (matrix) * (dino_matrix_file_is_half (matrix) ? 2 : 4);
  good = dino_output_write (output, dino_matrix_file_data (matrix), size, &self->error) && dino_matrix_file_check (matrix, &self->error);
  dino_matrix_file_free (matrix);
  return good;
}

static bool
copy_cls (CliMerge *self, const CliMergePart *part, struct dino_output *output)
{
  return copy_matrix (self, part, output, DINO_EMBEDDING_CLS);
}

static bool
copy_mean (CliMerge *self, const CliMergePart *part, struct dino_output *output)
{
  return copy_matrix (self, part, output, DINO_EMBEDDING_MEAN);
}

static bool
copy_patches (CliMerge *self, const CliMergePart *part, struct dino_output *output)
{
  return copy_matrix (self, part, output, DINO_EMBEDDING_PATCHES);
}

static bool
copy_last4 (CliMerge *self, const CliMergePart *part, struct dino_output *output)
{
  return copy_matrix (self, part, output, DINO_EMBEDDING_LAST4);
}

static bool
copy_content (CliMerge *self, const CliMergePart *part, struct dino_output *output)
{
  g_autofree char *path = g_build_filename (part->path, "content.bin", NULL);
  size_t           length = 0;
  uint8_t         *bytes = dino_file_read (path, SIZE_MAX, &length, &self->error);
  bool             good = bytes != NULL && dino_output_write (output, bytes, length, &self->error);

  dino_free (bytes);
  return good;
}

/* The table's lines as they are, but for the rows, which count from the first part. */
static bool
copy_lines (CliMerge *self, const struct dino_table *table, struct dino_output *output)
{
  const int row_column = dino_table_find (table, "row"), n_columns = dino_table_n_columns (table);

  for (size_t i = 0; i < dino_table_n_rows (table); i++)
    for (int j = 0; j < n_columns; j++)
      {
        const char *text = dino_table_get (table, i, j);
        char        row[24];

        if (j == row_column && *text != '\0')
          {
            g_snprintf (row, sizeof row, "%" G_GUINT64_FORMAT, self->n_rows++);
            text = row;
          }
        if (!dino_table_write_field (output, text, j == n_columns - 1 ? '\n' : '\t', &self->error))
          return false;
      }
  self->n_inputs += dino_table_n_rows (table);
  return true;
}

static bool
copy_table (CliMerge *self, const CliMergePart *part, struct dino_output *output)
{
  g_autofree char   *path = g_build_filename (part->path, "table.tsv", NULL);
  struct dino_table *table = dino_table_read (path, &self->error);
  bool               good = table != NULL && copy_lines (self, table, output);

  dino_table_free (table);
  return good;
}

static bool
write_matrix (CliMerge *self, enum dino_embedding embedding, WritePart write)
{
  const CliMergePart      *first = &g_array_index (self->parts, CliMergePart, 0);
  g_autofree char         *path = g_build_filename (first->path, dino_embedding_file_name (embedding), NULL);
  struct dino_matrix_file *matrix = dino_matrix_file_open (path, &self->error);
  char                     header[DINO_NPY_HEADER_ROOM];
  size_t                   shape[3] = { 0 }, length;

  if (matrix == NULL)
    return false;
  for (guint i = 0; i < self->parts->len; i++)
    shape[0] += g_array_index (self->parts, CliMergePart, i).n_rows;
  shape[1] = dino_matrix_file_rank (matrix) == 3 ? dino_matrix_file_n_tokens (matrix) : dino_matrix_file_n_channels (matrix);
  shape[2] = dino_matrix_file_n_channels (matrix);
  length = dino_npy_format_header (header, shape, dino_matrix_file_rank (matrix), dino_matrix_file_is_half (matrix));
  dino_matrix_file_free (matrix);
  return write_file (self, dino_embedding_file_name (embedding), header, length, write);
}

/* The names of the columns, as the first part has them. */
static bool
write_table (CliMerge *self)
{
  const CliMergePart *first = &g_array_index (self->parts, CliMergePart, 0);
  g_autofree char    *path = g_build_filename (first->path, "table.tsv", NULL);
  struct dino_table  *table = dino_table_read (path, &self->error);
  g_autoptr (GString) header = g_string_new (NULL);

  if (table == NULL)
    return false;
  for (int i = 0; i < dino_table_n_columns (table); i++)
    g_string_append_printf (header, "%s%s", i > 0 ? "\t" : "", dino_table_column_name (table, i));
  g_string_append_c (header, '\n');
  dino_table_free (table);
  return write_file (self, "table.tsv", header->str, header->len, copy_table);
}

static bool
write_json (CliMerge *self)
{
  json_t             *about = json_deep_copy (g_array_index (self->parts, CliMergePart, 0).about);
  json_t             *files = json_object_get (about, "files");
  g_autofree char    *path = output_file (self, "embed.json");
  g_autofree char    *text = NULL;
  struct dino_output *output = NULL;
  const char         *name;
  json_t             *value;
  bool                good = true;

  json_object_set_new (about, "shard", json_pack ("{s:i, s:i}", "index", 0, "count", 1));
  cli_embed_job_set_counts (about, self->n_rows, self->n_inputs - self->n_rows);
  json_object_foreach (files, name, value)
  {
    g_autofree char *file = output_file (self, name);
    char             sha256[DINO_SHA256_LENGTH];

    good = good && dino_sha256_file (file, sha256, &self->progress, &self->error);
    if (good)
      json_object_set_new (files, name, json_string (sha256));
    else
      self->error.code = DINO_CODE_WRITE; /* what was just written */
  }
  text = good ? cli_embed_job_text (about, &self->error) : NULL;
  json_decref (about);
  if (text != NULL)
    output = dino_output_new (path, &self->error);
  if (output != NULL && dino_output_write (output, text, strlen (text), &self->error))
    return dino_output_commit (output, &self->error);
  dino_output_abort (output);
  return false;
}

/* Parts have the same files. */
static bool
has_file (CliMerge *self, enum dino_embedding embedding)
{
  return json_object_get (json_object_get (g_array_index (self->parts, CliMergePart, 0).about, "files"), dino_embedding_file_name (embedding)) != NULL;
}

static bool
write_files (CliMerge *self)
{
  const bool patches = has_file (self, DINO_EMBEDDING_PATCHES), last4 = has_file (self, DINO_EMBEDDING_LAST4);

  return write_matrix (self, DINO_EMBEDDING_CLS, copy_cls) && write_matrix (self, DINO_EMBEDDING_MEAN, copy_mean) &&
         (!patches || write_matrix (self, DINO_EMBEDDING_PATCHES, copy_patches)) && (!last4 || write_matrix (self, DINO_EMBEDDING_LAST4, copy_last4)) && write_table (self) && write_file (self, "content.bin", "", 0, copy_content) && write_json (self);
}

/* embed.json last: without it the folder is not complete. */
static CliExit
write_all (CliMerge *self)
{
  const char          *names[] = { dino_embedding_file_name (DINO_EMBEDDING_CLS), dino_embedding_file_name (DINO_EMBEDDING_MEAN), dino_embedding_file_name (DINO_EMBEDDING_PATCHES), dino_embedding_file_name (DINO_EMBEDDING_LAST4), "table.tsv", "content.bin", "embed.json", NULL };
  g_autofree char     *parent = g_path_get_dirname (self->output);
  struct dino_staging *staging;
  bool                 good;

  if (g_mkdir_with_parents (parent, 0777) != 0)
    {
      cli_error (_ ("The directory “%s” cannot be made: %s."), parent, g_strerror (errno));
      return CLI_EXIT_OUTPUT;
    }
  staging = dino_staging_new (self->output, &self->error);
  if (staging == NULL)
    return cli_fail_core (&self->error, CLI_EXIT_OUTPUT);
  self->folder = dino_staging_path (staging);
  good = write_files (self) && dino_staging_commit (staging, names, &self->error);
  dino_staging_free (staging);
  return good ? CLI_EXIT_DONE : cli_fail_core (&self->error, CLI_EXIT_INPUT);
}

static CliExit
report (CliMerge *self)
{
  json_t *object;

  if (!cli_arguments_has (self->arguments, CLI_OPTION_QUIET))
    cli_note (_ ("“%s”: %u parts, %llu embedded, %llu failed."), self->output, self->parts->len, (unsigned long long) self->n_rows, (unsigned long long) (self->n_inputs - self->n_rows));
  if (!cli_arguments_has (self->arguments, CLI_OPTION_JSON))
    return CLI_EXIT_DONE;
  object = cli_json_new (self->arguments);
  json_object_set_new (object, "output", cli_json_text (self->output));
  json_object_set_new (object, "parts", json_integer (self->parts->len));
  json_object_set_new (object, "counts",
                       json_pack ("{s:I, s:I, s:I}", "inputs", (json_int_t) self->n_inputs, "embedded", (json_int_t) self->n_rows, "failed", (json_int_t) (self->n_inputs - self->n_rows)));
  return cli_json_print (object);
}

CliExit
cli_merge (const CliArguments *arguments, GCancellable *cancellable)
{
  CliMerge self = { .arguments = arguments, .cancellable = cancellable, .progress = cli_core_progress (cancellable) };
  CliExit  code = check_output (&self);

  if (code != CLI_EXIT_DONE)
    return code;
  self.parts = cli_merge_read_parts (arguments->operands, &self.progress, &code);
  if (self.parts == NULL)
    return code;
  code = write_all (&self);
  if (code == CLI_EXIT_DONE)
    code = report (&self);
  g_array_unref (self.parts);
  return code;
}
