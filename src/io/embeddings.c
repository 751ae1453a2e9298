#include "io/embeddings.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"
#include "core/model/json.h"

#include <unistd.h>

#define MAX_JSON_BYTES ((size_t) 1 << 20)
#define MAX_JSON_WEIGHT 4096

static const char *const file_names[DINO_N_EMBEDDINGS] = { "cls.npy", "mean.npy", "patches.npy", "last4.npy" };

/* Columns that are looked up often. */
enum column
{
  COLUMN_ROW,
  COLUMN_NAME,
  COLUMN_SHA256,
  COLUMN_VIEW,
  COLUMN_STATUS,
  N_COLUMNS
};

static const char *const column_names[N_COLUMNS] = { "row", "name", "pixels_sha256", "view", "status" };

/* The others of every folder. */
static const char *const more_column_names[] = { "index", "width", "height", "error" };

struct dino_embeddings
{
  char                         *folder;
  json_t                       *json;
  char                         *preparation; /* by Jansson */
  struct dino_embeddings_origin origin;
  struct dino_matrix_file      *matrices[DINO_N_EMBEDDINGS];
  struct dino_table            *table;
  int                           columns[N_COLUMNS];
  int                           grid_columns; /* 0: not known */
  uint32_t                     *table_rows;   /* of each row */
  size_t                        n_rows;
};

const char *
dino_embedding_file_name (enum dino_embedding embedding)
{
  return file_names[embedding];
}

static bool
need_string (const json_t *object, const char *path, const char *key, const char **value, struct dino_error *error)
{
  if (!dino_json_get_string (object, path, key, value, error))
    return false;
  return *value != NULL || dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” has no “%s”."), path, key);
}

static bool
check_schema (const json_t *json, const char *path, struct dino_error *error)
{
  const char *schema = "";
  int         version = 0;

  if (!dino_json_get_string (json, path, "schema", &schema, error) || !dino_json_get_int (json, path, "version", 1, INT32_MAX, &version, error))
    return false;
  if (strcmp (schema, DINO_EMBEDDINGS_SCHEMA) != 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” does not describe a folder of embeddings."), path);
  if (version > DINO_EMBEDDINGS_VERSION)
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” was written by a newer version of Dinoscope."), path);
  return true;
}

static bool
read_origin (struct dino_embeddings *self, const char *path, struct dino_error *error)
{
  struct dino_embeddings_origin *origin = &self->origin;
  const json_t                  *model = dino_json_get (self->json, "model");
  const json_t                  *preparation = dino_json_get (self->json, "preparation");

  if (!json_is_object (model) || !json_is_object (preparation))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” does not say what the embeddings were made with."), path);
  origin->calibration = "";
  if (!need_string (model, path, "name", &origin->model_name, error) || !need_string (model, path, "sha256", &origin->model_sha256, error) ||
      !need_string (self->json, path, "precision", &origin->precision, error) || !need_string (self->json, path, "isa", &origin->isa, error) ||
      !dino_json_get_string (self->json, path, "calibration", &origin->calibration, error))
    return false;
  self->preparation = dino_json_dump (preparation, JSON_SORT_KEYS, error);
  origin->preparation = self->preparation;
  return self->preparation != NULL;
}

static bool
read_json (struct dino_embeddings *self, struct dino_error *error)
{
  char *path = dino_path_join (self->folder, "embed.json", error);
  bool  good = false;

  if (path == NULL)
    return false;
  self->json = dino_json_read (path, MAX_JSON_BYTES, MAX_JSON_WEIGHT, error);
  good = self->json != NULL && check_schema (self->json, path, error) && read_origin (self, path, error) &&
         dino_json_get_int (self->json, path, "grid_columns", 1, 65535, &self->grid_columns, error);
  dino_free (path);
  return good;
}

static bool
open_matrix (struct dino_embeddings *self, enum dino_embedding embedding, struct dino_error *error)
{
  char *path = dino_path_join (self->folder, file_names[embedding], error);
  bool  good = path != NULL;

  if (good && (embedding < DINO_EMBEDDING_PATCHES || access (path, F_OK) == 0))
    {
      self->matrices[embedding] = dino_matrix_file_open (path, error);
      good = self->matrices[embedding] != NULL;
    }
  dino_free (path);
  return good;
}

static bool
check_matrices (const struct dino_embeddings *self, struct dino_error *error)
{
  const struct dino_matrix_file *cls = self->matrices[DINO_EMBEDDING_CLS];

  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    {
      const struct dino_matrix_file *matrix = self->matrices[i];

      if (matrix == NULL)
        continue;
      if (dino_matrix_file_rank (matrix) != (i == DINO_EMBEDDING_PATCHES ? 3 : 2))
        return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” has %d dimensions, which is not what embed writes."), dino_matrix_file_path (matrix),
                               dino_matrix_file_rank (matrix));
      if (dino_matrix_file_n_rows (matrix) != dino_matrix_file_n_rows (cls) || dino_matrix_file_n_channels (matrix) != (i == DINO_EMBEDDING_LAST4 ? 4 : 1) * dino_matrix_file_n_channels (cls))
        return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” and “%s” are not of the same pictures: rows or channels differ."), dino_matrix_file_path (matrix),
                               dino_matrix_file_path (cls));
    }
  return true;
}

static bool
read_table (struct dino_embeddings *self, struct dino_error *error)
{
  char *path = dino_path_join (self->folder, "table.tsv", error);
  bool  good;

  if (path == NULL)
    return false;
  self->table = dino_table_read (path, error);
  good = self->table != NULL;
  for (int i = 0; good && i < N_COLUMNS; i++)
    good = dino_table_need (self->table, column_names[i], &self->columns[i], error);
  dino_free (path);
  return good;
}

/* Rows count from 0 in the table's order; failed pictures have none. */
static bool
place_rows (struct dino_embeddings *self, struct dino_error *error)
{
  const size_t n = dino_matrix_file_n_rows (self->matrices[DINO_EMBEDDING_CLS]);
  const size_t n_entries = dino_table_n_rows (self->table);

  /* A header says any number; the table's lines are there. */
  self->table_rows = dino_alloc (n < n_entries ? n : n_entries, sizeof *self->table_rows, error);
  if (self->table_rows == NULL)
    return false;
  for (size_t i = 0; i < n_entries; i++)
    {
      const bool embedded = strcmp (dino_table_get (self->table, i, self->columns[COLUMN_STATUS]), "ok") == 0;
      size_t     row = 0;

      if (!embedded && *dino_table_get (self->table, i, self->columns[COLUMN_ROW]) == '\0')
        continue;
      if (!dino_table_get_size (self->table, i, self->columns[COLUMN_ROW], n, &row, error))
        return false;
      if (!embedded || row != self->n_rows || row == n)
        return dino_table_refuse (self->table, i, self->columns[COLUMN_ROW], _ ("the rows of the matrices are not in this order"), error);
      self->table_rows[self->n_rows++] = (uint32_t) i;
    }
  return self->n_rows == n || dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” has %zu rows, and “%s” names %zu."), dino_matrix_file_path (self->matrices[0]), n,
                                              dino_table_path (self->table), self->n_rows);
}

static bool
check_counts (const struct dino_embeddings *self, struct dino_error *error)
{
  const json_t *counts = dino_json_get (self->json, "counts");
  const json_t *embedded = json_is_object (counts) ? dino_json_get (counts, "embedded") : NULL;

  return (json_is_integer (embedded) && json_integer_value (embedded) == (json_int_t) self->n_rows) ||
         dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s/embed.json” is not of the matrices beside it: the number of pictures differs."), self->folder);
}

static bool
check_grid (const struct dino_embeddings *self, struct dino_error *error)
{
  const struct dino_matrix_file *patches = self->matrices[DINO_EMBEDDING_PATCHES];
  char                          *path;

  if (patches == NULL || self->grid_columns == 0 || dino_matrix_file_n_tokens (patches) % (size_t) self->grid_columns == 0)
    return true;
  path = dino_path_join (self->folder, "embed.json", error);
  if (path != NULL)
    dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged."), path);
  dino_free (path);
  return false;
}

static bool
open_folder (struct dino_embeddings *self, const char *folder, struct dino_error *error)
{
  self->folder = dino_strdup (folder, error);
  if (self->folder == NULL || !read_json (self, error))
    return false;
  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    if (!open_matrix (self, (enum dino_embedding) i, error))
      return false;
  return check_matrices (self, error) && check_grid (self, error) && read_table (self, error) && place_rows (self, error) && check_counts (self, error);
}

struct dino_embeddings *
dino_embeddings_open (const char *folder, struct dino_error *error)
{
  struct dino_embeddings *self = dino_alloc_zeroed (1, sizeof *self, error);

  if (self == NULL)
    {
      dino_error_about (error, folder);
      return NULL;
    }
  if (open_folder (self, folder, error))
    return self;
  dino_error_about (error, folder);
  dino_embeddings_free (self);
  return NULL;
}

void
dino_embeddings_free (struct dino_embeddings *embeddings)
{
  if (embeddings == NULL)
    return;
  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    dino_matrix_file_free (embeddings->matrices[i]);
  dino_table_free (embeddings->table);
  json_decref (embeddings->json);
  free (embeddings->preparation);
  dino_free (embeddings->table_rows);
  dino_free (embeddings->folder);
  dino_free (embeddings);
}

const char *
dino_embeddings_folder (const struct dino_embeddings *embeddings)
{
  return embeddings->folder;
}

const struct dino_embeddings_origin *
dino_embeddings_origin (const struct dino_embeddings *embeddings)
{
  return &embeddings->origin;
}

size_t
dino_embeddings_n_rows (const struct dino_embeddings *embeddings)
{
  return embeddings->n_rows;
}

size_t
dino_embeddings_n_channels (const struct dino_embeddings *embeddings)
{
  return dino_matrix_file_n_channels (embeddings->matrices[DINO_EMBEDDING_CLS]);
}

const struct dino_matrix_file *
dino_embeddings_matrix (const struct dino_embeddings *embeddings, enum dino_embedding embedding)
{
  return embeddings->matrices[embedding];
}

size_t
dino_embeddings_grid_columns (const struct dino_embeddings *embeddings)
{
  return (size_t) embeddings->grid_columns;
}

bool
dino_embeddings_is_own_column (const char *name)
{
  for (size_t i = 0; i < N_COLUMNS; i++)
    if (strcmp (column_names[i], name) == 0)
      return true;
  for (size_t i = 0; i < sizeof more_column_names / sizeof *more_column_names; i++)
    if (strcmp (more_column_names[i], name) == 0)
      return true;
  return false;
}

/* Against the hash that embed.json has under the file's name. */
static bool
verify_file (const struct dino_embeddings *self, const char *path, const char *name, struct dino_error *error)
{
  const json_t *files = dino_json_get (self->json, "files");
  const char   *expected = NULL;
  char          found[DINO_SHA256_LENGTH];

  return (json_is_object (files) || dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” has no “%s”."), self->folder, "files")) && need_string (files, self->folder, name, &expected, error) &&
         dino_sha256_file (path, found, NULL, error) &&
         (strcmp (found, expected) == 0 || dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged: its contents are not what was written."), path));
}

bool
dino_embeddings_verify (const struct dino_embeddings *embeddings, enum dino_embedding embedding, const struct dino_progress *progress, struct dino_error *error)
{
  const struct dino_matrix_file *matrix = embeddings->matrices[embedding];

  if (!verify_file (embeddings, dino_table_path (embeddings->table), "table.tsv", error))
    return false;
  if (!dino_progress_report (progress, 1, 2))
    return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Opening “%s” was cancelled."), embeddings->folder);
  return matrix == NULL || verify_file (embeddings, dino_matrix_file_path (matrix), file_names[embedding], error);
}

const struct dino_table *
dino_embeddings_table (const struct dino_embeddings *embeddings)
{
  return embeddings->table;
}

size_t
dino_embeddings_table_row (const struct dino_embeddings *embeddings, size_t row)
{
  return embeddings->table_rows[row];
}

const char *
dino_embeddings_get (const struct dino_embeddings *embeddings, size_t row, int column)
{
  return dino_table_get (embeddings->table, embeddings->table_rows[row], column);
}

const char *
dino_embeddings_name (const struct dino_embeddings *embeddings, size_t row)
{
  return dino_embeddings_get (embeddings, row, embeddings->columns[COLUMN_NAME]);
}

const char *
dino_embeddings_pixels_sha256 (const struct dino_embeddings *embeddings, size_t row)
{
  return dino_embeddings_get (embeddings, row, embeddings->columns[COLUMN_SHA256]);
}

const char *
dino_embeddings_view (const struct dino_embeddings *embeddings, size_t row)
{
  return dino_embeddings_get (embeddings, row, embeddings->columns[COLUMN_VIEW]);
}

bool
dino_embeddings_find (const struct dino_embeddings *embeddings, const char *pixels_sha256, size_t *row)
{
  for (*row = 0; *row < embeddings->n_rows; (*row)++)
    if (strcmp (dino_embeddings_pixels_sha256 (embeddings, *row), pixels_sha256) == 0)
      return true;
  return false;
}

bool
dino_embeddings_origin_equal (const struct dino_embeddings_origin *a, const char *a_name, const struct dino_embeddings_origin *b, const char *b_name, struct dino_error *error)
{
  const struct
  {
    const char *what, *of_a, *of_b;
  } parts[] = {
    { N_ ("model"), a->model_sha256, b->model_sha256 },
    { N_ ("precision"), a->precision, b->precision },
    { N_ ("instruction set"), a->isa, b->isa },
    { N_ ("calibration"), a->calibration, b->calibration },
    { N_ ("preparation"), a->preparation, b->preparation },
  };

  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (strcmp (parts[i].of_a, parts[i].of_b) != 0)
      return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("“%s” and “%s” cannot go together: the %s differs (%s, %s)."), a_name, b_name, _ (parts[i].what), parts[i].of_a,
                             parts[i].of_b);
  return true;
}
