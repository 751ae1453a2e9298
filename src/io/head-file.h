/* Heads as files: safetensors with weight [C, F], bias [C] and metadata. */
#pragma once

#include "core/heads/head.h"
#include "io/safetensors-write.h"

/* Reads a head that dino_head_write() wrote, the state of a PyTorch nn.Linear
 * saved as safetensors (weight and bias, with any prefix when there is one such
 * pair), or a Dinov2ForImageClassification checkpoint (classifier.weight, and
 * config.json beside it names the classes); a folder stands for its
 * model.safetensors. Metadata: classes (a list in JSON, or one name a line),
 * features, task, block, model_sha256, preparation; all may be missing.
 * Without a bias it is 0. Weights must be finite. */
struct dino_head *dino_head_read (const char *path, struct dino_error *error);

/* Writes head with its metadata and n_more further ones, complete or not at
 * all; keys of head's own are left out of more. */
bool dino_head_write (const char *path, const struct dino_head *head, const struct dino_metadata_out *more, size_t n_more, struct dino_error *error);
