/* What a head is multiplied with, from what the encoder found in a picture. */
#pragma once

#include "core/encoder/features.h"
#include "core/heads/head.h"

/* The features of a picture that a head was fitted on, after the model's final
 * LayerNorm, of block (-1: the last): input [dino_head_features_width()]. Not
 * for heads on single patches. Blocks before the last need kept hidden states. */
bool dino_head_input (const struct dino_features *features, enum dino_head_features kind, int block, float *input, struct dino_error *error);

/* Whether dino_head_input() needs hidden states to be kept. */
bool dino_head_needs_hidden_states (enum dino_head_features kind, int block, int n_blocks);

/* The mean of the patch tokens of tokens [T, channels], summed in double. */
void dino_mean_patch (const float *tokens, size_t n_tokens, size_t first_patch, size_t channels, float *mean);
