#include "engine/dinoscope-features-file.h"

#include "core/base/text.h"
#include "engine/dinoscope-error.h"
#include "io/npy.h"

#include "dinoscope-config.h"

void
dinoscope_features_list_outputs (DinoscopeFeatures *self, const float *pixel_values, int width, int height, struct dino_tensor_out tensors[DINOSCOPE_FEATURES_N_OUTPUTS])
{
  const struct dino_features *core;
  const float                *output;
  gsize                       n_tokens, channels;

  g_return_if_fail (dinoscope_features_has_contents (self));

  core = dinoscope_features_get_core (self);
  output = dino_features_last_hidden_state (core);
  n_tokens = dino_features_n_tokens (core);
  channels = dinoscope_model_get_n_channels (dinoscope_features_get_model (self));
  tensors[0] = (struct dino_tensor_out){ "pixel_values", pixel_values, { 3, (gsize) height, (gsize) width }, 3 };
  tensors[1] = (struct dino_tensor_out){ "last_hidden_state", output, { n_tokens, channels }, 2 };
  /* Row 0 is the CLS token after the final LayerNorm: the pooled output. */
  tensors[2] = (struct dino_tensor_out){ "pooler_output", output, { channels }, 1 };
}

gboolean
dinoscope_features_write_safetensors (DinoscopeFeatures *self, const struct dino_tensor_out *tensors, gsize n_tensors, struct dino_output *output, GError **error)
{
  DinoscopeModel   *model;
  const char       *calibration, *sha256;
  struct dino_error failure = { 0 };

  g_return_val_if_fail (dinoscope_features_has_contents (self), FALSE);

  model = dinoscope_features_get_model (self);
  calibration = dinoscope_model_get_calibration_sha256 (model);
  sha256 = dinoscope_model_get_sha256 (model, NULL, error);
  if (sha256 == NULL)
    return FALSE;
  {
    const struct dino_metadata_out metadata[] = {
      { "instruction_set", dinoscope_features_get_instruction_set (self) },
      { "model", dinoscope_model_get_name (model) },
      { "model_sha256", sha256 },
      { "precision", dinoscope_model_get_precision (model) },
      { "preparation", dinoscope_features_get_preparation (self) },
      { "version", DINOSCOPE_VERSION },
      { "calibration", calibration }, /* last: others have none */
    };

    if (dino_safetensors_write (output, tensors, n_tensors, metadata, G_N_ELEMENTS (metadata) - (calibration == NULL), &failure))
      return TRUE;
  }
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
  return FALSE;
}

gboolean
dinoscope_features_write_npy (DinoscopeFeatures *self, struct dino_output *output, GError **error)
{
  struct dino_tensor_out outputs[DINOSCOPE_FEATURES_N_OUTPUTS];
  struct dino_error      failure = { 0 };

  g_return_val_if_fail (dinoscope_features_has_contents (self), FALSE);

  dinoscope_features_list_outputs (self, NULL, 0, 0, outputs);
  if (dino_npy_write (output, outputs[1].values, outputs[1].shape, outputs[1].rank, false, &failure))
    return TRUE;
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
  return FALSE;
}

/* FALSE and error when input is not what these features were made of. */
static gboolean
check_input (DinoscopeFeatures *self, DinoscopeModelInput *input, GError **error)
{
  const struct dino_geometry *geometry = dinoscope_features_get_geometry (self);

  if (input != NULL && dinoscope_model_input_get_width (input) == geometry->input_width && dinoscope_model_input_get_height (input) == geometry->input_height)
    return TRUE;
  g_set_error_literal (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("A safetensors file needs the tensor that the features were made of."));
  return FALSE;
}

static gboolean
write_all (DinoscopeFeatures *self, DinoscopeModelInput *input, struct dino_output *output, GError **error)
{
  struct dino_tensor_out tensors[DINOSCOPE_FEATURES_N_OUTPUTS];

  if (input == NULL)
    return dinoscope_features_write_npy (self, output, error);
  dinoscope_features_list_outputs (self, g_bytes_get_data (dinoscope_model_input_get_values (input), NULL),
                                   dinoscope_model_input_get_width (input), dinoscope_model_input_get_height (input), tensors);
  return dinoscope_features_write_safetensors (self, tensors, DINOSCOPE_FEATURES_N_OUTPUTS, output, error);
}

gboolean
dinoscope_features_save (DinoscopeFeatures *self, const char *path, DinoscopeModelInput *input, GError **error)
{
  struct dino_error   failure = { 0 };
  struct dino_output *output;
  gboolean            safetensors;

  g_return_val_if_fail (dinoscope_features_has_contents (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (input == NULL || DINOSCOPE_IS_MODEL_INPUT (input), FALSE);

  safetensors = g_str_has_suffix (path, ".safetensors");
  if (!safetensors && !g_str_has_suffix (path, ".npy"))
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("“%s”: the name must end in .npy or .safetensors, which is the format."), path);
      return FALSE;
    }
  if (!dinoscope_features_is_complete (self))
    {
      g_set_error_literal (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("The features are not complete."));
      return FALSE;
    }
  if (safetensors && !check_input (self, input, error))
    return FALSE;
  output = dino_output_new (path, &failure);
  if (output != NULL && !write_all (self, safetensors ? input : NULL, output, error))
    {
      dino_output_abort (output);
      return FALSE;
    }
  if (output != NULL && dino_output_commit (output, &failure))
    return TRUE;
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
  return FALSE;
}
