/* Decoders of patch tokens as files: safetensors. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "core/heads/classes.h"
#include "core/heads/decoder.h"
#include "io/output.h"

/* A decoder with what it was trained on. Tensors: "weight" [classes, width] and
 * "bias" [classes]; with hidden units "hidden.weight" [width, features] and
 * "hidden.bias" [width] before them. "__metadata__": "features" (always
 * "patches"), "block" ("11", or several: "8,11"; absent: the model's output),
 * "classes" (a JSON list of names), "values" (a JSON list of their values in mask
 * files), "activation" ("relu", with hidden units), "model_sha256",
 * "preparation" (JSON, as io/preparation-json.h has it). */
struct dino_decoder_head
{
  struct dino_decoder *decoder;
  struct dino_classes  classes;
  int                  blocks[DINO_DECODER_MAX_BLOCKS];  /* in the order of the features */
  size_t               n_blocks;                         /* 0: the model's output */
  char                 model_sha256[DINO_SHA256_LENGTH]; /* "": not known */
  char                *preparation;                      /* by dino_alloc(); NULL: not known */
};

/* NULL for what is no such file: a tensor that lacks or has another shape,
 * a weight that is not finite, or metadata that do not fit. */
struct dino_decoder_head *dino_decoder_head_read (const char *path, struct dino_error *error);
void                      dino_decoder_head_free (struct dino_decoder_head *head);

/* version is the program's. Nothing is committed. */
bool dino_decoder_head_write (struct dino_output *output, const struct dino_decoder_head *head, const char *version, struct dino_error *error);
