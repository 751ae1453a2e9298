/* What the name of a tensor in a checkpoint means. */
#pragma once

#include <stddef.h>

#include "core/model/fields.h"

/* Every name may have it, as in a model with a head on top. */
#define DINO_NAME_PREFIX "dinov2."

enum dino_name_kind
{
  DINO_NAME_UNKNOWN,
  DINO_NAME_IGNORED, /* known, but of no use for features: the mask token, a classifier */
  DINO_NAME_FIELD
};

struct dino_name
{
  enum dino_name_kind kind;
  size_t              field; /* index into dino_fields */
  int                 part;
  int                 block;       /* -1 outside of blocks */
  size_t              head_length; /* bytes before the block's number, 0 outside of blocks */
  const char         *rest;        /* after the block's number and its point; the whole name outside */
};

/* Fields, parts and blocks as naming has them; a block of any number, also in
 * the original code's chunks ("blocks.<chunk>.<block>."). */
void dino_name_parse (struct dino_name *result, const char *name, enum dino_naming naming);

/* What comes before the number of a block in a naming, "encoder.layer.". */
const char *dino_name_block_head (enum dino_naming naming);
