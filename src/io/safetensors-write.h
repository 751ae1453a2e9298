/* Writing the safetensors container, byte for byte as the reference writer does. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "io/output.h"

struct dino_tensor_out
{
  const char  *name;
  const float *values; /* float32, C order; written as F32 */
  size_t       shape[4];
  int          rank;
};

struct dino_metadata_out
{
  const char *key, *value;
};

/* Tensors are written sorted by name, metadata sorted by key, header padded with spaces to 8 bytes. */
bool dino_safetensors_write (struct dino_output             *output,
                             const struct dino_tensor_out   *tensors,
                             size_t                          n_tensors,
                             const struct dino_metadata_out *metadata,
                             size_t                          n_metadata,
                             struct dino_error              *error);
