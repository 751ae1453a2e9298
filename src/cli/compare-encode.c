#include <string.h>

#include "cli/compare.h"
#include "core/base/memory.h"
#include "core/base/text.h"

static CliExit
make_room (CliCompareSide *side, gsize n)
{
  struct dino_error error = { 0 };

  side->rows = g_new0 (float *, side->n_blocks);
  for (guint i = 0; i < side->n_blocks; i++)
    {
      side->rows[i] = dino_alloc (n, side->width * sizeof (float), &error);
      if (side->rows[i] == NULL)
        return cli_fail_about (&error, dinoscope_model_get_name (side->model), CLI_EXIT_INPUT);
    }
  return CLI_EXIT_DONE;
}

/* CLS, or the mean of the patches, of tokens [T, D]. */
static void
take_row (const CliCompare *self, const struct dino_features *features, const float *tokens, gsize width, float *out)
{
  const gsize first = dino_features_first_patch (features), n = dino_features_n_tokens (features);

  if (!self->mean)
    {
      memcpy (out, tokens, width * sizeof *out);
      return;
    }
  for (gsize c = 0; c < width; c++)
    {
      double sum = 0;

      for (gsize token = first; token < n; token++)
        sum += (double) tokens[token * width + c];
      out[c] = (float) (sum / (double) (n - first));
    }
}

static CliExit
take_rows (CliCompare *self, CliCompareSide *side, DinoscopeFeatures *wrapped)
{
  const struct dino_features *features = dinoscope_features_get_core (wrapped);
  struct dino_error           error = { 0 };
  float                      *tokens = dino_alloc (dino_features_n_tokens (features), side->width * sizeof *tokens, &error);

  for (guint i = 0; error.code == DINO_CODE_NONE && i < side->n_blocks; i++)
    if (dino_features_tokens (features, side->blocks[i], self->norm, tokens, &error))
      take_row (self, features, tokens, side->width, side->rows[i] + self->n * side->width);
  dino_free (tokens);
  return error.code == DINO_CODE_NONE ? CLI_EXIT_DONE : cli_fail_about (&error, dinoscope_model_get_name (side->model), CLI_EXIT_INPUT);
}

/* Sees a picture as one side does. */
static CliExit
encode_side (CliCompare *self, CliCompareSide *side, const char *path)
{
  const struct dino_preparation kept = self->session.preparation;
  CliExit                       code = CLI_EXIT_DONE;
  g_autoptr (DinoscopeStudy)    study = NULL;
  g_autoptr (DinoscopeFeatures) features = NULL;

  self->session.preparation = side->preparation;
  study = cli_session_open (&self->session, path, &code);
  self->session.preparation = kept;
  if (study != NULL)
    features = cli_session_encode_with (&self->session, study, side->model, DINO_KEEP_HIDDEN_STATES, &code);
  return features != NULL ? take_rows (self, side, features) : code;
}

CliExit
cli_compare_encode (CliCompare *self)
{
  const int n_sides = self->has_reference ? 2 : 1;
  CliExit   code = CLI_EXIT_DONE;

  for (int side = 0; code == CLI_EXIT_DONE && side < n_sides; side++)
    code = make_room (&self->sides[side], self->paths->len);
  for (guint i = 0; code == CLI_EXIT_DONE && i < self->paths->len; i++)
    {
      CliExit one = CLI_EXIT_DONE;

      for (int side = 0; one == CLI_EXIT_DONE && side < n_sides; side++)
        one = encode_side (self, &self->sides[side], self->paths->pdata[i]);
      if (one == CLI_EXIT_DONE)
        self->n++;
      else if (one == CLI_EXIT_INPUT)
        g_ptr_array_add (self->failed, self->paths->pdata[i]);
      else
        code = one;
    }
  if (code == CLI_EXIT_DONE && self->n < 3)
    {
      cli_error (_ ("Representations are compared over at least %u pictures, not %u."), 3u, (guint) self->n);
      return CLI_EXIT_INPUT;
    }
  return code;
}
