#include "cli/cluster.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/table-match.h"

static CliExit
open_input (CliCluster *self)
{
  const enum dino_embedding kind = self->mean ? DINO_EMBEDDING_MEAN : DINO_EMBEDDING_CLS;
  struct dino_error         error = { 0 };

  if (g_file_test (self->input, G_FILE_TEST_IS_DIR))
    {
      self->embeddings = dino_embeddings_open (self->input, &error);
      return self->embeddings != NULL ? CLI_EXIT_DONE : cli_fail_core (&error, CLI_EXIT_INPUT);
    }
  if (self->mean)
    {
      cli_usage_error (CLI_COMMAND_CLUSTER, _ ("“%s” is one array; only a folder of embeddings has %s."), self->input, dino_embedding_file_name (kind));
      return CLI_EXIT_USAGE;
    }
  self->own_matrix = dino_matrix_file_open (self->input, &error);
  if (self->own_matrix == NULL)
    return cli_fail_core (&error, CLI_EXIT_INPUT);
  if (dino_matrix_file_rank (self->own_matrix) == 2)
    return CLI_EXIT_DONE;
  cli_error (_ ("“%s” has a vector for each patch; cluster takes one for each picture, [n,D]."), self->input);
  return CLI_EXIT_INPUT;
}

const char *
cli_cluster_name (const CliCluster *self, gsize row)
{
  return self->embeddings != NULL ? dino_embeddings_name (self->embeddings, row) : "";
}

const char *
cli_cluster_sha256 (const CliCluster *self, gsize row)
{
  return self->embeddings != NULL ? dino_embeddings_pixels_sha256 (self->embeddings, row) : "";
}

static const char *
name_of (const void *data, size_t index)
{
  return cli_cluster_name (data, index);
}

static CliExit
read_table (CliCluster *self)
{
  const CliArguments *arguments = self->session.arguments;
  const char         *path = cli_arguments_text (arguments, CLI_OPTION_TABLE, NULL);
  struct dino_error   error = { 0 };
  gsize               n_matched = 0;

  if (path == NULL)
    return CLI_EXIT_DONE;
  if (self->embeddings == NULL)
    {
      cli_usage_error (CLI_COMMAND_CLUSTER, _ ("--table needs a folder of embeddings, whose rows have names."));
      return CLI_EXIT_USAGE;
    }
  self->table = dino_table_read (path, &error);
  self->table_rows = dino_alloc (self->points.n, sizeof *self->table_rows, &error);
  if (self->table == NULL || self->table_rows == NULL ||
      !dino_table_match (self->table, cli_arguments_text (arguments, CLI_OPTION_KEY, NULL), name_of, self, self->points.n, self->table_rows, &error))
    return cli_fail_core (&error, CLI_EXIT_INPUT);
  for (gsize row = 0; row < self->points.n; row++)
    n_matched += self->table_rows[row] != DINO_TABLE_NO_ROW;
  if (n_matched < self->points.n && !self->session.quiet)
    cli_note (_ ("“%s” says nothing of %zu of %zu pictures."), path, self->points.n - n_matched, self->points.n);
  return CLI_EXIT_DONE;
}

CliExit
cli_cluster_read (CliCluster *self)
{
  const enum dino_embedding      kind = self->mean ? DINO_EMBEDDING_MEAN : DINO_EMBEDDING_CLS;
  const struct dino_matrix_file *matrix;
  struct dino_error              error = { 0 };
  CliExit                        code = open_input (self);

  if (code != CLI_EXIT_DONE)
    return code;
  matrix = self->embeddings != NULL ? dino_embeddings_matrix (self->embeddings, kind) : self->own_matrix;
  self->points = (struct dino_points){
    .rows = dino_matrix_file_data (matrix),
    .n = dino_matrix_file_n_rows (matrix),
    .width = dino_matrix_file_n_channels (matrix),
    .half = dino_matrix_file_is_half (matrix),
  };
  if (self->points.n == 0)
    {
      cli_error (_ ("“%s” has no rows."), self->input);
      return CLI_EXIT_INPUT;
    }
  if (!dino_points_check (&self->points, &error))
    {
      cli_error ("“%s”: %s", self->input, error.message);
      return CLI_EXIT_INPUT;
    }
  if (self->normalize)
    {
      self->normalized = dino_points_copy (&self->points, true, &error);
      if (self->normalized == NULL)
        return cli_fail_core (&error, CLI_EXIT_INPUT);
      self->points = dino_points (self->normalized, self->points.n, self->points.width);
    }
  return read_table (self);
}
