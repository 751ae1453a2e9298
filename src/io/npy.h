/* NumPy's .npy format, version 1.0 (numpy.lib.format). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "io/output.h"

#define DINO_NPY_MAX_RANK 4

/* values in C order, written as "<f4", or "<f2" (rounded to nearest even) when half. */
bool dino_npy_write (struct dino_output *output, const float *values, const size_t *shape, int rank, bool half, struct dino_error *error);

/* The bytes before the values, for files that are written bit by bit; returns
 * their number, a multiple of 64. rank is at most DINO_NPY_MAX_RANK. */
#define DINO_NPY_HEADER_ROOM 522
size_t dino_npy_format_header (char header[DINO_NPY_HEADER_ROOM], const size_t *shape, int rank, bool half);

/* Reads "<f4" or "<f2" in C order, any rank up to DINO_NPY_MAX_RANK; *values
 * is float32, dino_free() it. */
bool dino_npy_read (const char *path, float **values, size_t shape[DINO_NPY_MAX_RANK], int *rank, struct dino_error *error);
