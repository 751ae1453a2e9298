/* Making an index. */
#pragma once

#include "io/index.h"

struct dino_index_plan
{
  const char           *folder; /* is made; one that holds an index is replaced, any other that is there refused */
  enum dino_embedding   what;
  enum dino_vector_type type;

  /* Folders of embeddings, all made in the same way; or a matrix of which
   * nothing more is known. */
  struct dino_embeddings *const *sources;
  size_t                         n_sources;
  const struct dino_matrix_file *matrix;

  /* Columns to add, of pictures that are found by the column key as by
   * dino_table_match(); NULL without. Not with matrix. */
  const struct dino_table *table;
  const char              *key;
};

struct dino_index_report
{
  size_t n_pictures, n_rows;
  size_t n_empty;     /* rows without a length, which are near to nothing */
  size_t n_unmatched; /* pictures that the table does not have */
};

/* Writes row by row; progress counts pictures. */
bool dino_index_write (const struct dino_index_plan *plan, struct dino_index_report *report, const struct dino_progress *progress, struct dino_error *error);
