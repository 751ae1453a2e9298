#include <string.h>

#include "cli/features.h"
#include "cli/output.h"
#include "core/base/memory.h"

/* Tokens [T, D] of the block and facet asked for. They are the features' own,
 * or computed into *owned, which the caller frees. */
static const float *
find_tokens (CliFeatures *self, float **owned, struct dino_error *error)
{
  const struct dino_features *features = dinoscope_features_get_core (self->features);
  int                         last = (int) dinoscope_model_get_n_blocks (self->session.model) - 1;
  int                         block = self->block < 0 ? last : self->block;
  size_t                      channels = dinoscope_model_get_n_channels (self->session.model);
  struct dino_team           *team = dinoscope_engine_get_team (self->session.engine);
  gboolean                    good;

  if (strcmp (self->facet, "token") == 0 && block == last && self->norm)
    return dino_features_last_hidden_state (features);
  *owned = dino_alloc (dino_features_n_tokens (features), channels * sizeof **owned, error);
  if (*owned == NULL)
    return NULL;
  switch (self->facet[0])
    {
    case 'q':
      good = dino_features_facet (features, block, DINO_FACET_QUERY, team, *owned, error);
      break;
    case 'k':
      good = dino_features_facet (features, block, DINO_FACET_KEY, team, *owned, error);
      break;
    case 'v':
      good = dino_features_facet (features, block, DINO_FACET_VALUE, team, *owned, error);
      break;
    default:
      good = dino_features_tokens (features, block, self->norm, *owned, error);
      break;
    }
  return good ? *owned : NULL;
}

/* [D, n] from [n, D]. */
static void
transpose (const float *patches, size_t n, size_t channels, float *out)
{
  for (size_t c = 0; c < channels; c++)
    for (size_t i = 0; i < n; i++)
      out[c * n + i] = patches[i * channels + c];
}

static CliExit
write_part (CliFeatures *self, const float *tokens, struct dino_error *error)
{
  const struct dino_features *features = dinoscope_features_get_core (self->features);
  size_t                      n_tokens = dino_features_n_tokens (features);
  size_t                      first = dino_features_first_patch (features);
  size_t                      n = n_tokens - first;
  size_t                      channels = dinoscope_model_get_n_channels (self->session.model);
  const float                *patches = tokens + first * channels;
  float                      *copy;
  CliExit                     code;

  if (strcmp (self->what, "tokens") == 0)
    return cli_output_write_npy (self->output, tokens, (size_t[]){ n_tokens, channels }, 2, self->half);
  if (strcmp (self->what, "cls") == 0)
    return cli_output_write_npy (self->output, tokens, (size_t[]){ channels }, 1, self->half);
  if (strcmp (self->what, "patches") == 0)
    return cli_output_write_npy (self->output, patches, (size_t[]){ n, channels }, 2, self->half);

  copy = dino_alloc (n + 1, channels * sizeof *copy, error);
  if (copy == NULL)
    return CLI_EXIT_INPUT;
  if (strcmp (self->what, "grid") == 0)
    {
      transpose (patches, n, channels, copy);
      code = cli_output_write_npy (self->output, copy,
                                   (size_t[]){ channels, (size_t) dino_features_rows (features), (size_t) dino_features_columns (features) },
                                   3, self->half);
    }
  else
    {
      memcpy (copy, tokens, channels * sizeof *copy);
      memcpy (copy + channels, patches, n * channels * sizeof *copy);
      code = cli_output_write_npy (self->output, copy, (size_t[]){ n + 1, channels }, 2, self->half);
    }
  dino_free (copy);
  return code;
}

CliExit
cli_features_write_npy (CliFeatures *self)
{
  struct dino_error error = { 0 };
  float            *owned = NULL;
  const float      *tokens = find_tokens (self, &owned, &error);
  CliExit           code = CLI_EXIT_INPUT;

  if (tokens != NULL)
    code = write_part (self, tokens, &error);
  if (error.code != DINO_CODE_NONE)
    code = cli_fail_about (&error, self->output, CLI_EXIT_INPUT);
  dino_free (owned);
  return code;
}
