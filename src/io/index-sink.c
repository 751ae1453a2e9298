#include "io/index-sink.h"

#include "core/base/memory.h"
#include "core/base/path.h"
#include "io/npy.h"

bool
dino_index_sink_begin (struct dino_index_sink *sink, const char *folder, const char *name, struct dino_error *error)
{
  char *path = dino_path_join (folder, name, error);

  *sink = (struct dino_index_sink){ .name = name };
  if (path != NULL)
    sink->output = dino_output_new (path, error);
  if (sink->output != NULL)
    sink->sum = dino_sha256_new (error);
  dino_free (path);
  return sink->sum != NULL;
}

bool
dino_index_sink_write (struct dino_index_sink *sink, const void *data, size_t length, struct dino_error *error)
{
  dino_sha256_update (sink->sum, data, length);
  sink->bytes += length;
  return dino_output_write (sink->output, data, length, error);
}

bool
dino_index_sink_write_header (struct dino_index_sink *sink, const size_t *shape, int rank, bool half, struct dino_error *error)
{
  char         header[DINO_NPY_HEADER_ROOM];
  const size_t length = dino_npy_format_header (header, shape, rank, half);

  return dino_index_sink_write (sink, header, length, error);
}

bool
dino_index_sink_end (struct dino_index_sink *sink, bool good, json_t *files, struct dino_error *error)
{
  char hash[DINO_SHA256_LENGTH];

  dino_sha256_finish (sink->sum, hash);
  if (!good || hash[0] == '\0')
    {
      dino_output_abort (sink->output);
      return false;
    }
  return dino_output_commit (sink->output, error) &&
         (json_object_set_new (files, sink->name, json_pack ("{s:I, s:s}", "bytes", (json_int_t) sink->bytes, "sha256", hash)) == 0 ||
          dino_error_set_memory (error, sink->bytes));
}
