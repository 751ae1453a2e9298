/* A decoder on patch tokens: the logits of some classes for every patch. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/encoder/features.h"
#include "core/encoder/team.h"

#define DINO_DECODER_MIN_CLASSES 2
#define DINO_DECODER_MAX_CLASSES 64
#define DINO_DECODER_MAX_HIDDEN 4096
#define DINO_DECODER_MAX_FEATURES ((size_t) 1 << 20)
#define DINO_DECODER_MAX_BLOCKS 64

/* One matrix, or two with ReLU between them:
 *   logits = weight max (hidden_weight x + hidden_bias, 0) + bias. */
struct dino_decoder
{
  size_t n_features, n_hidden, n_classes; /* n_hidden 0: weight x + bias */
  float *hidden_weight;                   /* [n_hidden, n_features]; NULL without hidden units */
  float *hidden_bias;                     /* [n_hidden] */
  float *weight;                          /* [n_classes, n_hidden or else n_features] */
  float *bias;                            /* [n_classes] */
};

/* All zero. Sizes are checked against the limits above. */
struct dino_decoder *dino_decoder_new (size_t n_features, size_t n_hidden, size_t n_classes, struct dino_error *error);
void                 dino_decoder_free (struct dino_decoder *decoder);

/* Inputs of weight: n_hidden, or n_features without hidden units. */
size_t dino_decoder_width (const struct dino_decoder *decoder);

/* logits [n, n_classes] of features [n, n_features]. The same bits for any
 * number of threads; team may be NULL. */
bool dino_decoder_logits (const struct dino_decoder *decoder, const float *features, size_t n, struct dino_team *team, float *logits, struct dino_error *error);

/* What a decoder looks at: rows [patches, n_blocks * channels], the patch tokens
 * of each of the blocks after the model's final LayerNorm, side by side in the
 * order given. A new array; dino_free() it. Fails for a block that the features
 * do not have. */
float *dino_decoder_features (const struct dino_features *features, const int *blocks, size_t n_blocks, struct dino_error *error);
