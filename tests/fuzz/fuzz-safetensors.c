/* A whole safetensors file: header, and all that is read by it. */
#include "core/base/memory.h"
#include "core/model/safetensors.h"
#include "fuzz/fuzz.h"

/* Numbers of a tensor that are read. */
#define MOST ((uint64_t) 1 << 16)

static void
read_tensor (const struct dino_safetensors *file, const struct dino_tensor *tensor)
{
  const size_t n = (size_t) (tensor->n_elements < MOST ? tensor->n_elements : MOST);
  float       *values = dino_alloc (n, sizeof *values, NULL);

  fuzz_promise (dino_safetensors_find (file, tensor->name) == tensor, "a tensor is found by its name");
  if (values != NULL && dino_safetensors_read (file, tensor, 0, n, values, NULL))
    fuzz_touch (values, n * sizeof *values);
  if (n > 1)
    dino_safetensors_read (file, tensor, tensor->n_elements - 1, 1, values, NULL);
  dino_free (values);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct dino_error        error = { 0 };
  struct dino_safetensors *file = dino_safetensors_open (fuzz_file (data, size), &error);

  fuzz_promise ((file == NULL) == (error.code != DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (file != NULL);
  if (file == NULL)
    return 0;
  for (size_t i = 0; i < dino_safetensors_n_tensors (file); i++)
    read_tensor (file, dino_safetensors_tensor (file, i));
  fuzz_touch_text (dino_safetensors_metadata (file, "format"));
  dino_safetensors_free (file);
  return 0;
}
