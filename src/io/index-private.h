/* What an index is, from files or in memory; private to index*.c. */
#pragma once

#include <jansson.h>

#include "io/index.h"
#include "io/mapping.h"

struct dino_index
{
  char                         *folder;
  json_t                       *json;
  char                         *json_path;
  char                         *preparation; /* by Jansson */
  struct dino_embeddings_origin origin;
  enum dino_embedding           what;
  size_t                        n_pictures, n_patches;
  int                           grid_columns; /* 0: not known */
  struct dino_matrix_file      *matrix, *scales;
  struct dino_mapping          *narrow, *pixels; /* NULL without */
  struct dino_vectors           vectors;
  const struct dino_table      *table;
  struct dino_table            *own_table; /* NULL where it is the embeddings' */
  int                           name_column;

  /* Instead of files of its own: what embed wrote, and its rows brought to length 1. */
  struct dino_embeddings *embeddings;
  float                  *memory; /* [n_pictures, n_patches, width] */
};
