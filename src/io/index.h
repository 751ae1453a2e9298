/* A folder to search in, as “dinoscope-cli index” writes it: rows of length 1,
 * mapped, and a table of the pictures that they are of. docs/search-index.md
 * describes the files. What “dinoscope-cli embed” wrote can be searched as well,
 * with its rows in memory. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/base/sha256.h"
#include "core/vectors/points.h"
#include "core/vectors/search.h"
#include "io/embeddings.h"
#include "io/table.h"

#define DINO_INDEX_SCHEMA "dinoscope-index"
#define DINO_INDEX_VERSION 1

struct dino_index;

/* Opens a folder and checks its parts against index.json: sizes, shapes, and
 * the hashes of small files; of all files with verify, for which everything is
 * read (progress counts files). */
struct dino_index *dino_index_open (const char *folder, bool verify, const struct dino_progress *progress, struct dino_error *error);

/* The same; of a folder that has no index but embeddings, an index of what in
 * memory, whose rows are read, brought to length 1 and kept in float32.
 * Progress counts rows then. Of an index, what is as it was made. */
struct dino_index *dino_index_open_any (const char *folder, enum dino_embedding what, bool verify, const struct dino_progress *progress, struct dino_error *error);
void               dino_index_free (struct dino_index *index);

const char                          *dino_index_folder (const struct dino_index *index);
const struct dino_embeddings_origin *dino_index_origin (const struct dino_index *index); /* model_sha256 "" when not known */
enum dino_embedding                  dino_index_what (const struct dino_index *index);

/* What is searched: a row for each picture, or with patches n_patches rows for
 * each, in their order. Valid as long as index. */
const struct dino_vectors *dino_index_vectors (const struct dino_index *index);
struct dino_points         dino_index_points (const struct dino_index *index); /* the same, exact, for what looks at all rows */
size_t                     dino_index_n_pictures (const struct dino_index *index);
size_t                     dino_index_n_patches (const struct dino_index *index); /* of a picture; 1 without */

/* Patches in a row of the grid; false, and *columns as it was, when they are in
 * no grid that is known. */
bool dino_index_grid_columns (const struct dino_index *index, size_t *columns);

/* table.tsv, among whose columns are “name” and “view”; what it says of a
 * picture, since embeddings have rows of failed ones besides; and whether a
 * column is one that a person added. */
const struct dino_table *dino_index_table (const struct dino_index *index);
const char              *dino_index_get (const struct dino_index *index, size_t picture, int column);
bool                     dino_index_is_added (const struct dino_index *index, int column);
const char              *dino_index_name (const struct dino_index *index, size_t picture);

/* The first picture of these decoded pixels; false when there is none. */
bool dino_index_find (const struct dino_index *index, const char *pixels_sha256, size_t *picture);

/* The exact row in float32, [channels]. */
void dino_index_row (const struct dino_index *index, size_t row, float *out);

/* False with an error when a file was cut short since it was opened. */
bool dino_index_check (const struct dino_index *index, struct dino_error *error);
