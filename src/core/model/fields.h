/* Every weight of the model in one table: where it goes in struct
 * dino_weights, its shape, and what checkpoints call it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/model/config.h"

enum dino_naming
{
  DINO_NAMING_HF,       /* transformers' Dinov2Model */
  DINO_NAMING_ORIGINAL, /* the code that DINOv2 was published with */
  DINO_NAMING_TIMM,     /* timm's vision transformer, where it differs from the original */
  DINO_N_NAMINGS
};

/* When a field belongs to a model. */
enum dino_presence
{
  DINO_PRESENCE_ALWAYS,
  DINO_PRESENCE_REGISTERS,
  DINO_PRESENCE_QKV_BIAS,
  DINO_PRESENCE_MLP,
  DINO_PRESENCE_SWIGLU
};

/* Query, key and value are three tensors in one naming, one in the others. */
#define DINO_MAX_PARTS 3

#define DINO_MAX_RANK 4

/* What a field is in memory. */
enum dino_role
{
  DINO_ROLE_VECTOR,   /* const float * */
  DINO_ROLE_MATRIX,   /* struct dino_matrix */
  DINO_ROLE_SENSITIVE /* a matrix that is never made of 8-bit integers */
};

struct dino_field
{
  enum dino_role     role;
  bool               in_block;
  size_t             member; /* its offset in dino_block_weights or dino_weights */
  enum dino_presence presence;
  /* Dimensions as letters: 1, C channels of a pixel, p patch, D width, Q 3 D,
   * F MLP, G 2 F, R registers, T rows of the position table. */
  char        shape[DINO_MAX_RANK + 1];
  const char *names[DINO_N_NAMINGS][DINO_MAX_PARTS]; /* parts are stacked along the first dimension */
};

/* The table; [dino_n_fields]. */
extern const struct dino_field dino_fields[];
extern const size_t            dino_n_fields;

/* Whether a checkpoint has the field. */
bool dino_field_stored (const struct dino_field *field, const struct dino_config *config);

/* Whether the weights in memory have it: a bias of query, key and value is
 * there in any case, as zeros when it is not stored. */
bool dino_field_in_memory (const struct dino_field *field, const struct dino_config *config);

/* Tensors that make up the field in a naming. */
int dino_field_n_parts (const struct dino_field *field, enum dino_naming naming);

/* Whether the stored position table begins with a row for CLS. timm has added
 * it to the CLS token of models with registers. */
bool dino_naming_has_cls_row (enum dino_naming naming, int n_registers);

/* Floats at the start of the field that are not stored, and zero. */
size_t dino_field_skip (const struct dino_field *field, enum dino_naming naming, const struct dino_config *config);

/* The shape of one of these tensors; returns the rank. config must be checked. */
int dino_field_part_shape (const struct dino_field *field, enum dino_naming naming, const struct dino_config *config, uint64_t shape[DINO_MAX_RANK]);

/* Its dimensions as a matrix [n_groups * n_outputs, n_inputs]; a vector has no groups. */
struct dino_field_size
{
  size_t n_groups, n_outputs, n_inputs;
};

/* False on overflow. */
bool dino_field_size (const struct dino_field *field, const struct dino_config *config, struct dino_field_size *size);
