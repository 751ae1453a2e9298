/* config.json of a model. */
#include "core/model/config.h"
#include "fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char        *path = fuzz_file (data, size);
  struct dino_error  error = { 0 };
  struct dino_config config = { 0 };
  bool               taken = dino_config_read (path, &config, &error);

  fuzz_promise (taken == (error.code == DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (taken);
  if (!taken)
    return 0;
  fuzz_promise (dino_config_is_dinov2 (path), "a configuration is one of those supported");
  fuzz_promise (config.hidden_size > 0 && config.n_heads > 0 && config.patch_size > 0 && config.hidden_size % config.n_heads == 0 &&
                    dino_config_table_side (&config) > 0 && dino_config_head_size (&config) > 0 && config.n_blocks > 0 && config.mlp_size > 0,
                "dimensions are whole and positive");
  return 0;
}
