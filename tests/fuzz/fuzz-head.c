/* A classifier's head: one file, or weights with a config.json beside them. */
#include "core/heads/head.h"
#include "fuzz/fuzz.h"
#include "io/head-file.h"

static const char *const names[] = { "model.safetensors", "config.json" };

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct dino_error error = { 0 };
  struct dino_head *head = dino_head_read (fuzz_folder (names, 2, data, size), &error);

  fuzz_promise ((head == NULL) == (error.code != DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (head != NULL);
  if (head == NULL)
    return 0;
  fuzz_touch (head->weight, head->n_classes * head->n_features * sizeof *head->weight);
  fuzz_touch (head->bias, head->n_classes * sizeof *head->bias);
  for (size_t k = 0; k < head->n_classes; k++)
    fuzz_touch_text (head->classes[k]);
  fuzz_touch_text (head->preparation);
  dino_head_free (head);
  return 0;
}
