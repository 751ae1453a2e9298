#include "io/index-source.h"

#include <math.h>

#include "core/base/text.h"
#include "core/vectors/narrow-row.h"

const struct dino_matrix_file *
dino_index_source_matrix (const struct dino_embeddings *source, enum dino_embedding what, struct dino_error *error)
{
  const struct dino_matrix_file *matrix = dino_embeddings_matrix (source, what);

  if (matrix == NULL)
    dino_error_set (error, DINO_CODE_ARGUMENT, _ ("“%s” has no %s: embed writes it when it is asked to (--patches)."), dino_embeddings_folder (source), dino_embedding_file_name (what));
  return matrix;
}

static bool
check_finite (const struct dino_matrix_file *matrix, size_t picture, const float *rows, size_t n, struct dino_error *error)
{
  for (size_t i = 0; i < n; i++)
    if (!isfinite (rows[i]))
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: row %zu has a value that is no number."), dino_matrix_file_path (matrix), picture);
  return true;
}

bool
dino_index_source_read (const struct dino_matrix_file *matrix, size_t picture, float *rows, size_t *n_empty, struct dino_error *error)
{
  const size_t n = dino_matrix_file_n_tokens (matrix), width = dino_matrix_file_n_channels (matrix);

  dino_matrix_file_row (matrix, picture, rows);
  if (!check_finite (matrix, picture, rows, n * width, error))
    return false;
  for (size_t i = 0; i < n; i++)
    if (!dino_row_normalize (rows + i * width, rows + i * width, width))
      (*n_empty)++;
  return true;
}

size_t
dino_index_source_grid_columns (const struct dino_embeddings *source, size_t n_patches)
{
  const size_t side = (size_t) lround (sqrt ((double) n_patches));

  if (source != NULL && dino_embeddings_grid_columns (source) > 0)
    return dino_embeddings_grid_columns (source);
  return side * side == n_patches ? side : 0;
}
