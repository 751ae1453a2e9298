/* A .npy matrix mapped for reading, so that it may be larger than memory. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

struct dino_matrix_file;

/* Maps a .npy file of "<f4" or "<f2" in C order, shape [n, D] or [n, N, D]. n
 * may be 0, N and D are at least 1. The file's size is compared with its shape;
 * values begin at a multiple of 16 bytes, as the format demands. */
struct dino_matrix_file *dino_matrix_file_open (const char *path, struct dino_error *error);
void                     dino_matrix_file_free (struct dino_matrix_file *file);

const char *dino_matrix_file_path (const struct dino_matrix_file *file);
int         dino_matrix_file_rank (const struct dino_matrix_file *file);       /* 2 or 3 */
size_t      dino_matrix_file_n_rows (const struct dino_matrix_file *file);     /* n */
size_t      dino_matrix_file_n_tokens (const struct dino_matrix_file *file);   /* N; 1 of rank 2 */
size_t      dino_matrix_file_n_channels (const struct dino_matrix_file *file); /* D */
bool        dino_matrix_file_is_half (const struct dino_matrix_file *file);    /* "<f2" */

/* The values as the file has them, [n, N, D] in C order: float, or uint16_t
 * with the bits of float16 when half. Valid as long as file is. */
const void *dino_matrix_file_data (const struct dino_matrix_file *file);

/* Row row, all of its tokens: out is [N, D] in float32. */
void dino_matrix_file_row (const struct dino_matrix_file *file, size_t row, float *out);

/* One token of a row: out is [D]. */
void dino_matrix_file_token (const struct dino_matrix_file *file, size_t row, size_t token, float *out);

/* False with an error when somebody cut the file short since it was opened:
 * zeros were read instead of what it no longer has. To be asked once what was
 * computed is to be shown or written. */
bool dino_matrix_file_check (const struct dino_matrix_file *file, struct dino_error *error);
