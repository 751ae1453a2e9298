#pragma once

#include <gio/gio.h>

#ifdef DINOSCOPE_INTERNAL
#include "core/model/model.h"
#endif

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MODEL (dinoscope_model_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeModel, dinoscope_model, DINOSCOPE, MODEL, GObject)

/* A loaded encoder. Immutable but for its hash, which is computed on demand. */

const char *dinoscope_model_get_name (DinoscopeModel *self);
const char *dinoscope_model_get_path (DinoscopeModel *self);

/* What the window and every output call it: "Demonstration encoder - not
 * RAD-DINO" for the bundled one, else the name. */
const char *dinoscope_model_get_title (DinoscopeModel *self);
gboolean    dinoscope_model_is_demonstration (DinoscopeModel *self);

guint dinoscope_model_get_n_blocks (DinoscopeModel *self);
guint dinoscope_model_get_n_heads (DinoscopeModel *self);
guint dinoscope_model_get_n_channels (DinoscopeModel *self);

/* "fp32", "bf16" or "int8", and the instruction set that it is multiplied with ("avx512"). */
const char *dinoscope_model_get_precision (DinoscopeModel *self);
const char *dinoscope_model_get_instruction_set (DinoscopeModel *self);

/* The identity of what an 8-bit model's activations were measured with
 * (core/encoder/calibration.h); NULL for other precisions. */
const char *dinoscope_model_get_calibration_sha256 (DinoscopeModel *self);

/* Title, precision and instruction set: "Demonstration encoder - not RAD-DINO,
 * fp32, avx512" (transfer full). */
char *dinoscope_model_describe (DinoscopeModel *self);

/* sha256 of the file that identifies the model, 64 hexadecimal digits, or NULL
 * and error. Computed at the first call (blocking; any thread), remembered by
 * (device, inode, size, mtime, ctime) under $XDG_CACHE_HOME/dinoscope. */
const char *dinoscope_model_get_sha256 (DinoscopeModel *self, GCancellable *cancellable, GError **error);

/* The hash if it is known already, else NULL; never blocks. */
const char *dinoscope_model_peek_sha256 (DinoscopeModel *self);

#ifdef DINOSCOPE_INTERNAL
struct dino_model *dinoscope_model_get_core (DinoscopeModel *self);
#endif

G_END_DECLS
