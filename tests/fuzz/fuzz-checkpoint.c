/* A folder with a model: config.json, preprocessor_config.json, and weights as
 * one file, or as an index of two. Everything but the weights is read. */
#include "core/model/model.h"
#include "core/model/model-open.h"
#include "fuzz/fuzz.h"

static const char *const names[] = {
  "config.json", "preprocessor_config.json", "model.safetensors", "model.safetensors.index.json", "a.safetensors", "b.safetensors"
};

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char             *folder = fuzz_folder (names, sizeof names / sizeof *names, data, size);
  struct dino_error       error = { 0 };
  struct dino_model_facts facts = { 0 };
  struct dino_model_parts parts = { 0 };
  bool                    taken = dino_model_inspect (folder, NULL, &facts, &error);

  fuzz_promise (taken == (error.code == DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (taken);
  if (dino_model_open (&parts, folder, NULL, NULL))
    {
      fuzz_promise (taken, "what is opened can be inspected");
      fuzz_touch (parts.sources, parts.n_sources * sizeof *parts.sources);
    }
  dino_model_parts_clear (&parts);
  return 0;
}
