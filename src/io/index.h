/* A folder to search in, as “dinoscope-cli index” writes it: rows of length 1,
 * mapped, and a table of the pictures that they are of. docs/search-index.md
 * describes the files. */
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

/* table.tsv: a row for each picture, among the columns “name” and “view”. */
const struct dino_table *dino_index_table (const struct dino_index *index);
const char              *dino_index_name (const struct dino_index *index, size_t picture);

/* The first picture of these decoded pixels; false when there is none. */
bool dino_index_find (const struct dino_index *index, const char *pixels_sha256, size_t *picture);

/* The exact row in float32, [channels]. */
void dino_index_row (const struct dino_index *index, size_t row, float *out);

/* False with an error when a file was cut short since it was opened. */
bool dino_index_check (const struct dino_index *index, struct dino_error *error);
