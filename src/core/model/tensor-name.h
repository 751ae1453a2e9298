/* What the name of a tensor in a checkpoint means. */
#pragma once

#include <stddef.h>

#include "core/model/fields.h"

/* Bytes of the longest prefix that is recognised, and the NUL. */
#define DINO_MAX_PREFIX 64

/* How the tensors of one checkpoint are named. */
struct dino_scheme
{
  enum dino_naming naming;
  char             prefix[DINO_MAX_PREFIX]; /* before every name of the encoder's: "", "dinov2.", "teacher.backbone." */
  bool             packed;                  /* DINO_NAMING_TIMM: mlp.fc1 and mlp.fc2 are SwiGLU's, both halves in fc1 */
};

enum dino_name_kind
{
  DINO_NAME_UNKNOWN,
  DINO_NAME_IGNORED, /* known, but of no use for features: the mask token, a head on top */
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

/* Fields, parts and blocks as scheme has them; a block of any number, also in
 * the original code's chunks ("blocks.<chunk>.<block>."). */
void dino_name_parse (struct dino_name *result, const char *name, const struct dino_scheme *scheme);

/* What comes before the number of a block in a naming, "encoder.layer.". */
const char *dino_name_block_head (enum dino_naming naming);
