/* What an index is made of; private to index*.c. */
#pragma once

#include "io/embeddings.h"

/* The matrix of one kind, NULL with an error where there is none. */
const struct dino_matrix_file *dino_index_source_matrix (const struct dino_embeddings *source, enum dino_embedding what, struct dino_error *error);

/* A picture's rows [n_tokens, n_channels] brought to length 1; *n_empty grows by
 * those that have none. False with an error for a value that is no number. */
bool dino_index_source_read (const struct dino_matrix_file *matrix, size_t picture, float *rows, size_t *n_empty, struct dino_error *error);

/* Patches in a row of the grid, as the source says it (NULL: it is not known)
 * or as a square has them; 0 when neither tells. */
size_t dino_index_source_grid_columns (const struct dino_embeddings *source, size_t n_patches);
