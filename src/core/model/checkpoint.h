/* The files that the weights of a model lie in, and which tensor is which. */
#pragma once

#include "core/model/fields.h"
#include "core/model/safetensors.h"
#include "core/model/tensor-name.h"

struct dino_checkpoint;

/* path is one .safetensors file, or a directory with model.safetensors or
 * model.safetensors.index.json, whose shards may only be files beside it.
 * Headers are read and checked, data are not. */
struct dino_checkpoint *dino_checkpoint_open (const char *path, struct dino_error *error);
void                    dino_checkpoint_free (struct dino_checkpoint *checkpoint);

/* The .safetensors file, or the index of the shards. */
const char *dino_checkpoint_path (const struct dino_checkpoint *checkpoint);

size_t                         dino_checkpoint_n_files (const struct dino_checkpoint *checkpoint);
const struct dino_safetensors *dino_checkpoint_file (const struct dino_checkpoint *checkpoint, size_t index);

/* For the index of a sharded checkpoint: its next entry after *iterator, which
 * starts as NULL; false at the end, and at once without an index. */
bool dino_checkpoint_next_entry (const struct dino_checkpoint *checkpoint, void **iterator, const char **tensor, size_t *file);

/* The file that the index names for a tensor; false when it names none. Without
 * an index that is file 0. */
bool dino_checkpoint_locate (const struct dino_checkpoint *checkpoint, const char *tensor, size_t *file);

/* How the tensors are named. A model error when they are no encoder's, and when
 * there are several encoders: none is preferred. */
bool dino_checkpoint_scheme (const struct dino_checkpoint *checkpoint, struct dino_scheme *scheme, struct dino_error *error);

/* The dimensions, as far as shapes tell: heads are taken to be 64 channels
 * wide, layer_norm_eps to be 1e-6. The result is checked. */
bool dino_checkpoint_infer (const struct dino_checkpoint *checkpoint, struct dino_config *config, struct dino_error *error);

/* A tensor and where it belongs. */
struct dino_source
{
  const struct dino_safetensors *file;
  const struct dino_tensor      *tensor;
  size_t                         field; /* index into dino_fields */
  int                            part;
  int                            block; /* 0 outside of blocks */
  size_t                         skip;  /* floats of the field before the tensor's, which are zero */
};

/* The *n tensors that make up the model of config; dino_free() them. NULL when
 * something is missing, wrong or extra; the error then lists it all. */
struct dino_source *dino_checkpoint_match (const struct dino_checkpoint *checkpoint, const struct dino_config *config, size_t *n, struct dino_error *error);
