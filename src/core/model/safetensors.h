/* The safetensors container: header checks and reading.
 * Format: huggingface/safetensors, README "Format" and tensor.rs. Stricter
 * than the reference reader: duplicate names are refused, the header is at
 * most 8 MiB and names at most 65,536 tensors of at most 16 dimensions, and
 * no number in it exceeds 2^63 - 1. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

#define DINO_SAFETENSORS_MAX_HEADER ((size_t) 8 << 20)
#define DINO_SAFETENSORS_MAX_TENSORS 65536
#define DINO_SAFETENSORS_MAX_RANK 16

enum dino_dtype
{
  DINO_DTYPE_F32,
  DINO_DTYPE_F16,
  DINO_DTYPE_BF16,
  DINO_DTYPE_OTHER /* known to the format, not read as numbers here */
};

struct dino_tensor
{
  char           *name;
  enum dino_dtype dtype;
  char            dtype_name[12]; /* as in the file: "F32", "I64" */
  int             rank;
  uint64_t        shape[DINO_SAFETENSORS_MAX_RANK];
  uint64_t        n_elements;
  uint64_t        begin, end; /* byte range, relative to the data */
};

struct dino_safetensors;

/* Opens path, reads and checks the whole header: nothing of the data is read,
 * and memory stays in proportion to a header of the allowed size. The
 * descriptor stays open until dino_safetensors_free(). */
struct dino_safetensors *dino_safetensors_open (const char *path, struct dino_error *error);
void                     dino_safetensors_free (struct dino_safetensors *file);

const char               *dino_safetensors_path (const struct dino_safetensors *file);
size_t                    dino_safetensors_n_tensors (const struct dino_safetensors *file);
const struct dino_tensor *dino_safetensors_tensor (const struct dino_safetensors *file, size_t index);

/* NULL when there is none of that name. */
const struct dino_tensor *dino_safetensors_find (const struct dino_safetensors *file, const char *name);

/* A value of "__metadata__", or NULL. Owned by file. */
const char *dino_safetensors_metadata (const struct dino_safetensors *file, const char *key);

/* Reads count elements from element first on, F32, F16 or BF16, as float32
 * (exact conversions). Safe from several threads at once. */
bool dino_safetensors_read (const struct dino_safetensors *file,
                            const struct dino_tensor      *tensor,
                            uint64_t                       first,
                            size_t                         count,
                            float                         *values,
                            struct dino_error             *error);
