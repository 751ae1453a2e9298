/* Tensors of a reference case in tests/data/golden. */
#pragma once

#include "core/model/safetensors.h"
#include "support.h"

/* (transfer full); n_elements may be NULL. */
static inline float *
golden_tensor (const char *name, const char *tensor_name, size_t *n_elements)
{
  g_autofree char          *relative = g_build_filename ("golden", name, "expected.safetensors", NULL);
  g_autofree char          *path = test_data (relative);
  struct dino_error         error = { 0 };
  struct dino_safetensors  *file = dino_safetensors_open (path, &error);
  const struct dino_tensor *tensor;
  float                    *values;

  g_assert_cmpstr (error.message, ==, "");
  tensor = dino_safetensors_find (file, tensor_name);
  g_assert_nonnull (tensor);
  values = g_new (float, tensor->n_elements);
  g_assert_true (dino_safetensors_read (file, tensor, 0, tensor->n_elements, values, &error));
  if (n_elements != NULL)
    *n_elements = tensor->n_elements;
  dino_safetensors_free (file);
  return values;
}
