#include "cli/cluster.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/table-match.h"

#define INDEX_FILE "index.json"

static CliExit
open_index (CliCluster *self)
{
  struct dino_error error = { 0 };

  self->index = dino_index_open (self->input, false, NULL, &error);
  if (self->index == NULL)
    return cli_fail_core (&error, CLI_EXIT_INPUT);
  if (dino_index_what (self->index) == DINO_EMBEDDING_PATCHES)
    {
      cli_error (_ ("“%s” has a vector for each patch; cluster takes one for each picture, [n,D]."), self->input);
      return CLI_EXIT_INPUT;
    }
  if (!self->mean || dino_index_what (self->index) == DINO_EMBEDDING_MEAN)
    return CLI_EXIT_DONE;
  cli_error (_ ("“%s” is an index of CLS; --mean needs embeddings, or an index made with it."), self->input);
  return CLI_EXIT_INPUT;
}

static CliExit
open_folder (CliCluster *self)
{
  g_autofree char  *index = g_build_filename (self->input, INDEX_FILE, NULL);
  struct dino_error error = { 0 };

  if (g_file_test (index, G_FILE_TEST_EXISTS))
    return open_index (self);
  self->embeddings = dino_embeddings_open (self->input, &error);
  return self->embeddings != NULL ? CLI_EXIT_DONE : cli_fail_core (&error, CLI_EXIT_INPUT);
}

static CliExit
open_input (CliCluster *self)
{
  struct dino_error error = { 0 };

  if (g_file_test (self->input, G_FILE_TEST_IS_DIR))
    return open_folder (self);
  if (self->mean)
    {
      cli_usage_error (CLI_COMMAND_CLUSTER, _ ("“%s” is one array; only a folder of embeddings has %s."), self->input, dino_embedding_file_name (DINO_EMBEDDING_MEAN));
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
  if (self->index != NULL)
    return dino_index_name (self->index, row);
  return self->embeddings != NULL ? dino_embeddings_name (self->embeddings, row) : "";
}

const char *
cli_cluster_sha256 (const CliCluster *self, gsize row)
{
  return self->embeddings != NULL ? dino_embeddings_pixels_sha256 (self->embeddings, row) : "";
}

const struct dino_table *
cli_cluster_table (const CliCluster *self)
{
  if (self->index != NULL)
    return dino_index_table (self->index);
  return self->embeddings != NULL ? dino_embeddings_table (self->embeddings) : NULL;
}

const char *
cli_cluster_get (const CliCluster *self, gsize row, int column)
{
  return self->index != NULL ? dino_index_get (self->index, row, column) : dino_embeddings_get (self->embeddings, row, column);
}

const struct dino_embeddings_origin *
cli_cluster_origin (const CliCluster *self)
{
  if (self->index != NULL)
    return dino_index_origin (self->index);
  return self->embeddings != NULL ? dino_embeddings_origin (self->embeddings) : NULL;
}

static const struct dino_matrix_file *
matrix_of (const CliCluster *self)
{
  return self->embeddings != NULL ? dino_embeddings_matrix (self->embeddings, self->mean ? DINO_EMBEDDING_MEAN : DINO_EMBEDDING_CLS) : self->own_matrix;
}

gboolean
cli_cluster_check (const CliCluster *self, struct dino_error *error)
{
  return self->index != NULL ? dino_index_check (self->index, error) : dino_matrix_file_check (matrix_of (self), error);
}

static void
take_points (CliCluster *self)
{
  if (self->index != NULL)
    {
      self->points = dino_index_points (self->index);
      return;
    }
  self->points = (struct dino_points){
    .rows = dino_matrix_file_data (matrix_of (self)),
    .n = dino_matrix_file_n_rows (matrix_of (self)),
    .width = dino_matrix_file_n_channels (matrix_of (self)),
    .half = dino_matrix_file_is_half (matrix_of (self)),
  };
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
  if (cli_cluster_table (self) == NULL)
    {
      cli_usage_error (CLI_COMMAND_CLUSTER, _ ("--table needs a folder of embeddings, whose rows have names."));
      return CLI_EXIT_USAGE;
    }
  self->table = dino_table_read (path, &error);
  self->table_rows = dino_alloc (self->points.n, sizeof *self->table_rows, &error);
  if (self->table == NULL || self->table_rows == NULL ||
      !dino_table_match (self->table, cli_arguments_text (arguments, CLI_OPTION_KEY, NULL), name_of, self, self->points.n, self->table_rows, &error))
    return cli_fail_about (&error, path, CLI_EXIT_INPUT);
  for (gsize row = 0; row < self->points.n; row++)
    n_matched += self->table_rows[row] != DINO_TABLE_NO_ROW;
  if (n_matched < self->points.n && !self->session.quiet)
    cli_note (_ ("“%s” says nothing of %zu of %zu pictures."), path, self->points.n - n_matched, self->points.n);
  return CLI_EXIT_DONE;
}

CliExit
cli_cluster_read (CliCluster *self)
{
  struct dino_error error = { 0 };
  CliExit           code = open_input (self);

  if (code != CLI_EXIT_DONE)
    return code;
  take_points (self);
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
        return cli_fail_about (&error, self->input, CLI_EXIT_INPUT);
      self->points = dino_points (self->normalized, self->points.n, self->points.width);
    }
  return read_table (self);
}
