#include "io/index.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"
#include "core/model/json.h"
#include "io/index-files.h"
#include "io/index-private.h"
#include "io/index-table.h"

#define MAX_JSON_BYTES ((size_t) 1 << 20)
#define MAX_JSON_WEIGHT 4096

/* Files up to this size are hashed whenever an index is opened: a few hundredths of a second. */
#define SMALL_FILE ((uint64_t) 32 << 20)

static bool
malformed (const struct dino_index *self, struct dino_error *error)
{
  return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged: a value is missing or is none that an index has."), self->json_path);
}

static bool
need_string (const struct dino_index *self, const json_t *object, const char *key, const char **value, struct dino_error *error)
{
  *value = NULL;
  return dino_json_get_string (object, self->json_path, key, value, error) && (*value != NULL || malformed (self, error));
}

/* A whole number of at least minimum. */
static bool
need_size (const struct dino_index *self, const json_t *object, const char *key, size_t minimum, size_t *value, struct dino_error *error)
{
  const json_t *number = dino_json_get (object, key);

  if (!json_is_integer (number) || json_integer_value (number) < (json_int_t) minimum)
    return malformed (self, error);
  *value = (size_t) json_integer_value (number);
  return true;
}

static bool
need_choice (const struct dino_index *self, const char *key, const char *const *choices, int n, int *choice, struct dino_error *error)
{
  const char *text;

  if (!need_string (self, self->json, key, &text, error))
    return false;
  for (*choice = 0; *choice < n; (*choice)++)
    if (strcmp (text, choices[*choice]) == 0)
      return true;
  return malformed (self, error);
}

static bool
check_schema (const struct dino_index *self, struct dino_error *error)
{
  const char *schema = "";
  int         version = 0;

  if (!dino_json_get_string (self->json, self->json_path, "schema", &schema, error) ||
      !dino_json_get_int (self->json, self->json_path, "version", 1, INT32_MAX, &version, error))
    return false;
  if (strcmp (schema, DINO_INDEX_SCHEMA) != 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” does not describe an index."), self->json_path);
  if (version > DINO_INDEX_VERSION)
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” was written by a newer version of Dinoscope."), self->json_path);
  return true;
}

/* All are "" for an index of a matrix of which nothing is known. */
static bool
read_origin (struct dino_index *self, struct dino_error *error)
{
  struct dino_embeddings_origin *origin = &self->origin;
  const json_t                  *model = dino_json_get (self->json, "model");
  const json_t                  *preparation = dino_json_get (self->json, "preparation");

  if (!json_is_object (model) || !json_is_object (preparation))
    return malformed (self, error);
  self->preparation = dino_json_dump (preparation, JSON_SORT_KEYS, error);
  if (self->preparation == NULL)
    return false;
  origin->preparation = self->preparation;
  return need_string (self, model, "name", &origin->model_name, error) && need_string (self, model, "sha256", &origin->model_sha256, error) &&
         need_string (self, self->json, "precision", &origin->precision, error) && need_string (self, self->json, "isa", &origin->isa, error) &&
         need_string (self, self->json, "calibration", &origin->calibration, error);
}

static bool
read_json (struct dino_index *self, struct dino_error *error)
{
  int    what = 0, type = 0;
  size_t n_rows = 0;

  self->json_path = dino_path_join (self->folder, DINO_INDEX_JSON, error);
  if (self->json_path == NULL)
    return false;
  self->json = dino_json_read (self->json_path, MAX_JSON_BYTES, MAX_JSON_WEIGHT, error);
  if (self->json == NULL || !check_schema (self, error) || !read_origin (self, error) ||
      !need_choice (self, "what", dino_index_whats, sizeof dino_index_whats / sizeof *dino_index_whats, &what, error) ||
      !need_choice (self, "dtype", dino_index_types, DINO_N_VECTOR_TYPES, &type, error) ||
      !need_size (self, self->json, "pictures", 1, &self->n_pictures, error) || !need_size (self, self->json, "patches", 1, &self->n_patches, error) ||
      !need_size (self, self->json, "channels", 1, &self->vectors.width, error) ||
      !dino_json_get_int (self->json, self->json_path, "grid_columns", 1, 65535, &self->grid_columns, error))
    return false;
  self->what = (enum dino_embedding) what;
  self->vectors.type = (enum dino_vector_type) type;
  if ((self->what != DINO_EMBEDDING_PATCHES && self->n_patches != 1) || (self->grid_columns > 0 && self->n_patches % (size_t) self->grid_columns != 0) ||
      !dino_multiply (self->n_pictures, self->n_patches, &n_rows))
    return malformed (self, error);
  self->vectors.count = n_rows;
  return true;
}

/* The path of a file that index.json lists, after its size, and where that is
 * quick or asked for its hash, were compared. NULL with error. */
static char *
check_file (const struct dino_index *self, const char *name, bool verify, struct dino_error *error)
{
  const json_t *files = dino_json_get (self->json, "files"), *file = json_is_object (files) ? dino_json_get (files, name) : NULL;
  char         *path = dino_path_join (self->folder, name, error);
  const char   *expected = NULL;
  char          found[DINO_SHA256_LENGTH] = "";
  size_t        size = 0;
  uint64_t      actual = 0;
  int           fd = -1;
  bool          good;

  good = path != NULL && (json_is_object (file) || malformed (self, error)) && need_size (self, file, "bytes", 0, &size, error) &&
         need_string (self, file, "sha256", &expected, error);
  if (good)
    fd = dino_file_open (path, &actual, error);
  good = good && fd >= 0;
  if (fd >= 0)
    close (fd);
  if (good && actual != size)
    good = dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged: it has %llu bytes and should have %llu."), path, (unsigned long long) actual, (unsigned long long) size);
  if (good && (verify || actual <= SMALL_FILE))
    good = dino_sha256_file (path, found, NULL, error) &&
           (strcmp (found, expected) == 0 || dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged: its contents are not what was written."), path));
  if (good)
    return path;
  dino_free (path);
  return NULL;
}

static struct dino_matrix_file *
open_matrix (const struct dino_index *self, const char *name, bool verify, struct dino_error *error)
{
  char                    *path = check_file (self, name, verify, error);
  struct dino_matrix_file *file = path != NULL ? dino_matrix_file_open (path, error) : NULL;

  dino_free (path);
  return file;
}

static struct dino_mapping *
open_bytes (const struct dino_index *self, const char *name, size_t n, size_t width, bool verify, struct dino_error *error)
{
  char                *path = check_file (self, name, verify, error);
  struct dino_mapping *mapping = path != NULL ? dino_mapping_new (path, error) : NULL;
  size_t               size = 0;

  if (mapping != NULL && (!dino_multiply (n, width, &size) || dino_mapping_size (mapping) != size))
    {
      malformed (self, error);
      dino_mapping_free (mapping);
      mapping = NULL;
    }
  dino_free (path);
  return mapping;
}

static bool
open_vectors (struct dino_index *self, bool verify, struct dino_error *error)
{
  struct dino_vectors *vectors = &self->vectors;

  self->matrix = open_matrix (self, DINO_INDEX_VECTORS, verify, error);
  if (self->matrix == NULL)
    return false;
  if (dino_matrix_file_n_rows (self->matrix) != self->n_pictures || dino_matrix_file_n_tokens (self->matrix) != self->n_patches ||
      dino_matrix_file_n_channels (self->matrix) != vectors->width || dino_matrix_file_is_half (self->matrix) != (vectors->type == DINO_VECTOR_F16))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged: its shape is not the index's."), dino_matrix_file_path (self->matrix));
  vectors->rows = dino_matrix_file_data (self->matrix);
  if (vectors->type != DINO_VECTOR_I8)
    return true;

  self->narrow = open_bytes (self, DINO_INDEX_NARROW, vectors->count, vectors->width, verify, error);
  self->scales = self->narrow != NULL ? open_matrix (self, DINO_INDEX_SCALES, verify, error) : NULL;
  if (self->scales == NULL)
    return false;
  if (dino_matrix_file_rank (self->scales) != 2 || dino_matrix_file_n_rows (self->scales) != 2 || dino_matrix_file_n_channels (self->scales) != vectors->count ||
      dino_matrix_file_is_half (self->scales))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged: its shape is not the index's."), dino_matrix_file_path (self->scales));
  vectors->exact = vectors->rows;
  vectors->rows = dino_mapping_data (self->narrow);
  vectors->scales = dino_matrix_file_data (self->scales);
  vectors->errors = vectors->scales + vectors->count;
  return true;
}

static bool
open_table (struct dino_index *self, bool verify, struct dino_error *error)
{
  char *path = check_file (self, DINO_INDEX_TABLE, verify, error);

  if (path == NULL)
    return false;
  self->table = self->own_table = dino_table_read (path, error);
  dino_free (path);
  return self->table != NULL && dino_table_need (self->table, "name", &self->name_column, error) &&
         (dino_table_n_rows (self->table) == self->n_pictures ||
          dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged: it has %zu rows and should have %zu."), dino_table_path (self->table), dino_table_n_rows (self->table), self->n_pictures));
}

static bool
open_folder (struct dino_index *self, const char *folder, bool verify, const struct dino_progress *progress, struct dino_error *error)
{
  self->folder = dino_strdup (folder, error);
  if (self->folder == NULL || !read_json (self, error) || !open_table (self, verify, error))
    return false;
  if (!dino_progress_report (progress, 1, 3))
    return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Opening “%s” was cancelled."), folder);
  if (!open_vectors (self, verify, error))
    return false;
  if (!dino_progress_report (progress, 2, 3))
    return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Opening “%s” was cancelled."), folder);
  if (*self->origin.model_sha256 == '\0')
    return true;
  self->pixels = open_bytes (self, DINO_INDEX_PIXELS, self->n_pictures, DINO_INDEX_HASH_BYTES, verify, error);
  return self->pixels != NULL;
}

struct dino_index *
dino_index_open (const char *folder, bool verify, const struct dino_progress *progress, struct dino_error *error)
{
  struct dino_index *self = dino_alloc_zeroed (1, sizeof *self, error);

  if (self == NULL)
    {
      dino_error_about (error, folder);
      return NULL;
    }
  if (open_folder (self, folder, verify, progress, error))
    return self;
  dino_error_about (error, folder);
  dino_index_free (self);
  return NULL;
}

void
dino_index_free (struct dino_index *index)
{
  if (index == NULL)
    return;
  dino_embeddings_free (index->embeddings);
  dino_free (index->memory);
  dino_matrix_file_free (index->matrix);
  dino_matrix_file_free (index->scales);
  dino_mapping_free (index->narrow);
  dino_mapping_free (index->pixels);
  dino_table_free (index->own_table);
  json_decref (index->json);
  free (index->preparation);
  dino_free (index->json_path);
  dino_free (index->folder);
  dino_free (index);
}

const char *
dino_index_folder (const struct dino_index *index)
{
  return index->folder;
}

const struct dino_embeddings_origin *
dino_index_origin (const struct dino_index *index)
{
  return &index->origin;
}

enum dino_embedding
dino_index_what (const struct dino_index *index)
{
  return index->what;
}

const struct dino_vectors *
dino_index_vectors (const struct dino_index *index)
{
  return &index->vectors;
}

struct dino_points
dino_index_points (const struct dino_index *index)
{
  const struct dino_vectors *vectors = &index->vectors;
  const bool                 narrow = vectors->type == DINO_VECTOR_I8;

  return (struct dino_points){
    .rows = narrow ? vectors->exact : vectors->rows,
    .n = vectors->count,
    .width = vectors->width,
    .half = vectors->type == DINO_VECTOR_F16,
  };
}

size_t
dino_index_n_pictures (const struct dino_index *index)
{
  return index->n_pictures;
}

size_t
dino_index_n_patches (const struct dino_index *index)
{
  return index->n_patches;
}

bool
dino_index_grid_columns (const struct dino_index *index, size_t *columns)
{
  if (index->grid_columns > 0)
    *columns = (size_t) index->grid_columns;
  return index->grid_columns > 0;
}

const struct dino_table *
dino_index_table (const struct dino_index *index)
{
  return index->table;
}

const char *
dino_index_get (const struct dino_index *index, size_t picture, int column)
{
  return index->embeddings != NULL ? dino_embeddings_get (index->embeddings, picture, column) : dino_table_get (index->table, picture, column);
}

bool
dino_index_is_added (const struct dino_index *index, int column)
{
  const char *name = dino_table_column_name (index->table, column);

  return !(index->embeddings != NULL ? dino_embeddings_is_own_column (name) : dino_index_table_is_own_column (name));
}

const char *
dino_index_name (const struct dino_index *index, size_t picture)
{
  return dino_index_get (index, picture, index->name_column);
}

static int
digit (char c)
{
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                                               : -1;
}

bool
dino_index_find (const struct dino_index *index, const char *pixels_sha256, size_t *picture)
{
  const unsigned char *pixels = index->pixels != NULL ? dino_mapping_data (index->pixels) : NULL;
  unsigned char        wanted[DINO_INDEX_HASH_BYTES];

  if (index->embeddings != NULL)
    return dino_embeddings_find (index->embeddings, pixels_sha256, picture);
  if (pixels == NULL || strlen (pixels_sha256) != 2 * sizeof wanted)
    return false;
  for (size_t i = 0; i < sizeof wanted; i++)
    {
      if (digit (pixels_sha256[2 * i]) < 0 || digit (pixels_sha256[2 * i + 1]) < 0)
        return false;
      wanted[i] = (unsigned char) (16 * digit (pixels_sha256[2 * i]) + digit (pixels_sha256[2 * i + 1]));
    }
  for (*picture = 0; *picture < index->n_pictures; (*picture)++)
    if (memcmp (pixels + *picture * sizeof wanted, wanted, sizeof wanted) == 0)
      return true;
  return false;
}

void
dino_index_row (const struct dino_index *index, size_t row, float *out)
{
  if (index->memory != NULL)
    {
      memcpy (out, index->memory + row * index->vectors.width, index->vectors.width * sizeof *out);
      return;
    }
  dino_matrix_file_token (index->matrix, row / index->n_patches, row % index->n_patches, out);
}

bool
dino_index_check (const struct dino_index *index, struct dino_error *error)
{
  if (index->memory != NULL)
    return true;
  if (index->narrow != NULL && dino_mapping_is_damaged (index->narrow))
    return dino_error_set (error, DINO_CODE_IO, _ ("“%s/%s” was cut short while it was read."), index->folder, DINO_INDEX_NARROW);
  return dino_matrix_file_check (index->matrix, error) && (index->scales == NULL || dino_matrix_file_check (index->scales, error));
}
