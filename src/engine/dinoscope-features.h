#pragma once

#include <gio/gio.h>

#include "dinoscope-model.h"

#ifdef DINOSCOPE_INTERNAL
#include "core/encoder/encoder.h"
#include "core/picture/geometry.h"
#endif

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_FEATURES (dinoscope_features_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeFeatures, dinoscope_features, DINOSCOPE, FEATURES, GObject)

/* What an encoder found in one picture, complete or up to some block. Immutable. */

DinoscopeModel *dinoscope_features_get_model (DinoscopeFeatures *self);
guint           dinoscope_features_get_rows (DinoscopeFeatures *self);
guint           dinoscope_features_get_columns (DinoscopeFeatures *self);
guint           dinoscope_features_get_blocks_done (DinoscopeFeatures *self);
gboolean        dinoscope_features_is_complete (DinoscopeFeatures *self);

/* Arrays of float32 in host order, row-major, sharing the features' memory
 * (transfer full); NULL when not there. */
GBytes *dinoscope_features_dup_patches (DinoscopeFeatures *self);                    /* [rows*columns, channels], the output */
GBytes *dinoscope_features_dup_cls (DinoscopeFeatures *self);                        /* [channels] */
GBytes *dinoscope_features_dup_hidden_state (DinoscopeFeatures *self, guint index);  /* [tokens, channels] */
GBytes *dinoscope_features_dup_cls_attention (DinoscopeFeatures *self, guint block); /* [heads, tokens] */

/* Tokens, [tokens, channels], of block (0 …): hidden_states.<block+1>, with the
 * model's final LayerNorm when norm. Computed, not shared. */
GBytes *dinoscope_features_dup_tokens (DinoscopeFeatures *self, guint block, gboolean norm, GError **error);

/* Tokens there are: CLS, registers and patches; and which one is the first patch. */
guint dinoscope_features_get_n_tokens (DinoscopeFeatures *self);
guint dinoscope_features_get_first_patch (DinoscopeFeatures *self);

/* Patch <-> pixels of the original. */
gboolean dinoscope_features_patch_at (DinoscopeFeatures *self, double x, double y, guint *row, guint *column);
void     dinoscope_features_patch_box (DinoscopeFeatures *self, guint row, guint column, double *x0, double *y0, double *x1, double *y1);

/* "avx512". */
const char *dinoscope_features_get_instruction_set (DinoscopeFeatures *self);

/* "Demonstration encoder - not RAD-DINO, fp32, avx512": what every exported
 * picture says of its encoder (transfer full). */
char *dinoscope_features_describe_encoder (DinoscopeFeatures *self);

/* One line that says how the picture was prepared. */
const char *dinoscope_features_get_preparation (DinoscopeFeatures *self);

/* sha256 of the decoded pixels, and of what their file said of them (empty
 * where it said nothing). */
const char *dinoscope_features_get_pixels_sha256 (DinoscopeFeatures *self);
const char *dinoscope_features_get_grey_sha256 (DinoscopeFeatures *self);

/* Bytes of memory held. */
gsize dinoscope_features_get_memory (DinoscopeFeatures *self);

#ifdef DINOSCOPE_INTERNAL
const struct dino_features *dinoscope_features_get_core (DinoscopeFeatures *self);
const struct dino_geometry *dinoscope_features_get_geometry (DinoscopeFeatures *self);
#endif

G_END_DECLS
