/* Names and keys of an index; private to index*.c. */
#pragma once

#include "core/vectors/row-kernels.h"

#define DINO_INDEX_JSON "index.json"
#define DINO_INDEX_VECTORS "vectors.npy" /* rows of length 1, float32 or float16 */
#define DINO_INDEX_NARROW "narrow.i8"    /* the same in 8 bits, [rows, channels] */
#define DINO_INDEX_SCALES "scales.npy"   /* [2, rows]: scales, errors (dino_row_narrow()) */
#define DINO_INDEX_TABLE "table.tsv"
#define DINO_INDEX_PIXELS "pixels.bin" /* [pictures, 32]: SHA-256 of the decoded pixels */

#define DINO_INDEX_HASH_BYTES ((size_t) 32)

/* "f32", "f16", "int8" */
static const char *const dino_index_types[DINO_N_VECTOR_TYPES] = { "f32", "f16", "int8" };

/* "cls", "mean", "patches" */
static const char *const dino_index_whats[] = { "cls", "mean", "patches" };
