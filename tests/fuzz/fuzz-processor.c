/* preprocessor_config.json of a model, and what would be made of a picture. */
#include <math.h>

#include "core/model/config.h"
#include "fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct dino_error     error = { 0 };
  struct dino_processor processor = { 0 };
  bool                  taken = dino_processor_read (fuzz_file (data, size), &processor, &error);

  fuzz_promise (taken == (error.code == DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (taken);
  if (!taken)
    return 0;
  for (int c = 0; c < 3; c++)
    fuzz_promise (isfinite (processor.mean[c]) && isfinite (processor.std[c]) && processor.std[c] != 0, "pixels can be divided");
  fuzz_promise (isfinite (processor.rescale_factor), "pixels can be multiplied");
  return 0;
}
