#pragma once

#include <gio/gio.h>

#ifdef DINOSCOPE_INTERNAL
#include "core/model/model.h"
#endif

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MODEL (dinoscope_model_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeModel, dinoscope_model, DINOSCOPE, MODEL, GObject)

/**
 * DinoscopeModel:
 *
 * A loaded encoder. Immutable but for its hash, which is computed on demand.
 *
 * Made by [method@Dinoscope.Engine.open_model].
 */

/**
 * dinoscope_model_get_name:
 * @self: a model
 *
 * Gets the name that its files give it.
 *
 * Returns: (transfer none): the name
 */
const char *dinoscope_model_get_name (DinoscopeModel *self);

/**
 * dinoscope_model_get_path:
 * @self: a model
 *
 * Gets where it was read from.
 *
 * Returns: (transfer none) (type filename): a directory or file
 */
const char *dinoscope_model_get_path (DinoscopeModel *self);

/**
 * dinoscope_model_get_title:
 * @self: a model
 *
 * Gets what the window and every output call it: "Demonstration encoder - not
 * RAD-DINO" for the bundled one, else the name.
 *
 * Returns: (transfer none): the title
 */
const char *dinoscope_model_get_title (DinoscopeModel *self);

/**
 * dinoscope_model_is_demonstration:
 * @self: a model
 *
 * Tells whether it is the bundled encoder, which is not RAD-DINO.
 *
 * Returns: %TRUE when it is
 */
gboolean dinoscope_model_is_demonstration (DinoscopeModel *self);

/**
 * dinoscope_model_get_n_blocks:
 * @self: a model
 *
 * Gets the number of blocks.
 *
 * Returns: blocks
 */
guint dinoscope_model_get_n_blocks (DinoscopeModel *self);

/**
 * dinoscope_model_get_n_heads:
 * @self: a model
 *
 * Gets the number of heads of a block.
 *
 * Returns: heads
 */
guint dinoscope_model_get_n_heads (DinoscopeModel *self);

/**
 * dinoscope_model_get_n_channels:
 * @self: a model
 *
 * Gets the number of channels of a token.
 *
 * Returns: channels
 */
guint dinoscope_model_get_n_channels (DinoscopeModel *self);

/**
 * dinoscope_model_get_precision:
 * @self: a model
 *
 * Gets what it computes in.
 *
 * Returns: (transfer none): "fp32", "bf16" or "int8"
 */
const char *dinoscope_model_get_precision (DinoscopeModel *self);

/**
 * dinoscope_model_get_instruction_set:
 * @self: a model
 *
 * Gets the instruction set that it is multiplied with.
 *
 * Returns: (transfer none): "avx512"
 */
const char *dinoscope_model_get_instruction_set (DinoscopeModel *self);

/**
 * dinoscope_model_get_calibration_sha256:
 * @self: a model
 *
 * Gets the identity of what an 8-bit model's activations were measured with.
 *
 * Returns: (transfer none) (nullable): 64 hexadecimal digits; %NULL for other precisions
 */
const char *dinoscope_model_get_calibration_sha256 (DinoscopeModel *self);

/**
 * dinoscope_model_describe:
 * @self: a model
 *
 * Title, precision and instruction set: "Demonstration encoder - not RAD-DINO,
 * fp32, avx512".
 *
 * Returns: (transfer full): the text
 */
char *dinoscope_model_describe (DinoscopeModel *self);

/**
 * dinoscope_model_get_sha256:
 * @self: a model
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Gets the hash of the file that identifies the model.
 *
 * Computed at the first call (blocking; any thread), remembered by (device,
 * inode, size, mtime, ctime) under $XDG_CACHE_HOME/dinoscope.
 *
 * Returns: (transfer none): 64 hexadecimal digits, or %NULL with @error set
 */
const char *dinoscope_model_get_sha256 (DinoscopeModel *self, GCancellable *cancellable, GError **error);

/**
 * dinoscope_model_peek_sha256:
 * @self: a model
 *
 * Gets the hash if it is known already; never blocks.
 *
 * Returns: (transfer none) (nullable): 64 hexadecimal digits, else %NULL
 */
const char *dinoscope_model_peek_sha256 (DinoscopeModel *self);

#ifdef DINOSCOPE_INTERNAL
struct dino_model *dinoscope_model_get_core (DinoscopeModel *self);

/* FALSE for what g_object_new() made, as bindings can: there is nothing in it. */
static inline gboolean
dinoscope_model_has_contents (DinoscopeModel *self)
{
  return DINOSCOPE_IS_MODEL (self) && dinoscope_model_get_core (self) != NULL;
}
#endif

G_END_DECLS
