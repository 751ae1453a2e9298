#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/checkpoint.h"
#include "core/model/config-check.h"
#include "core/model/weights.h"

/* Every published DINOv2 has it. */
#define HEAD_SIZE 64

/* What the shapes say; 0 where they say nothing. */
struct found
{
  int  width, patch, rows, registers, mlp, swiglu_mlp;
  int  n_blocks;
  bool qkv_bias;
};

static int
to_int (uint64_t value)
{
  return value < INT_MAX ? (int) value : INT_MAX;
}

/* Dimension index of the tensor where it is of rank rank. */
static void
note (int *value, const struct dino_tensor *tensor, int rank, int index)
{
  if (tensor->rank == rank)
    *value = to_int (tensor->shape[index]);
}

static void
look_at (struct found *found, const struct dino_name *name, const struct dino_tensor *tensor)
{
  const struct dino_field *field = &dino_fields[name->field];

  if (field->presence == DINO_PRESENCE_QKV_BIAS)
    found->qkv_bias = true;
  if (name->block >= found->n_blocks)
    found->n_blocks = name->block + 1;
  if (field->in_block && field->member == offsetof (struct dino_block_weights, mlp_in))
    note (field->presence == DINO_PRESENCE_SWIGLU ? &found->swiglu_mlp : &found->mlp, tensor, 2, 0);
  if (field->in_block)
    return;
  if (field->member == offsetof (struct dino_weights, cls_token))
    note (&found->width, tensor, 3, 2);
  else if (field->member == offsetof (struct dino_weights, position))
    note (&found->rows, tensor, 3, 1);
  else if (field->member == offsetof (struct dino_weights, registers))
    note (&found->registers, tensor, 3, 1);
  else if (field->member == offsetof (struct dino_weights, patch))
    note (&found->patch, tensor, 4, 3);
}

static void
look_at_all (struct found *found, const struct dino_checkpoint *checkpoint, const struct dino_scheme *scheme)
{
  struct dino_name name;

  for (size_t i = 0; i < dino_checkpoint_n_files (checkpoint); i++)
    {
      const struct dino_safetensors *file = dino_checkpoint_file (checkpoint, i);

      for (size_t j = 0; j < dino_safetensors_n_tensors (file); j++)
        {
          const struct dino_tensor *tensor = dino_safetensors_tensor (file, j);

          dino_name_parse (&name, tensor->name, scheme);
          if (name.kind == DINO_NAME_FIELD)
            look_at (found, &name, tensor);
        }
    }
}

/* Patches on a side of a picture of so many; 0 when it is no square. */
static int
square_side (int patches)
{
  int side = 1;

  while (side < 46340 && side * side < patches)
    side++;
  return side * side == patches ? side : 0;
}

static bool
cannot_tell (const char *path, const char *reason, struct dino_error *error)
{
  return dino_error_set (error, DINO_CODE_MODEL, _ ("The dimensions of the model in “%s” cannot be told: %s."), path, reason);
}

bool
dino_checkpoint_infer (const struct dino_checkpoint *checkpoint, struct dino_config *config, struct dino_error *error)
{
  const char        *path = dino_checkpoint_path (checkpoint);
  struct found       found = { 0 };
  struct dino_scheme scheme;
  int                side;

  if (!dino_checkpoint_scheme (checkpoint, &scheme, error))
    return false;
  look_at_all (&found, checkpoint, &scheme);
  if (found.width == 0 || found.patch == 0 || found.rows == 0 || found.n_blocks == 0 || (found.mlp == 0 && found.swiglu_mlp == 0))
    return cannot_tell (path, _ ("the CLS token, the position table, the patch embedding or the blocks are missing or have another shape"), error);
  if (found.width % HEAD_SIZE != 0)
    return cannot_tell (path, _ ("its width is not a multiple of 64, so the number of heads is not known; open the directory with its config.json instead"), error);
  side = square_side (found.rows - (dino_naming_has_cls_row (scheme.naming, found.registers) ? 1 : 0));
  if (side == 0)
    return cannot_tell (path, _ ("its position table is not of a square picture"), error);
  if (side > INT_MAX / found.patch)
    return cannot_tell (path, _ ("its position table is too large"), error);
  *config = (struct dino_config){
    .hidden_size = found.width,
    .n_blocks = found.n_blocks,
    .n_heads = found.width / HEAD_SIZE,
    .patch_size = found.patch,
    .image_size = side * found.patch,
    .n_channels = 3,
    .swiglu = found.swiglu_mlp != 0,
    .mlp_size = found.swiglu_mlp != 0 ? found.swiglu_mlp / 2 : found.mlp,
    .n_registers = found.registers,
    .qkv_bias = found.qkv_bias,
    .antialias_position = found.registers > 0,
    .layer_norm_eps = 1e-6f,
  };
  snprintf (config->model_type, sizeof config->model_type, "%s", found.registers > 0 ? "dinov2_with_registers" : "dinov2");
  return dino_config_check (config, path, error);
}
