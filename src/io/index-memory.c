/* An index of what embed wrote, with its rows in memory. */
#include <unistd.h>

#include "core/base/memory.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "io/index-files.h"
#include "io/index-private.h"
#include "io/index-source.h"

/* Rows between two questions whether to go on. */
#define STEP ((size_t) 256)

static bool
allocate (struct dino_index *self, const struct dino_matrix_file *matrix, struct dino_error *error)
{
  size_t n_rows, n_values;

  self->n_pictures = dino_matrix_file_n_rows (matrix);
  self->n_patches = dino_matrix_file_n_tokens (matrix);
  self->vectors.width = dino_matrix_file_n_channels (matrix);
  if (self->n_pictures == 0)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no picture to make an index of."));
  if (!dino_multiply (self->n_pictures, self->n_patches, &n_rows) || !dino_multiply (n_rows, self->vectors.width, &n_values))
    return dino_error_set_memory (error, SIZE_MAX);
  self->memory = dino_alloc (n_values, sizeof *self->memory, error);
  self->vectors.type = DINO_VECTOR_F32;
  self->vectors.count = n_rows;
  self->vectors.rows = self->memory;
  return self->memory != NULL;
}

/* Rows without a length stay zeros and are near to nothing, as in a written index. */
static bool
read_rows (struct dino_index *self, const struct dino_matrix_file *matrix, const struct dino_progress *progress, struct dino_error *error)
{
  const size_t size = self->n_patches * self->vectors.width, step = 1 + (STEP - 1) / self->n_patches;
  size_t       n_empty = 0;

  for (size_t picture = 0; picture < self->n_pictures; picture++)
    {
      if (picture % step == 0 && !dino_progress_report (progress, (int) (picture / step), (int) (self->n_pictures / step + 1)))
        return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Opening “%s” was cancelled."), self->folder);
      if (!dino_index_source_read (matrix, picture, self->memory + picture * size, &n_empty, error))
        return false;
    }
  return dino_matrix_file_check (matrix, error);
}

static bool
open_embeddings (struct dino_index *self, const char *folder, bool verify, const struct dino_progress *progress, struct dino_error *error)
{
  const struct dino_matrix_file *matrix;

  self->folder = dino_strdup (folder, error);
  self->embeddings = self->folder != NULL ? dino_embeddings_open (folder, error) : NULL;
  if (self->embeddings == NULL || (verify && !dino_embeddings_verify (self->embeddings, self->what, progress, error)))
    return false;
  self->origin = *dino_embeddings_origin (self->embeddings);
  self->table = dino_embeddings_table (self->embeddings);
  matrix = dino_index_source_matrix (self->embeddings, self->what, error);
  if (matrix == NULL || !dino_table_need (self->table, "name", &self->name_column, error) || !allocate (self, matrix, error))
    return false;
  if (self->what == DINO_EMBEDDING_PATCHES)
    self->grid_columns = (int) dino_index_source_grid_columns (self->embeddings, self->n_patches);
  return read_rows (self, matrix, progress, error);
}

/* Whether a folder has a file. False with error set when that cannot be asked. */
static bool
has_file (const char *folder, const char *name, bool *there, struct dino_error *error)
{
  char *path = dino_path_join (folder, name, error);

  if (path == NULL)
    return dino_error_about (error, folder);
  *there = access (path, F_OK) == 0;
  dino_free (path);
  return true;
}

struct dino_index *
dino_index_open_any (const char *folder, enum dino_embedding what, bool verify, const struct dino_progress *progress, struct dino_error *error)
{
  struct dino_index *self;
  bool               is_index = false, is_embeddings = false;

  if (!has_file (folder, DINO_INDEX_JSON, &is_index, error) || !has_file (folder, "embed.json", &is_embeddings, error))
    return NULL;
  if (is_index || !is_embeddings)
    return dino_index_open (folder, verify, progress, error);
  self = dino_alloc_zeroed (1, sizeof *self, error);
  if (self == NULL)
    {
      dino_error_about (error, folder);
      return NULL;
    }
  self->what = what;
  if (open_embeddings (self, folder, verify, progress, error))
    return self;
  dino_error_about (error, folder);
  dino_index_free (self);
  return NULL;
}
