#include "cli/map.h"
#include "cli/output.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/maps/pca.h"
#include "dinoscope-config.h"
#include "io/safetensors-write.h"

/* As many components as the overlay can show. */
#define N_COMPONENTS 10

/* Features kept for drawing after the fit; further pictures are encoded again. */
#define KEPT_BYTES ((gsize) 1 << 30)

typedef struct
{
  struct dino_pca_fit *core;
  size_t               n_samples;
  gsize                kept; /* bytes of features */
} Fit;

static gboolean
add_tokens (CliMap *self, DinoscopeFeatures *features, Fit *fit, struct dino_error *error)
{
  const struct dino_features *core = dinoscope_features_get_core (features);
  size_t                      n_tokens = dino_features_n_tokens (core);
  size_t                      first = dino_features_first_patch (core);
  size_t                      channels = dinoscope_model_get_n_channels (self->session.model);
  size_t                      n = n_tokens - first;
  float                      *tokens = dino_alloc (n_tokens, channels * sizeof *tokens, error);
  int                         block = 0;
  gboolean                    norm = TRUE;
  gboolean                    done;

  g_variant_lookup (self->parameters, "block", "i", &block);
  g_variant_lookup (self->parameters, "norm", "b", &norm);
  done = tokens != NULL && dino_features_tokens (core, block, norm, tokens, error) &&
         dino_pca_fit_add (fit->core, tokens + first * channels, n, NULL, error);
  if (done)
    fit->n_samples += n;
  dino_free (tokens);
  return done;
}

/* A picture that fails is left out of the basis, and of the maps. */
static CliExit
add_picture (CliMap *self, const char *path, Fit *fit)
{
  CliExit                       code = CLI_EXIT_DONE;
  g_autoptr (DinoscopeStudy)    study = cli_session_open (&self->session, path, &code);
  g_autoptr (DinoscopeFeatures) features = NULL;
  struct dino_error             error = { 0 };

  if (study != NULL)
    features = cli_map_encode (self, path, study, &code);
  if (features == NULL)
    return code;
  if (!add_tokens (self, features, fit, &error))
    return cli_fail_about (&error, path, CLI_EXIT_INPUT);
  fit->kept += dinoscope_features_get_memory (features);
  if (fit->kept <= KEPT_BYTES)
    g_hash_table_insert (self->features, g_strdup (path), g_steal_pointer (&features));
  return CLI_EXIT_DONE;
}

static gboolean
to_floats (const double *values, size_t n, float **floats, struct dino_error *error)
{
  *floats = dino_alloc (n, sizeof **floats, error);
  for (size_t i = 0; *floats != NULL && i < n; i++)
    (*floats)[i] = (float) values[i];
  return *floats != NULL;
}

static gboolean
write_tensors (CliMap *self, const struct dino_pca *pca, float *const parts[4], const char *sha256, struct dino_error *error)
{
  size_t                       k = (size_t) pca->n_components;
  size_t                       channels = (size_t) pca->n_channels;
  const struct dino_tensor_out tensors[] = {
    { .name = "mean", .values = parts[0], .shape = { channels }, .rank = 1 },
    { .name = "components", .values = parts[1], .shape = { k, channels }, .rank = 2 },
    { .name = "variance", .values = parts[2], .shape = { k }, .rank = 1 },
    { .name = "variance_ratio", .values = parts[3], .shape = { k }, .rank = 1 },
  };
  const char                    *calibration = dinoscope_model_get_calibration_sha256 (self->session.model);
  const struct dino_metadata_out metadata[] = {
    { "instruction_set", dinoscope_model_get_instruction_set (self->session.model) },
    { "model", dinoscope_model_get_name (self->session.model) },
    { "model_sha256", sha256 },
    { "precision", dinoscope_model_get_precision (self->session.model) },
    { "version", DINOSCOPE_VERSION },
    { "calibration", calibration }, /* last: others have none */
  };
  struct dino_output *output = dino_output_new (self->save_basis, error);

  if (output == NULL)
    return FALSE;
  if (!dino_safetensors_write (output, tensors, G_N_ELEMENTS (tensors), metadata, G_N_ELEMENTS (metadata) - (calibration == NULL), error))
    {
      dino_output_abort (output);
      return FALSE;
    }
  return dino_output_commit (output, error);
}

static CliExit
write_basis (CliMap *self, const struct dino_pca *pca)
{
  struct dino_error error = { 0 };
  CliExit           code = CLI_EXIT_DONE;
  size_t            k = (size_t) pca->n_components;
  float            *parts[4] = { NULL, NULL, NULL, NULL };
  const char       *sha256 = cli_session_await_sha256 (&self->session, &code);

  if (sha256 == NULL)
    return code;
  if (to_floats (pca->mean, (size_t) pca->n_channels, &parts[0], &error) &&
      to_floats (pca->components, k * (size_t) pca->n_channels, &parts[1], &error) &&
      to_floats (pca->variance, k, &parts[2], &error) && to_floats (pca->variance_ratio, k, &parts[3], &error))
    write_tensors (self, pca, parts, sha256, &error);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    dino_free (parts[i]);
  return error.code == DINO_CODE_NONE ? CLI_EXIT_DONE : cli_fail_about (&error, self->save_basis, CLI_EXIT_OUTPUT);
}

static CliExit
fit_all (CliMap *self, Fit *fit)
{
  const GPtrArray *inputs = self->session.arguments->operands;

  for (guint i = 0; i < inputs->len; i++)
    {
      CliExit code = add_picture (self, inputs->pdata[i], fit);

      if (code == CLI_EXIT_INPUT)
        g_ptr_array_add (self->failed, inputs->pdata[i]);
      else if (code != CLI_EXIT_DONE)
        return code;
    }
  return self->failed->len < inputs->len ? CLI_EXIT_DONE : CLI_EXIT_INPUT;
}

/* n samples differ in n - 1 directions at most. */
static int
count_components (const Fit *fit, int channels)
{
  size_t directions = fit->n_samples > 1 ? fit->n_samples - 1 : 1;

  return (int) MIN (MIN ((size_t) N_COMPONENTS, directions), (size_t) channels);
}

CliExit
cli_map_save_basis (CliMap *self)
{
  struct dino_error error = { 0 };
  int               channels = (int) dinoscope_model_get_n_channels (self->session.model);
  Fit               fit = { .core = dino_pca_fit_new (channels, dinoscope_engine_get_team (self->session.engine), &error) };
  struct dino_pca  *pca = NULL;
  CliExit           code = CLI_EXIT_INPUT;

  if (fit.core != NULL)
    {
      code = fit_all (self, &fit);
      if (code == CLI_EXIT_DONE)
        pca = dino_pca_fit_finish (fit.core, count_components (&fit, channels), &error);
    }
  if (error.code != DINO_CODE_NONE)
    code = cli_fail_about (&error, self->save_basis, CLI_EXIT_INPUT);
  else if (pca != NULL)
    code = write_basis (self, pca);
  if (code == CLI_EXIT_DONE)
    cli_map_set_parameter (self, "basis", g_variant_new_string (self->save_basis));
  dino_pca_free (pca);
  dino_pca_fit_free (fit.core);
  return code;
}
