/* Where the weights lie in one piece of memory. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/encoder/precision.h"
#include "core/model/config.h"
#include "core/model/fields.h"
#include "core/model/weights.h"

#define DINO_MAX_FIELDS 32

/* Offsets in bytes from its start, each aligned to DINO_ALIGNMENT. Block b's
 * are block_stride * b further on. */
struct dino_layout
{
  struct dino_matrix matrices[DINO_MAX_FIELDS]; /* [dino_n_fields], described, for those that are */
  size_t             offset[DINO_MAX_FIELDS];   /* [dino_n_fields] */
  size_t             block_stride;
  size_t             n_bytes;
};

/* False with error set when the sum cannot be expressed. */
bool dino_layout_init (struct dino_layout *layout, const struct dino_config *config, enum dino_precision precision, enum dino_isa isa, struct dino_error *error);

/* What a matrix of a field is made of. */
enum dino_format dino_layout_format (const struct dino_field *field, enum dino_precision precision);

/* Points every member of weights and blocks [n_blocks] to its place in memory;
 * nothing is written there. */
void dino_layout_place (const struct dino_layout *layout, const struct dino_config *config, char *memory, struct dino_weights *weights, struct dino_block_weights *blocks);

/* The field of a block (0 outside of blocks): where its vector lies, or its matrix. */
float              *dino_layout_vector (const struct dino_layout *layout, size_t field, int block, char *memory);
struct dino_matrix *dino_layout_matrix (size_t field, int block, struct dino_weights *weights, struct dino_block_weights *blocks);
