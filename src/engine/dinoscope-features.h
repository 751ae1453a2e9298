#pragma once

#include <gio/gio.h>

#include "dinoscope-enums.h"
#include "dinoscope-model-input.h"
#include "dinoscope-model.h"

#ifdef DINOSCOPE_INTERNAL
#include "core/encoder/encoder.h"
#include "core/picture/geometry.h"
#endif

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_FEATURES (dinoscope_features_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeFeatures, dinoscope_features, DINOSCOPE, FEATURES, GObject)

/**
 * DinoscopeFeatures:
 *
 * What an encoder found in one picture, complete or up to some block. Immutable;
 * any thread.
 *
 * Arrays are float32 in host order, row-major. Blocks and heads count from 0.
 * Tokens are CLS, then registers, then patches row by row from the top.
 */

/**
 * dinoscope_features_get_model:
 * @self: features
 *
 * Gets the encoder.
 *
 * Returns: (transfer none): the model
 */
DinoscopeModel *dinoscope_features_get_model (DinoscopeFeatures *self);

/**
 * dinoscope_features_get_rows:
 * @self: features
 *
 * Gets the height of the patch grid.
 *
 * Returns: patches
 */
guint dinoscope_features_get_rows (DinoscopeFeatures *self);

/**
 * dinoscope_features_get_columns:
 * @self: features
 *
 * Gets the width of the patch grid.
 *
 * Returns: patches
 */
guint dinoscope_features_get_columns (DinoscopeFeatures *self);

/**
 * dinoscope_features_get_blocks_done:
 * @self: features
 *
 * Gets how far the forward pass had come.
 *
 * Returns: blocks
 */
guint dinoscope_features_get_blocks_done (DinoscopeFeatures *self);

/**
 * dinoscope_features_is_complete:
 * @self: features
 *
 * Tells whether the output is there.
 *
 * Returns: %TRUE when it is
 */
gboolean dinoscope_features_is_complete (DinoscopeFeatures *self);

/**
 * dinoscope_features_dup_last_hidden_state:
 * @self: features
 *
 * The model's output: all tokens after the final LayerNorm, [tokens, channels].
 *
 * Returns: (transfer full) (nullable): the numbers, sharing the features'
 *   memory; %NULL until the features are complete
 */
GBytes *dinoscope_features_dup_last_hidden_state (DinoscopeFeatures *self);

/**
 * dinoscope_features_dup_patches:
 * @self: features
 *
 * The patch tokens of the output, [rows*columns, channels].
 *
 * Returns: (transfer full) (nullable): the numbers, sharing the features'
 *   memory; %NULL until the features are complete
 */
GBytes *dinoscope_features_dup_patches (DinoscopeFeatures *self);

/**
 * dinoscope_features_dup_cls:
 * @self: features
 *
 * The CLS token of the output, [channels].
 *
 * Returns: (transfer full) (nullable): the numbers, sharing the features'
 *   memory; %NULL until the features are complete
 */
GBytes *dinoscope_features_dup_cls (DinoscopeFeatures *self);

/**
 * dinoscope_features_dup_hidden_state:
 * @self: features
 * @index: 0: embeddings with positions; i: the output of block i-1
 *
 * Tokens before any LayerNorm, [tokens, channels]: hidden_states.@index of the
 * published implementation.
 *
 * Returns: (transfer full) (nullable): the numbers, sharing the features'
 *   memory; %NULL when not kept or not there yet
 */
GBytes *dinoscope_features_dup_hidden_state (DinoscopeFeatures *self, guint index);

/**
 * dinoscope_features_dup_cls_attention:
 * @self: features
 * @block: a block
 *
 * What CLS attends to, after the softmax, [heads, tokens].
 *
 * Returns: (transfer full) (nullable): the numbers, sharing the features'
 *   memory; %NULL when not kept or not there yet
 */
GBytes *dinoscope_features_dup_cls_attention (DinoscopeFeatures *self, guint block);

/**
 * dinoscope_features_dup_tokens:
 * @self: features
 * @block: a block
 * @norm: whether the model's final LayerNorm is applied
 * @error: return location for an error
 *
 * Tokens of a block, [tokens, channels]: hidden_states.(@block+1). Computed,
 * not shared.
 *
 * Returns: (transfer full): the numbers; %NULL with @error set when there is no
 *   such block, or its hidden states were not kept
 */
GBytes *dinoscope_features_dup_tokens (DinoscopeFeatures *self, guint block, gboolean norm, GError **error);

/**
 * dinoscope_features_dup_facet:
 * @self: features
 * @block: a block
 * @facet: query, key or value
 * @error: return location for an error
 *
 * Query, key or value of every token in a block, [tokens, channels], head h in
 * channels h*D/heads … Recomputed from the block's input on the calling thread;
 * bias included, not scaled.
 *
 * Returns: (transfer full): the numbers; %NULL with @error set when there is no
 *   such block, or its hidden states were not kept
 */
GBytes *dinoscope_features_dup_facet (DinoscopeFeatures *self, guint block, DinoscopeFacet facet, GError **error);

/**
 * dinoscope_features_dup_token_attention:
 * @self: features
 * @block: a block
 * @token: a token; the first patch is [method@Dinoscope.Features.get_first_patch]
 * @direction: what the token attends to, or what attends to it
 * @error: return location for an error
 *
 * Attention of one token after the softmax, [heads, tokens]: for each head a
 * row or a column of its attention. Recomputed from the block's input on the
 * calling thread.
 *
 * Returns: (transfer full): the numbers; %NULL with @error set when there is no
 *   such block or token, or its hidden states were not kept
 */
GBytes *dinoscope_features_dup_token_attention (DinoscopeFeatures *self, guint block, guint token, DinoscopeDirection direction, GError **error);

/**
 * dinoscope_features_get_n_tokens:
 * @self: features
 *
 * Gets the number of tokens: CLS, registers and patches.
 *
 * Returns: tokens
 */
guint dinoscope_features_get_n_tokens (DinoscopeFeatures *self);

/**
 * dinoscope_features_get_first_patch:
 * @self: features
 *
 * Gets which token is the first patch.
 *
 * Returns: 1 + registers
 */
guint dinoscope_features_get_first_patch (DinoscopeFeatures *self);

/**
 * dinoscope_features_patch_at:
 * @self: features
 * @x: from the left, pixels of the original
 * @y: from the top
 * @row: (out) (optional): the patch's row
 * @column: (out) (optional): the patch's column
 *
 * Finds the patch at a point of the picture.
 *
 * Returns: %FALSE outside what the model saw
 */
gboolean dinoscope_features_patch_at (DinoscopeFeatures *self, double x, double y, guint *row, guint *column);

/**
 * dinoscope_features_patch_box:
 * @self: features
 * @row: a row
 * @column: a column
 * @x0: (out): left edge, pixels of the original
 * @y0: (out): upper edge
 * @x1: (out): right edge
 * @y1: (out): lower edge
 *
 * Says which part of the picture a patch is.
 */
void dinoscope_features_patch_box (DinoscopeFeatures *self, guint row, guint column, double *x0, double *y0, double *x1, double *y1);

/**
 * dinoscope_features_get_instruction_set:
 * @self: features
 *
 * Gets the instruction set that was used.
 *
 * Returns: (transfer none): "avx512"
 */
const char *dinoscope_features_get_instruction_set (DinoscopeFeatures *self);

/**
 * dinoscope_features_describe_encoder:
 * @self: features
 *
 * What every exported picture says of its encoder: "Demonstration encoder - not
 * RAD-DINO, fp32, avx512".
 *
 * Returns: (transfer full): the text
 */
char *dinoscope_features_describe_encoder (DinoscopeFeatures *self);

/**
 * dinoscope_features_get_preparation:
 * @self: features
 *
 * Says in one line, for programs, how the picture was prepared.
 *
 * Returns: (transfer none): "fit=crop input-size=518 …"
 */
const char *dinoscope_features_get_preparation (DinoscopeFeatures *self);

/**
 * dinoscope_features_get_pixels_sha256:
 * @self: features
 *
 * Gets the hash of the decoded pixels.
 *
 * Returns: (transfer none): 64 hexadecimal digits
 */
const char *dinoscope_features_get_pixels_sha256 (DinoscopeFeatures *self);

/**
 * dinoscope_features_get_grey_sha256:
 * @self: features
 *
 * Gets the hash of what the picture's file said of its greys.
 *
 * Returns: (transfer none): 64 hexadecimal digits; empty where it said nothing
 */
const char *dinoscope_features_get_grey_sha256 (DinoscopeFeatures *self);

/**
 * dinoscope_features_get_memory:
 * @self: features
 *
 * Gets the memory that is held.
 *
 * Returns: bytes
 */
gsize dinoscope_features_get_memory (DinoscopeFeatures *self);

/**
 * dinoscope_features_save:
 * @self: complete features
 * @path: (type filename): where to; .npy or .safetensors
 * @input: (nullable): the tensor that was encoded, for .safetensors
 * @error: return location for an error
 *
 * Writes what "dinoscope-cli features" writes, byte for byte: as .npy all
 * tokens of the output, [tokens, channels]; as .safetensors pixel_values,
 * last_hidden_state and pooler_output with what says where they are from.
 *
 * The file is there complete or not at all. .safetensors asks for the model's
 * hash, which may block while that is not known.
 *
 * Returns: %FALSE with @error set when the name has no such ending, or the file
 *   cannot be written
 */
gboolean dinoscope_features_save (DinoscopeFeatures *self, const char *path, DinoscopeModelInput *input, GError **error);

#ifdef DINOSCOPE_INTERNAL
const struct dino_features *dinoscope_features_get_core (DinoscopeFeatures *self);
const struct dino_geometry *dinoscope_features_get_geometry (DinoscopeFeatures *self);

/* FALSE for what g_object_new() made, as bindings can: there is nothing in it. */
static inline gboolean
dinoscope_features_has_contents (DinoscopeFeatures *self)
{
  return DINOSCOPE_IS_FEATURES (self) && dinoscope_features_get_core (self) != NULL;
}
#endif

G_END_DECLS
