#include "io/index-write.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"
#include "core/model/json.h"
#include "core/vectors/narrow-row.h"
#include "dinoscope-config.h"
#include "io/half.h"
#include "io/index-files.h"
#include "io/index-source.h"
#include "io/index-table.h"
#include "io/staging.h"

/* Of what a folder of embeddings says of its preparation. */
#define MAX_WEIGHT 4096

/* All that is being written. */
struct writer
{
  const struct dino_index_plan *plan;
  struct dino_index_report     *report;
  const struct dino_progress   *progress;
  struct dino_error            *error;
  json_t                       *files;
  size_t                        n_pictures, n_patches, width;
  struct dino_index_sink        vectors, narrow;
  float                        *picture; /* [n_patches, width] */
  uint16_t                     *halves;  /* a row */
  int8_t                       *bytes;   /* a row */
  float                        *scales;  /* [2, n_pictures * n_patches], of int8 */
};

/* Of a source, NULL where an index is made of a matrix alone. */
static const struct dino_embeddings *
source_of (const struct dino_index_plan *plan, size_t source)
{
  return plan->matrix != NULL ? NULL : plan->sources[source];
}

static const struct dino_matrix_file *
matrix_of (const struct dino_index_plan *plan, size_t source, struct dino_error *error)
{
  return plan->matrix != NULL ? plan->matrix : dino_index_source_matrix (plan->sources[source], plan->what, error);
}

/* How many; with a matrix alone, one. */
static size_t
n_matrices (const struct dino_index_plan *plan)
{
  return plan->matrix != NULL ? 1 : plan->n_sources;
}

static bool
check_sources (struct writer *self)
{
  const struct dino_index_plan *plan = self->plan;

  for (size_t i = 0; i < n_matrices (plan); i++)
    {
      const struct dino_matrix_file *matrix = matrix_of (plan, i, self->error), *first = i == 0 ? matrix : matrix_of (plan, 0, NULL);
      size_t                         n_patches;

      if (matrix == NULL)
        return false;
      n_patches = dino_matrix_file_n_tokens (matrix);
      if (i > 0 && !dino_embeddings_origin_equal (dino_embeddings_origin (plan->sources[0]), dino_embeddings_folder (plan->sources[0]), dino_embeddings_origin (plan->sources[i]),
                                                  dino_embeddings_folder (plan->sources[i]), self->error))
        return false;
      if (dino_matrix_file_n_channels (matrix) != dino_matrix_file_n_channels (first) || n_patches != dino_matrix_file_n_tokens (first) ||
          (plan->what == DINO_EMBEDDING_PATCHES && dino_index_source_grid_columns (source_of (plan, i), n_patches) != dino_index_source_grid_columns (source_of (plan, 0), n_patches)))
        return dino_error_set (self->error, DINO_CODE_ARGUMENT, _ ("“%s” and “%s” cannot go together: their rows are not of the same size."), dino_matrix_file_path (first),
                               dino_matrix_file_path (matrix));
      self->n_pictures += dino_matrix_file_n_rows (matrix);
    }
  self->n_patches = dino_matrix_file_n_tokens (matrix_of (plan, 0, NULL));
  self->width = dino_matrix_file_n_channels (matrix_of (plan, 0, NULL));
  return self->n_pictures > 0 || dino_error_set (self->error, DINO_CODE_ARGUMENT, _ ("There is no picture to make an index of."));
}

/* All files that an index may have, its description last; those of an output
 * that was not finished begin with a dot. */
static const char *const own_files[] = { DINO_INDEX_VECTORS, DINO_INDEX_NARROW, DINO_INDEX_SCALES, DINO_INDEX_TABLE, DINO_INDEX_PIXELS, DINO_INDEX_JSON, NULL };

static bool
is_own_file (const char *name)
{
  if (strncmp (name, ".dinoscope-", strlen (".dinoscope-")) == 0 || strcmp (name, ".") == 0 || strcmp (name, "..") == 0)
    return true;
  for (size_t i = 0; own_files[i] != NULL; i++)
    if (strcmp (name, own_files[i]) == 0)
      return true;
  return false;
}

/* Whether nothing is lost with what the folder has: it is not there, or has but
 * an index, or what is left of one. */
static bool
check_folder (const char *folder, struct dino_error *error)
{
  DIR                 *directory = opendir (folder);
  const struct dirent *entry;
  bool                 own = directory != NULL || errno == ENOENT;

  while (own && directory != NULL && (entry = readdir (directory)) != NULL)
    own = is_own_file (entry->d_name);
  if (directory != NULL)
    closedir (directory);
  return own || dino_error_set (error, DINO_CODE_WRITE, _ ("“%s” is there already and is not only an index; nothing was changed in it."), folder);
}

static bool
allocate (struct writer *self)
{
  struct dino_error *error = self->error;
  size_t             values, rows, n_scales;

  if (!dino_multiply (self->n_patches, self->width, &values) || !dino_multiply (self->n_pictures, self->n_patches, &rows) || !dino_multiply (rows, 2, &n_scales))
    return dino_error_set_memory (error, SIZE_MAX);
  self->picture = dino_alloc (values, sizeof *self->picture, error);
  self->halves = dino_alloc (self->width, sizeof *self->halves, error);
  self->bytes = dino_alloc (self->width, sizeof *self->bytes, error);
  self->scales = dino_alloc (self->plan->type == DINO_VECTOR_I8 ? n_scales : 0, sizeof *self->scales, error);
  self->files = json_object ();
  self->report->n_rows = rows;
  return self->picture != NULL && self->halves != NULL && self->bytes != NULL && self->scales != NULL && (self->files != NULL || dino_error_set_memory (error, 1));
}

/* A row of length 1 as the index keeps it. */
static bool
write_row (struct writer *self, const float *row, size_t index)
{
  if (self->plan->type == DINO_VECTOR_F16)
    {
      for (size_t i = 0; i < self->width; i++)
        self->halves[i] = dino_half_from_float (row[i]);
      return dino_index_sink_write (&self->vectors, self->halves, self->width * sizeof *self->halves, self->error);
    }
  if (!dino_index_sink_write (&self->vectors, row, self->width * sizeof *row, self->error))
    return false;
  if (self->plan->type != DINO_VECTOR_I8)
    return true;
  dino_row_narrow (row, self->bytes, self->width, &self->scales[index], &self->scales[self->report->n_rows + index]);
  return dino_index_sink_write (&self->narrow, self->bytes, self->width, self->error);
}

static bool
write_picture (struct writer *self, const struct dino_matrix_file *matrix, size_t picture, size_t index)
{
  if (!dino_index_source_read (matrix, picture, self->picture, &self->report->n_empty, self->error))
    return false;
  for (size_t i = 0; i < self->n_patches; i++)
    if (!write_row (self, self->picture + i * self->width, index * self->n_patches + i))
      return false;
  return true;
}

static bool
write_pictures (struct writer *self)
{
  size_t index = 0;

  for (size_t i = 0; i < n_matrices (self->plan); i++)
    {
      const struct dino_matrix_file *matrix = matrix_of (self->plan, i, NULL);

      for (size_t picture = 0; picture < dino_matrix_file_n_rows (matrix); picture++, index++)
        {
          if (!write_picture (self, matrix, picture, index))
            return false;
          if (index % 256 == 0 && !dino_progress_report (self->progress, (int) (index / 256), (int) (self->n_pictures / 256 + 1)))
            return dino_error_set (self->error, DINO_CODE_CANCELLED, _ ("Making the index was cancelled."));
        }
      if (!dino_matrix_file_check (matrix, self->error))
        return false;
    }
  return true;
}

static bool
write_vectors (struct writer *self)
{
  const bool   patches = self->plan->what == DINO_EMBEDDING_PATCHES, narrow = self->plan->type == DINO_VECTOR_I8;
  const size_t shape[] = { self->n_pictures, patches ? self->n_patches : self->width, self->width };
  bool         good = dino_index_sink_begin (&self->vectors, self->plan->folder, DINO_INDEX_VECTORS, self->error) &&
              (!narrow || dino_index_sink_begin (&self->narrow, self->plan->folder, DINO_INDEX_NARROW, self->error)) &&
              dino_index_sink_write_header (&self->vectors, shape, patches ? 3 : 2, self->plan->type == DINO_VECTOR_F16, self->error) && write_pictures (self);

  good = dino_index_sink_end (&self->vectors, good, self->files, self->error);
  return narrow ? dino_index_sink_end (&self->narrow, good, self->files, self->error) && good : good;
}

static bool
write_scales (struct writer *self)
{
  struct dino_index_sink sink;
  const size_t           shape[] = { 2, self->report->n_rows };
  bool                   good;

  if (self->plan->type != DINO_VECTOR_I8)
    return true;
  good = dino_index_sink_begin (&sink, self->plan->folder, DINO_INDEX_SCALES, self->error) && dino_index_sink_write_header (&sink, shape, 2, false, self->error) &&
         dino_index_sink_write (&sink, self->scales, 2 * self->report->n_rows * sizeof (float), self->error);
  return dino_index_sink_end (&sink, good, self->files, self->error);
}

static bool
write_hash (struct writer *self, struct dino_index_sink *sink, const char *hash)
{
  unsigned char bytes[DINO_INDEX_HASH_BYTES] = { 0 };

  for (size_t i = 0; i < sizeof bytes && hash[2 * i] != '\0' && hash[2 * i + 1] != '\0'; i++)
    bytes[i] = (unsigned char) strtoul ((char[]){ hash[2 * i], hash[2 * i + 1], '\0' }, NULL, 16);
  return dino_index_sink_write (sink, bytes, sizeof bytes, self->error);
}

static bool
write_pixels (struct writer *self)
{
  struct dino_index_sink sink;
  bool                   good;

  if (self->plan->n_sources == 0)
    return true;
  good = dino_index_sink_begin (&sink, self->plan->folder, DINO_INDEX_PIXELS, self->error);
  for (size_t i = 0; i < self->plan->n_sources; i++)
    for (size_t row = 0; good && row < dino_embeddings_n_rows (self->plan->sources[i]); row++)
      good = write_hash (self, &sink, dino_embeddings_pixels_sha256 (self->plan->sources[i], row));
  return dino_index_sink_end (&sink, good, self->files, self->error);
}

static json_t *
describe (struct writer *self)
{
  const struct dino_embeddings_origin  unknown = { "", "", "", "", "", "{}" };
  const size_t                         grid_columns = self->plan->what == DINO_EMBEDDING_PATCHES ? dino_index_source_grid_columns (source_of (self->plan, 0), self->n_patches) : 0;
  const struct dino_embeddings_origin *origin = self->plan->n_sources > 0 ? dino_embeddings_origin (self->plan->sources[0]) : &unknown;
  json_t                              *json = json_pack ("{s:s, s:i, s:s, s:s, s:I, s:I, s:I, s:{s:s, s:s}, s:s, s:s, s:s, s:o, s:s, s:O}",
                                                         "schema", DINO_INDEX_SCHEMA, "version", DINO_INDEX_VERSION,
                                                         "what", dino_index_whats[self->plan->what], "dtype", dino_index_types[self->plan->type],
                                                         "pictures", (json_int_t) self->n_pictures, "patches", (json_int_t) self->n_patches, "channels", (json_int_t) self->width,
                                                         "model", "name", origin->model_name, "sha256", origin->model_sha256,
                                                         "precision", origin->precision, "isa", origin->isa, "calibration", origin->calibration,
                                                         "preparation", dino_json_parse (self->plan->folder, origin->preparation, strlen (origin->preparation), MAX_WEIGHT, self->error),
                                                         "program", DINOSCOPE_VERSION, "files", self->files);

  if (json != NULL && grid_columns > 0)
    json_object_set_new (json, "grid_columns", json_integer ((json_int_t) grid_columns));
  return json;
}

/* The last file: without it the folder is no index. */
static bool
write_json (struct writer *self)
{
  char               *path = dino_path_join (self->plan->folder, DINO_INDEX_JSON, self->error);
  json_t             *json = path != NULL ? describe (self) : NULL;
  char               *text = path != NULL ? dino_json_dump (json, JSON_INDENT (2), self->error) : NULL;
  struct dino_output *output = NULL;
  bool                good = false;

  json_decref (json);
  if (text != NULL)
    output = dino_output_new (path, self->error);
  if (output != NULL)
    {
      good = dino_output_write (output, text, strlen (text), self->error) && dino_output_write (output, "\n", 1, self->error);
      if (good)
        good = dino_output_commit (output, self->error);
      else
        dino_output_abort (output);
    }
  free (text);
  dino_free (path);
  return good;
}

static bool
write_files (struct writer *self)
{
  return dino_index_table_write (self->plan, self->report, self->files, self->error) && write_vectors (self) && write_scales (self) && write_pixels (self) && write_json (self);
}

/* The index that was there stays until the new one is whole. */
static bool
write_folder (struct writer *self)
{
  struct dino_index_plan plan = *self->plan;
  struct writer          staged = *self;
  struct dino_staging   *staging = dino_staging_new (plan.folder, self->error);
  bool                   good = staging != NULL;

  if (good)
    {
      plan.folder = dino_staging_path (staging);
      staged.plan = &plan;
      good = write_files (&staged) && dino_staging_commit (staging, own_files, self->error);
    }
  dino_staging_free (staging);
  return good;
}

bool
dino_index_write (const struct dino_index_plan *plan, struct dino_index_report *report, const struct dino_progress *progress, struct dino_error *error)
{
  struct writer self = { .plan = plan, .report = report, .progress = progress, .error = error };
  bool          good;

  *report = (struct dino_index_report){ 0 };
  good = check_sources (&self) && allocate (&self) && check_folder (plan->folder, error) && write_folder (&self);
  dino_error_about (error, plan->folder);
  json_decref (self.files);
  dino_free (self.picture);
  dino_free (self.halves);
  dino_free (self.bytes);
  dino_free (self.scales);
  return good;
}
