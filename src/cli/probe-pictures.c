#include <math.h>

#include "cli/probe.h"
#include "core/base/memory.h"
#include "core/base/text.h"

gboolean
cli_probe_pictures_open (CliProbePictures *pictures, const char *folder, struct dino_error *error)
{
  pictures->embeddings = dino_embeddings_open (folder, error);
  if (pictures->embeddings == NULL)
    return FALSE;
  pictures->n = dino_embeddings_n_rows (pictures->embeddings);
  pictures->rows = dino_alloc (pictures->n, sizeof *pictures->rows, error);
  for (size_t i = 0; pictures->rows != NULL && i < pictures->n; i++)
    pictures->rows[i] = i;
  return pictures->rows != NULL;
}

/* Columns from … on of all rows. */
static gboolean
copy_columns (CliProbePictures *pictures, const struct dino_matrix_file *file, size_t from, struct dino_error *error)
{
  for (size_t i = 0; i < pictures->n; i++)
    dino_matrix_file_row (file, pictures->rows[i], pictures->values + i * pictures->n_features + from);
  return dino_matrix_file_check (file, error);
}

static gboolean
copy_features (CliProbePictures *pictures, enum dino_head_features kind, struct dino_error *error)
{
  const struct dino_matrix_file *cls = dino_embeddings_matrix (pictures->embeddings, DINO_EMBEDDING_CLS);
  const struct dino_matrix_file *mean = dino_embeddings_matrix (pictures->embeddings, DINO_EMBEDDING_MEAN);
  const struct dino_matrix_file *last4 = dino_embeddings_matrix (pictures->embeddings, DINO_EMBEDDING_LAST4);

  switch (kind)
    {
    case DINO_HEAD_CLS:
      return copy_columns (pictures, cls, 0, error);
    case DINO_HEAD_MEAN:
      return copy_columns (pictures, mean, 0, error);
    case DINO_HEAD_CLS_MEAN:
      return copy_columns (pictures, cls, 0, error) && copy_columns (pictures, mean, dino_embeddings_n_channels (pictures->embeddings), error);
    case DINO_HEAD_LAST4_CLS:
      if (last4 == NULL)
        return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” has no %s: embed writes it with --last4."), dino_embeddings_folder (pictures->embeddings), dino_embedding_file_name (DINO_EMBEDDING_LAST4));
      return copy_columns (pictures, last4, 0, error);
    case DINO_HEAD_PATCHES:
    case DINO_HEAD_UNKNOWN:
    default:
      return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A picture has no single row of the features “%s”."), dino_head_features_name (kind));
    }
}

static gboolean
are_finite (const CliProbePictures *pictures, struct dino_error *error)
{
  for (size_t i = 0; i < pictures->n; i++)
    for (size_t f = 0; f < pictures->n_features; f++)
      if (!isfinite (pictures->values[i * pictures->n_features + f]))
        return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: the embedding of “%s” has numbers that are not finite."),
                               dino_embeddings_folder (pictures->embeddings), dino_embeddings_name (pictures->embeddings, pictures->rows[i]));
  return TRUE;
}

gboolean
cli_probe_pictures_read (CliProbePictures *pictures, enum dino_head_features kind, struct dino_error *error)
{
  size_t n_values;

  pictures->n_features = dino_head_features_width (kind, dino_embeddings_n_channels (pictures->embeddings));
  if (!dino_multiply (pictures->n, pictures->n_features, &n_values))
    return dino_error_set_memory (error, G_MAXUINT64);
  pictures->values = dino_alloc (n_values, sizeof *pictures->values, error);
  return pictures->values != NULL && copy_features (pictures, kind, error) && are_finite (pictures, error);
}

void
cli_probe_pictures_clear (CliProbePictures *pictures)
{
  dino_free (pictures->values);
  dino_free (pictures->rows);
  dino_embeddings_free (pictures->embeddings);
  *pictures = (CliProbePictures){ 0 };
}

GPtrArray *
cli_probe_pictures_names (const CliProbePictures *pictures)
{
  GPtrArray *names = g_ptr_array_sized_new ((guint) pictures->n);

  for (size_t i = 0; i < pictures->n; i++)
    g_ptr_array_add (names, (gpointer) dino_embeddings_name (pictures->embeddings, pictures->rows[i]));
  return names;
}
