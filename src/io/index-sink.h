/* A file of an index while it is written; private to index*.c. */
#pragma once

#include <jansson.h>

#include "core/base/sha256.h"
#include "io/output.h"

struct dino_index_sink
{
  const char         *name; /* in the folder */
  struct dino_output *output;
  struct dino_sha256 *sum;
  size_t              bytes;
};

/* dino_index_sink_end() follows, whatever the outcome. */
bool dino_index_sink_begin (struct dino_index_sink *sink, const char *folder, const char *name, struct dino_error *error);
bool dino_index_sink_write (struct dino_index_sink *sink, const void *data, size_t length, struct dino_error *error);

/* The header of a matrix of rank 2 or 3. */
bool dino_index_sink_write_header (struct dino_index_sink *sink, const size_t *shape, int rank, bool half, struct dino_error *error);

/* With good, puts the file in its place, and size and hash into files; else
 * takes away what there is. Returns whether the file is there. */
bool dino_index_sink_end (struct dino_index_sink *sink, bool good, json_t *files, struct dino_error *error);
