#include "core/model/config.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/config-check.h"
#include "core/model/json.h"

#define MAX_FILE ((size_t) 1 << 20)
#define MAX_WEIGHT ((size_t) 1 << 16)

/* Far beyond the largest published model (1536 channels, 40 blocks, 24 heads,
 * 37 x 37 patches), and small enough that no product of two overflows an int. */
#define MAX_HIDDEN 16384
#define MAX_BLOCKS 256
#define MAX_HEADS 512
#define MAX_PATCH 256
#define MAX_IMAGE 16384
#define MAX_TABLE_SIDE 1024
#define MAX_MLP 262144
#define MAX_REGISTERS 1024

static bool
read_model_type (const json_t *root, const char *path, struct dino_config *config, struct dino_error *error)
{
  const char *type = NULL;

  if (!dino_json_get_string (root, path, "model_type", &type, error))
    return false;
  if (type == NULL)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” cannot be used: it lacks “model_type”."), path);
  if (strcmp (type, "dinov2") != 0 && strcmp (type, "dinov2_with_registers") != 0)
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” describes a model of type “%.64s”; only “dinov2” and “dinov2_with_registers” are supported."), path, type);
  snprintf (config->model_type, sizeof config->model_type, "%s", type);
  return true;
}

/* A DINOv2 configuration may ask for what this encoder does not do. */
static bool
refuse_variants (const json_t *root, const char *path, const struct dino_config *config, struct dino_error *error)
{
  const char *activation = "gelu";

  if (!dino_json_get_string (root, path, "hidden_act", &activation, error))
    return false;
  /* SwiGLU has an activation of its own and ignores this one. */
  if (!config->swiglu && strcmp (activation, "gelu") != 0 && strcmp (activation, "gelu_python") != 0)
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” asks for the activation “%.64s”; only the exact “gelu” is supported."), path, activation);
  return true;
}

static bool
read_mlp_size (const json_t *root, const char *path, struct dino_config *config, struct dino_error *error)
{
  double ratio = 4;
  int    size;

  if (!dino_json_get_double (root, path, "mlp_ratio", 0.001, 1024, &ratio, error))
    return false;
  size = (int) (config->hidden_size * ratio);
  /* The rounding is transformers': two thirds, up to a multiple of 8. */
  config->mlp_size = config->swiglu ? (size * 2 / 3 + 7) / 8 * 8 : size;
  return true;
}

static bool
read_dimensions (const json_t *root, const char *path, struct dino_config *config, struct dino_error *error)
{
  double eps = 1e-6;

  if (!dino_json_get_int (root, path, "hidden_size", 1, MAX_HIDDEN, &config->hidden_size, error) ||
      !dino_json_get_int (root, path, "num_hidden_layers", 1, MAX_BLOCKS, &config->n_blocks, error) ||
      !dino_json_get_int (root, path, "num_attention_heads", 1, MAX_HEADS, &config->n_heads, error) ||
      !dino_json_get_int (root, path, "patch_size", 1, MAX_PATCH, &config->patch_size, error) ||
      !dino_json_get_int (root, path, "image_size", 1, MAX_IMAGE, &config->image_size, error) ||
      !dino_json_get_int (root, path, "num_channels", 3, 3, &config->n_channels, error) ||
      !dino_json_get_bool (root, path, "use_swiglu_ffn", &config->swiglu, error) ||
      !dino_json_get_bool (root, path, "qkv_bias", &config->qkv_bias, error) ||
      !dino_json_get_double (root, path, "layer_norm_eps", 1e-30, 1, &eps, error) ||
      !read_mlp_size (root, path, config, error))
    return false;
  config->layer_norm_eps = (float) eps;
  return !config->antialias_position || dino_json_get_int (root, path, "num_register_tokens", 0, MAX_REGISTERS, &config->n_registers, error);
}

bool
dino_config_check (const struct dino_config *config, const char *path, struct dino_error *error)
{
  if (config->hidden_size < 1 || config->hidden_size > MAX_HIDDEN || config->n_blocks < 1 || config->n_blocks > MAX_BLOCKS ||
      config->n_heads < 1 || config->n_heads > MAX_HEADS || config->patch_size < 1 || config->patch_size > MAX_PATCH ||
      config->image_size < 1 || config->image_size > MAX_IMAGE || config->n_registers < 0 || config->n_registers > MAX_REGISTERS)
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” cannot be used: a dimension of the model is beyond what is supported."), path);
  if (config->hidden_size % config->n_heads != 0)
    return dino_error_set (error, DINO_CODE_MODEL, _ ("“%s” cannot be used: %d channels cannot be divided among %d heads."),
                           path, config->hidden_size, config->n_heads);
  if (config->mlp_size < 1 || config->mlp_size > MAX_MLP)
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” cannot be used: its MLP has a width of %d; values from %d to %d are allowed."),
                           path, config->mlp_size, 1, MAX_MLP);
  if (dino_config_table_side (config) < 1 || dino_config_table_side (config) > MAX_TABLE_SIDE)
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” cannot be used: pictures of %d pixels give %d patches on a side; values from %d to %d are allowed."),
                           path, config->image_size, dino_config_table_side (config), 1, MAX_TABLE_SIDE);
  return true;
}

bool
dino_config_read (const char *path, struct dino_config *config, struct dino_error *error)
{
  /* The defaults of transformers' Dinov2Config. */
  struct dino_config result = { .hidden_size = 768, .n_blocks = 12, .n_heads = 12, .patch_size = 14, .image_size = 224, .n_channels = 3, .qkv_bias = true };
  json_t            *root = dino_json_read (path, MAX_FILE, MAX_WEIGHT, error);
  bool               ok;

  if (root == NULL)
    return false;
  ok = read_model_type (root, path, &result, error);
  if (ok && strcmp (result.model_type, "dinov2_with_registers") == 0)
    {
      /* Dinov2WithRegistersConfig's, where they differ. */
      result.patch_size = 16;
      result.n_registers = 4;
      result.antialias_position = true;
    }
  ok = ok && read_dimensions (root, path, &result, error) && refuse_variants (root, path, &result, error) && dino_config_check (&result, path, error);
  json_decref (root);
  if (ok)
    *config = result;
  return ok;
}

bool
dino_config_is_dinov2 (const char *path)
{
  struct dino_config config;
  json_t            *root = dino_json_read (path, MAX_FILE, MAX_WEIGHT, NULL);
  bool               ok = root != NULL && read_model_type (root, path, &config, NULL);

  json_decref (root);
  return ok;
}

int
dino_config_table_side (const struct dino_config *config)
{
  return config->image_size / config->patch_size;
}

int
dino_config_head_size (const struct dino_config *config)
{
  return config->hidden_size / config->n_heads;
}
