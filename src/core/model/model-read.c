#include "core/model/model-read.h"

#include <stdatomic.h>
#include <string.h>

#include "core/base/text.h"

/* Rows of a matrix that a thread takes at once: whole panels, each line of
 * memory written by one thread only. */
#define STRIP_ROWS ((size_t) 64)

/* Of a vector. */
#define PIECE ((size_t) 1 << 20)

size_t
dino_reader_strip (const struct dino_config *config)
{
  struct dino_field_size size;
  size_t                 longest = 1;

  for (size_t i = 0; i < dino_n_fields; i++)
    if (dino_fields[i].role != DINO_ROLE_VECTOR && dino_field_in_memory (&dino_fields[i], config) &&
        dino_field_size (&dino_fields[i], config, &size) && size.n_inputs > longest)
      longest = size.n_inputs;
  return STRIP_ROWS * longest;
}

bool
dino_reader_vector (const struct dino_reader *reader, const struct dino_source *source, struct dino_error *error)
{
  const size_t n = (size_t) source->tensor->n_elements;
  float       *field = dino_layout_vector (reader->layout, source->field, source->block, reader->memory);
  float       *values = field + source->skip + (size_t) source->part * n;

  memset (field, 0, source->skip * sizeof *field);
  for (size_t first = 0; first < n; first += PIECE)
    {
      const size_t count = n - first < PIECE ? n - first : PIECE;

      if (!dino_progress_report (reader->progress, reader->done, reader->total))
        return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
      if (!dino_safetensors_read (source->file, source->tensor, first, count, values + first, error))
        return false;
    }
  return true;
}

struct matrix_loop
{
  const struct dino_reader *reader;
  const struct dino_source *source;
  struct dino_matrix       *matrix;
  const float              *stretch;
  size_t                    rows; /* of the tensor */
  struct dino_error        *error;
  atomic_bool               failed;
};

static void
matrix_item (void *data, size_t item, int thread)
{
  struct matrix_loop       *loop = data;
  const struct dino_source *source = loop->source;
  const size_t              n_inputs = loop->matrix->n_inputs;
  const size_t              first = item * STRIP_ROWS, rows = loop->rows - first < STRIP_ROWS ? loop->rows - first : STRIP_ROWS;
  float                    *strip = loop->reader->strips + (size_t) thread * loop->reader->strip;
  struct dino_error         failure = { 0 };

  if (atomic_load (&loop->failed))
    return;
  if (dino_safetensors_read (source->file, source->tensor, first * n_inputs, rows * n_inputs, strip, &failure))
    dino_matrix_pack (loop->matrix, (size_t) source->part * loop->rows + first, rows, strip, loop->stretch);
  else if (!atomic_exchange (&loop->failed, true) && loop->error != NULL)
    *loop->error = failure;
}

bool
dino_reader_matrix (const struct dino_reader *reader, const struct dino_source *source, struct dino_matrix *matrix, const float *stretch, struct dino_error *error)
{
  struct matrix_loop loop = {
    .reader = reader,
    .source = source,
    .matrix = matrix,
    .stretch = stretch,
    .rows = (size_t) source->tensor->n_elements / matrix->n_inputs,
    .error = error,
  };
  const size_t n_items = (loop.rows + STRIP_ROWS - 1) / STRIP_ROWS;

  if (!dino_team_run (reader->team, n_items, matrix_item, &loop, reader->progress, reader->done, reader->total))
    return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
  return !atomic_load (&loop.failed);
}
