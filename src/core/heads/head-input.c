#include "core/heads/head-input.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

#define LAST_BLOCKS 4

/* Channels that are summed at a time: their sums stay near. */
#define CHANNELS 256

void
dino_mean_patch (const float *tokens, size_t n_tokens, size_t first_patch, size_t channels, float *mean)
{
  for (size_t from = 0; from < channels; from += CHANNELS)
    {
      const size_t width = channels - from < CHANNELS ? channels - from : CHANNELS;
      double       sums[CHANNELS] = { 0 };

      for (size_t t = first_patch; t < n_tokens; t++)
        for (size_t c = 0; c < width; c++)
          sums[c] += (double) tokens[t * channels + from + c];
      for (size_t c = 0; c < width; c++)
        mean[from + c] = (float) (sums[c] / (double) (n_tokens - first_patch));
    }
}

bool
dino_head_needs_hidden_states (enum dino_head_features kind, int block, int n_blocks)
{
  return kind == DINO_HEAD_LAST4_CLS || (block >= 0 && block < n_blocks - 1);
}

/* Tokens of a block, CLS or all that is wanted of them into input. */
static bool
take (const struct dino_features *features, enum dino_head_features kind, int block, float *tokens, float *input, struct dino_error *error)
{
  const size_t n_tokens = dino_features_n_tokens (features), first = dino_features_first_patch (features);
  const size_t channels = (size_t) dino_model_config (dino_features_model (features))->hidden_size;

  if (!dino_features_tokens (features, block, true, tokens, error))
    return false;
  if (kind != DINO_HEAD_MEAN)
    memcpy (input, tokens, channels * sizeof *input);
  if (kind == DINO_HEAD_MEAN)
    dino_mean_patch (tokens, n_tokens, first, channels, input);
  else if (kind == DINO_HEAD_CLS_MEAN)
    dino_mean_patch (tokens, n_tokens, first, channels, input + channels);
  return true;
}

bool
dino_head_input (const struct dino_features *features, enum dino_head_features kind, int block, float *input, struct dino_error *error)
{
  const struct dino_config *config = dino_model_config (dino_features_model (features));
  const size_t              channels = (size_t) config->hidden_size;
  const int                 last = block >= 0 ? block : config->n_blocks - 1;
  float                    *tokens;
  bool                      done = true;

  if (kind == DINO_HEAD_PATCHES || kind == DINO_HEAD_UNKNOWN || (kind == DINO_HEAD_LAST4_CLS && last < LAST_BLOCKS - 1))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A picture has no single row of the features “%s”."), dino_head_features_name (kind));
  tokens = dino_alloc (dino_features_n_tokens (features), channels * sizeof *tokens, error);
  if (tokens == NULL)
    return false;
  if (kind == DINO_HEAD_LAST4_CLS)
    for (int i = 0; done && i < LAST_BLOCKS; i++)
      done = take (features, DINO_HEAD_CLS, last - LAST_BLOCKS + 1 + i, tokens, input + (size_t) i * channels, error);
  else
    done = take (features, kind, last, tokens, input, error);
  dino_free (tokens);
  return done;
}
