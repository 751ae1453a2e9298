#include <stdlib.h>
#include <string.h>

#include "cli/neighbors.h"
#include "cli/origin.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/vectors/narrow-row.h"
#include "io/npy.h"

static gsize
width_of (const CliNeighbors *self)
{
  return dino_index_vectors (self->index)->width;
}

/* Takes one query: values [width] are brought to length 1. */
static CliExit
add_query (CliNeighbors *self, CliQuery query, const float *values)
{
  const guint       length = self->vectors->len;
  struct dino_error error = { 0 };

  g_array_append_val (self->queries, query);
  g_array_set_size (self->vectors, length + (guint) width_of (self));
  if (dino_row_normalize (values, &g_array_index (self->vectors, float, length), width_of (self)))
    return CLI_EXIT_DONE;
  /* A row of an index that was cut short meanwhile reads as zeros. */
  if (!dino_index_check (self->index, &error))
    return cli_fail_core (&error, CLI_EXIT_INPUT);
  cli_error (_ ("%s has no direction to compare by: all its values are zero, or one is no number."), query.label);
  return CLI_EXIT_INPUT;
}

/* The row of the index that a picture and --patch stand for. */
static size_t
row_of (const CliNeighbors *self, size_t picture)
{
  size_t columns = 1;

  if (self->patch_row < 0)
    return picture;
  dino_index_grid_columns (self->index, &columns);
  return picture * dino_index_n_patches (self->index) + (size_t) self->patch_row * columns + (size_t) self->patch_column;
}

static CliExit
add_row (CliNeighbors *self, size_t picture)
{
  g_autofree float *values = g_new (float, width_of (self));
  const CliQuery    query = { .label = g_strdup_printf ("%zu", picture), .picture = picture, .is_row = TRUE };

  dino_index_row (self->index, row_of (self, picture), values);
  return add_query (self, query, values);
}

/* Whether n more rows can be counted. */
static gboolean
has_room (const CliNeighbors *self, size_t n, const char *path)
{
  if (n <= (G_MAXUINT / 2 - MIN (self->vectors->len, G_MAXUINT / 2)) / width_of (self))
    return TRUE;
  cli_error (_ ("“%s” has too many rows to look for all of them at once; ask for parts of it."), path);
  return FALSE;
}

static CliExit
add_all_rows (CliNeighbors *self)
{
  CliExit code = CLI_EXIT_DONE;

  if (!has_room (self, dino_index_n_pictures (self->index), dino_index_folder (self->index)))
    return CLI_EXIT_INPUT;
  for (size_t picture = 0; code == CLI_EXIT_DONE && picture < dino_index_n_pictures (self->index); picture++)
    code = add_row (self, picture);
  return code;
}

/* [width] or [n, width]. */
static CliExit
add_file (CliNeighbors *self, const char *path)
{
  struct dino_error error = { 0 };
  size_t            shape[DINO_NPY_MAX_RANK], n;
  float            *values = NULL;
  int               rank;
  CliExit           code = CLI_EXIT_DONE;

  if (!dino_npy_read (path, &values, shape, &rank, &error))
    return cli_fail_core (&error, CLI_EXIT_INPUT);
  if ((rank != 1 && rank != 2) || shape[rank - 1] != width_of (self))
    {
      dino_free (values);
      cli_error (_ ("“%s” has no rows of %zu channels, which the index has."), path, width_of (self));
      return CLI_EXIT_INPUT;
    }
  n = rank == 2 ? shape[0] : 1;
  if (!has_room (self, n, path))
    code = CLI_EXIT_INPUT;
  for (size_t i = 0; code == CLI_EXIT_DONE && i < n; i++)
    {
      const CliQuery query = { .label = rank == 2 ? g_strdup_printf ("%s:%zu", path, i) : g_strdup (path), .picture = CLI_NO_PICTURE };

      code = add_query (self, query, values + i * width_of (self));
    }
  dino_free (values);
  return code;
}

static void
mean_of (const float *patches, gsize n, gsize width, float *values)
{
  for (gsize i = 0; i < width; i++)
    {
      double sum = 0;

      for (gsize j = 0; j < n; j++)
        sum += (double) patches[j * width + i];
      values[i] = (float) (sum / (double) n);
    }
}

/* CLS, the mean of the patches, or the chosen patch. */
static gboolean
take_values (const CliNeighbors *self, DinoscopeFeatures *features, const char *path, float *values)
{
  const struct dino_features *core = dinoscope_features_get_core (features);
  const gsize                 first = dino_features_first_patch (core), n = dino_features_n_tokens (core) - first, width = width_of (self);
  const float                *tokens = dino_features_last_hidden_state (core);
  gsize                       columns = 0;

  if (dino_index_what (self->index) == DINO_EMBEDDING_CLS)
    memcpy (values, tokens, width * sizeof *values);
  else if (dino_index_what (self->index) == DINO_EMBEDDING_MEAN)
    mean_of (tokens + first * width, n, width, values);
  else if (dino_index_grid_columns (self->index, &columns) && n == dino_index_n_patches (self->index) && columns == dinoscope_features_get_columns (features))
    memcpy (values, tokens + (first + row_of (self, 0)) * width, width * sizeof *values);
  else
    {
      cli_error (_ ("%s has %zu patches, and pictures of the index %zu: they are of another form."), path, n, dino_index_n_patches (self->index));
      return FALSE;
    }
  return TRUE;
}

static CliExit
encode (CliNeighbors *self, const char *path)
{
  CliExit                       code = CLI_EXIT_DONE;
  g_autoptr (DinoscopeStudy)    study = cli_session_open (&self->session, path, &code);
  g_autoptr (DinoscopeFeatures) features = NULL;
  g_autofree float             *values = g_new (float, width_of (self));
  CliQuery                      query = { .path = path, .picture = CLI_NO_PICTURE };

  if (study == NULL)
    return code;
  cli_session_say_notes (&self->session, study);
  features = cli_session_encode (&self->session, study, DINO_KEEP_OUTPUT, &code);
  if (features == NULL)
    return code;
  if (!take_values (self, features, path, values))
    return CLI_EXIT_INPUT;
  if (!dino_index_find (self->index, dinoscope_study_get_sha256 (study), &query.picture))
    query.picture = CLI_NO_PICTURE;
  query.label = g_strdup (path);
  return add_query (self, query, values);
}

/* The encoder, which must be that of the index. */
static CliExit
start_session (CliNeighbors *self)
{
  const struct dino_embeddings_origin *origin = dino_index_origin (self->index);
  CliSession                          *session = &self->session;
  CliExit                              code;

  if (*origin->model_sha256 == '\0')
    {
      cli_error (_ ("“%s” was made of a .npy file, so its encoder is not known: pictures cannot be compared with it, only its rows and other .npy files."), dino_index_folder (self->index));
      return CLI_EXIT_INPUT;
    }
  self->has_session = TRUE;
  code = cli_session_init (session, session->arguments, session->cancellable);
  if (code == CLI_EXIT_DONE)
    code = cli_session_start_model (session, TRUE);
  if (code == CLI_EXIT_DONE)
    code = cli_session_await_model (session);
  if (code != CLI_EXIT_DONE)
    return code;
  cli_session_name_model (session);
  return cli_origin_check (session, origin, dino_index_folder (self->index));
}

static CliExit
add (CliNeighbors *self, const char *text)
{
  const size_t n = dino_index_n_pictures (self->index);
  guint64      picture;

  if (strcmp (text, "all") == 0)
    return add_all_rows (self);
  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &picture, NULL))
    {
      if (picture < n)
        return add_row (self, (size_t) picture);
      cli_usage_error (CLI_COMMAND_NEIGHBORS, _ ("--query %s: the index has rows 0 to %zu."), text, n - 1);
      return CLI_EXIT_USAGE;
    }
  if (!g_str_has_suffix (text, ".npy"))
    return encode (self, text);
  if (self->patch_row < 0)
    return add_file (self, text);
  cli_usage_error (CLI_COMMAND_NEIGHBORS, _ ("--patch is a patch of a picture or a row; “%s” has none."), text);
  return CLI_EXIT_USAGE;
}

static gboolean
is_picture (const char *text)
{
  guint64 number;

  return strcmp (text, "all") != 0 && !g_str_has_suffix (text, ".npy") && !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &number, NULL);
}

CliExit
cli_neighbors_read_queries (CliNeighbors *self)
{
  const GPtrArray *texts = self->session.arguments->values[CLI_OPTION_QUERY];
  CliExit          code = CLI_EXIT_DONE;

  for (guint i = 0; code == CLI_EXIT_DONE && i < texts->len && !self->has_session; i++)
    if (is_picture (texts->pdata[i]))
      code = start_session (self);
  for (guint i = 0; code == CLI_EXIT_DONE && i < texts->len; i++)
    code = add (self, texts->pdata[i]);
  return code;
}
