#include "core/model/fields.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/model/weights.h"

#define MODEL(field) DINO_ROLE_VECTOR, false, offsetof (struct dino_weights, field)
#define BLOCK(field) DINO_ROLE_VECTOR, true, offsetof (struct dino_block_weights, field)
#define MATRIX(field) DINO_ROLE_MATRIX, true, offsetof (struct dino_block_weights, field)
#define SENSITIVE(field) DINO_ROLE_SENSITIVE, true, offsetof (struct dino_block_weights, field)

#define QKV(part)                                                                                         \
  {                                                                                                       \
    "attention.attention.query." part, "attention.attention.key." part, "attention.attention.value." part \
  }

const struct dino_field dino_fields[] = {
  { MODEL (cls_token), DINO_PRESENCE_ALWAYS, "11D", { { "embeddings.cls_token" }, { "cls_token" }, { "cls_token" } } },
  { MODEL (registers), DINO_PRESENCE_REGISTERS, "1RD", { { "embeddings.register_tokens" }, { "register_tokens" }, { "reg_token" } } },
  { MODEL (position), DINO_PRESENCE_ALWAYS, "1TD", { { "embeddings.position_embeddings" }, { "pos_embed" }, { "pos_embed" } } },
  { DINO_ROLE_SENSITIVE, false, offsetof (struct dino_weights, patch), DINO_PRESENCE_ALWAYS, "DCpp", { { "embeddings.patch_embeddings.projection.weight" }, { "patch_embed.proj.weight" }, { "patch_embed.proj.weight" } } },
  { MODEL (patch_bias), DINO_PRESENCE_ALWAYS, "D", { { "embeddings.patch_embeddings.projection.bias" }, { "patch_embed.proj.bias" }, { "patch_embed.proj.bias" } } },
  { MODEL (norm_weight), DINO_PRESENCE_ALWAYS, "D", { { "layernorm.weight" }, { "norm.weight" }, { "norm.weight" } } },
  { MODEL (norm_bias), DINO_PRESENCE_ALWAYS, "D", { { "layernorm.bias" }, { "norm.bias" }, { "norm.bias" } } },

  { BLOCK (norm1_weight), DINO_PRESENCE_ALWAYS, "D", { { "norm1.weight" }, { "norm1.weight" }, { "norm1.weight" } } },
  { BLOCK (norm1_bias), DINO_PRESENCE_ALWAYS, "D", { { "norm1.bias" }, { "norm1.bias" }, { "norm1.bias" } } },
  { MATRIX (qkv), DINO_PRESENCE_ALWAYS, "QD", { QKV ("weight"), { "attn.qkv.weight" }, { "attn.qkv.weight" } } },
  { BLOCK (qkv_bias), DINO_PRESENCE_QKV_BIAS, "Q", { QKV ("bias"), { "attn.qkv.bias" }, { "attn.qkv.bias" } } },
  { MATRIX (proj), DINO_PRESENCE_ALWAYS, "DD", { { "attention.output.dense.weight" }, { "attn.proj.weight" }, { "attn.proj.weight" } } },
  { BLOCK (proj_bias), DINO_PRESENCE_ALWAYS, "D", { { "attention.output.dense.bias" }, { "attn.proj.bias" }, { "attn.proj.bias" } } },
  { BLOCK (scale1), DINO_PRESENCE_ALWAYS, "D", { { "layer_scale1.lambda1" }, { "ls1.gamma" }, { "ls1.gamma" } } },
  { BLOCK (norm2_weight), DINO_PRESENCE_ALWAYS, "D", { { "norm2.weight" }, { "norm2.weight" }, { "norm2.weight" } } },
  { BLOCK (norm2_bias), DINO_PRESENCE_ALWAYS, "D", { { "norm2.bias" }, { "norm2.bias" }, { "norm2.bias" } } },
  { MATRIX (mlp_in), DINO_PRESENCE_MLP, "FD", { { "mlp.fc1.weight" }, { "mlp.fc1.weight" }, { "mlp.fc1.weight" } } },
  { BLOCK (mlp_in_bias), DINO_PRESENCE_MLP, "F", { { "mlp.fc1.bias" }, { "mlp.fc1.bias" }, { "mlp.fc1.bias" } } },
  { SENSITIVE (mlp_out), DINO_PRESENCE_MLP, "DF", { { "mlp.fc2.weight" }, { "mlp.fc2.weight" }, { "mlp.fc2.weight" } } },
  { BLOCK (mlp_out_bias), DINO_PRESENCE_MLP, "D", { { "mlp.fc2.bias" }, { "mlp.fc2.bias" }, { "mlp.fc2.bias" } } },
  { MATRIX (mlp_in), DINO_PRESENCE_SWIGLU, "GD", { { "mlp.weights_in.weight" }, { "mlp.w12.weight" }, { "mlp.fc1.weight" } } },
  { BLOCK (mlp_in_bias), DINO_PRESENCE_SWIGLU, "G", { { "mlp.weights_in.bias" }, { "mlp.w12.bias" }, { "mlp.fc1.bias" } } },
  { SENSITIVE (mlp_out), DINO_PRESENCE_SWIGLU, "DF", { { "mlp.weights_out.weight" }, { "mlp.w3.weight" }, { "mlp.fc2.weight" } } },
  { BLOCK (mlp_out_bias), DINO_PRESENCE_SWIGLU, "D", { { "mlp.weights_out.bias" }, { "mlp.w3.bias" }, { "mlp.fc2.bias" } } },
  { BLOCK (scale2), DINO_PRESENCE_ALWAYS, "D", { { "layer_scale2.lambda1" }, { "ls2.gamma" }, { "ls2.gamma" } } },
};

const size_t dino_n_fields = sizeof dino_fields / sizeof *dino_fields;

bool
dino_field_stored (const struct dino_field *field, const struct dino_config *config)
{
  switch (field->presence)
    {
    case DINO_PRESENCE_REGISTERS:
      return config->n_registers > 0;
    case DINO_PRESENCE_QKV_BIAS:
      return config->qkv_bias;
    case DINO_PRESENCE_MLP:
      return !config->swiglu;
    case DINO_PRESENCE_SWIGLU:
      return config->swiglu;
    case DINO_PRESENCE_ALWAYS:
      break;
    }
  return true;
}

bool
dino_field_in_memory (const struct dino_field *field, const struct dino_config *config)
{
  return field->presence == DINO_PRESENCE_QKV_BIAS || dino_field_stored (field, config);
}

int
dino_field_n_parts (const struct dino_field *field, enum dino_naming naming)
{
  return field->names[naming][1] != NULL ? DINO_MAX_PARTS : 1;
}

bool
dino_naming_has_cls_row (enum dino_naming naming, int n_registers)
{
  return naming != DINO_NAMING_TIMM || n_registers == 0;
}

size_t
dino_field_skip (const struct dino_field *field, enum dino_naming naming, const struct dino_config *config)
{
  bool is_position = !field->in_block && field->member == offsetof (struct dino_weights, position);

  return is_position && !dino_naming_has_cls_row (naming, config->n_registers) ? (size_t) config->hidden_size : 0;
}

static uint64_t
dimension (char letter, const struct dino_config *config)
{
  uint64_t side = (uint64_t) dino_config_table_side (config);

  switch (letter)
    {
    case 'C':
      return (uint64_t) config->n_channels;
    case 'p':
      return (uint64_t) config->patch_size;
    case 'D':
      return (uint64_t) config->hidden_size;
    case 'Q':
      return 3 * (uint64_t) config->hidden_size;
    case 'F':
      return (uint64_t) config->mlp_size;
    case 'G':
      return 2 * (uint64_t) config->mlp_size;
    case 'R':
      return (uint64_t) config->n_registers;
    case 'T':
      return 1 + side * side;
    default:
      return 1;
    }
}

int
dino_field_part_shape (const struct dino_field *field, enum dino_naming naming, const struct dino_config *config, uint64_t shape[DINO_MAX_RANK])
{
  int rank = (int) strlen (field->shape);

  for (int i = 0; i < rank; i++)
    shape[i] = dimension (field->shape[i], config);
  shape[0] /= (uint64_t) dino_field_n_parts (field, naming);
  if (dino_field_skip (field, naming, config) > 0)
    shape[1]--;
  return rank;
}

bool
dino_field_size (const struct dino_field *field, const struct dino_config *config, struct dino_field_size *size)
{
  const char first = field->shape[0];
  size_t     inputs = 1, all;

  size->n_groups = field->role == DINO_ROLE_VECTOR ? 0 : first == 'Q' ? 3
                                                     : first == 'G'   ? 2
                                                                      : 1;
  for (const char *letter = field->shape + 1; *letter != '\0'; letter++)
    if (!dino_multiply (inputs, (size_t) dimension (*letter, config), &inputs))
      return false;
  size->n_inputs = inputs;
  size->n_outputs = (size_t) dimension (first, config) / (size->n_groups > 0 ? size->n_groups : 1);
  return dino_multiply (inputs, (size_t) dimension (first, config), &all);
}
