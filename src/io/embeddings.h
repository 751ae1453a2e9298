/* A folder of embeddings, as “dinoscope-cli embed” writes it: embed.json says
 * what was done, cls.npy, mean.npy and perhaps patches.npy and last4.npy are the numbers,
 * table.tsv names the pictures. docs/embeddings.md describes the files. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/base/sha256.h"
#include "io/matrix-file.h"
#include "io/table.h"

#define DINO_EMBEDDINGS_SCHEMA "dinoscope-embeddings"
#define DINO_EMBEDDINGS_VERSION 1

enum dino_embedding
{
  DINO_EMBEDDING_CLS,     /* cls.npy [n, D] */
  DINO_EMBEDDING_MEAN,    /* mean.npy [n, D], of the patch tokens */
  DINO_EMBEDDING_PATCHES, /* patches.npy [n, N, D] */
  DINO_EMBEDDING_LAST4,   /* last4.npy [n, 4 D], CLS of the last four blocks */
  DINO_N_EMBEDDINGS
};

/* "cls.npy", "mean.npy", "patches.npy", "last4.npy" */
const char *dino_embedding_file_name (enum dino_embedding embedding);

/* What the numbers were made with. Numbers of two folders may be compared when
 * all but name is the same. */
struct dino_embeddings_origin
{
  const char *model_name;
  const char *model_sha256;
  const char *precision;   /* "fp32", "bf16", "int8" */
  const char *isa;         /* "avx2", "avx512", … */
  const char *calibration; /* of int8; "" of others */
  const char *preparation; /* a JSON object in one line, keys sorted: "{"exif": "applied", "fit": "crop", …}" */
};

struct dino_embeddings;

/* Opens a folder and checks that its parts agree: the shapes with each other,
 * with the table's rows and with embed.json's counts. Hashes are not looked at,
 * since that means reading everything. patches.npy and last4.npy may be missing. */
struct dino_embeddings *dino_embeddings_open (const char *folder, struct dino_error *error);
void                    dino_embeddings_free (struct dino_embeddings *embeddings);

const char                          *dino_embeddings_folder (const struct dino_embeddings *embeddings);
const struct dino_embeddings_origin *dino_embeddings_origin (const struct dino_embeddings *embeddings);

size_t dino_embeddings_n_rows (const struct dino_embeddings *embeddings);     /* n: pictures with numbers */
size_t dino_embeddings_n_channels (const struct dino_embeddings *embeddings); /* D */

/* NULL when the folder has no such file. */
const struct dino_matrix_file *dino_embeddings_matrix (const struct dino_embeddings *embeddings, enum dino_embedding embedding);

/* Patches in a row of the grid that patches.npy has them in; 0 when that is not known. */
size_t dino_embeddings_grid_columns (const struct dino_embeddings *embeddings);

/* table.tsv, of which failed pictures are rows too. */
const struct dino_table *dino_embeddings_table (const struct dino_embeddings *embeddings);

/* Whether every folder's table has a column of that name. */
bool dino_embeddings_is_own_column (const char *name);

/* Compares table.tsv and the file of one kind with their hashes in embed.json.
 * Progress counts files. */
bool dino_embeddings_verify (const struct dino_embeddings *embeddings, enum dino_embedding embedding, const struct dino_progress *progress, struct dino_error *error);

/* What a column of the table says of a row of the matrices. */
size_t      dino_embeddings_table_row (const struct dino_embeddings *embeddings, size_t row);
const char *dino_embeddings_get (const struct dino_embeddings *embeddings, size_t row, int column);

/* Columns that every folder has; belonging to the folder. */
const char *dino_embeddings_name (const struct dino_embeddings *embeddings, size_t row);          /* relative to what was embedded */
const char *dino_embeddings_pixels_sha256 (const struct dino_embeddings *embeddings, size_t row); /* of the decoded pixels */
const char *dino_embeddings_view (const struct dino_embeddings *embeddings, size_t row);          /* "PA", "AP", …; "" when not known */

/* The row of a picture by the hash of its pixels, the first if there are
 * several; false when there is none. Looks at all rows. */
bool dino_embeddings_find (const struct dino_embeddings *embeddings, const char *pixels_sha256, size_t *row);

/* Whether numbers of both may be compared; false with an error that says what
 * differs. names stand for the two in that sentence. */
bool dino_embeddings_origin_equal (const struct dino_embeddings_origin *a, const char *a_name, const struct dino_embeddings_origin *b, const char *b_name, struct dino_error *error);
