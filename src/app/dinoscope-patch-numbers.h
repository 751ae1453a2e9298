#pragma once

#include "app/dinoscope-marks.h"
#include "engine/dinoscope.h"

G_BEGIN_DECLS

/* What the encoder has to say of each patch in one block: computed once for all
 * patches when the first is asked for, so that a pointer that moves costs nothing. */

typedef struct _DinoscopePatchNumbers DinoscopePatchNumbers;

DinoscopePatchNumbers *dinoscope_patch_numbers_new (void);
void                   dinoscope_patch_numbers_free (DinoscopePatchNumbers *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DinoscopePatchNumbers, dinoscope_patch_numbers_free)

/* Cosines of patch with all patches [patches], tokens of block after the final
 * LayerNorm; on the calling thread alone, which must not wait for an encoder.
 * NULL on errors; g_free() it. */
float *dinoscope_patch_cosines (DinoscopeFeatures *features, int block, DinoscopePatch patch, struct dino_error *failure);

/* What is asked about: block (-1: the last one there is), head (or
 * DINO_HEAD_MEAN, DINO_HEAD_MAX) of the attention, and the pin, NULL for none.
 * features may be NULL: then there are no numbers. TRUE when that is something else
 * than before. */
gboolean dinoscope_patch_numbers_ask (DinoscopePatchNumbers *self, DinoscopeFeatures *features, int block, int head, const DinoscopePatch *pin);

/* How often something else was asked about. */
guint dinoscope_patch_numbers_get_serial (DinoscopePatchNumbers *self);

/* Each is FALSE when there is no such number, or no such patch. */

/* L2, of the patch token after the block, before the final LayerNorm. */
gboolean dinoscope_patch_numbers_norm (DinoscopePatchNumbers *self, guint row, guint column, double *norm);

/* Post-softmax attention of the CLS token to the patch, and how many patches have
 * more, plus one. */
gboolean dinoscope_patch_numbers_attention (DinoscopePatchNumbers *self, guint row, guint column, double *weight, guint *rank);

/* Cosine with the pin, tokens of the block after the final LayerNorm. */
gboolean dinoscope_patch_numbers_cosine (DinoscopePatchNumbers *self, guint row, guint column, double *cosine);

G_END_DECLS
