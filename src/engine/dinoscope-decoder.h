#pragma once

#include "core/heads/decoder-train.h"
#include "engine/dinoscope-features.h"
#include "io/decoder-file.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_DECODER (dinoscope_decoder_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeDecoder, dinoscope_decoder, DINOSCOPE, DECODER, GObject)

/* A decoder of patch tokens with its classes and blocks. Immutable. */

/* Takes over head. report may be NULL. */
DinoscopeDecoder *dinoscope_decoder_new (struct dino_decoder_head *head, const struct dino_decoder_report *report);

/* Files of io/decoder-file.h. path - is standard output. */
DinoscopeDecoder *dinoscope_decoder_load (const char *path, GError **error);
gboolean          dinoscope_decoder_save (DinoscopeDecoder *self, const char *path, GError **error);

const struct dino_decoder_head *dinoscope_decoder_get_head (DinoscopeDecoder *self);
const struct dino_classes      *dinoscope_decoder_get_classes (DinoscopeDecoder *self);

/* How training went; all zero for one that was read from a file. */
const struct dino_decoder_report *dinoscope_decoder_get_report (DinoscopeDecoder *self);

/* Whether features of model are what it was trained on: the encoder's hash where
 * that is known (which may be computed here), numbers and blocks. */
gboolean dinoscope_decoder_check_model (DinoscopeDecoder *self, DinoscopeModel *model, GCancellable *cancellable, GError **error);

/* logits [patches, classes], a new array; dino_free() it. Any thread; team may be NULL. */
float *dinoscope_decoder_compute_logits (DinoscopeDecoder *self, DinoscopeFeatures *features, struct dino_team *team, GError **error);

/* blocks [n_blocks], or the last one of model where n_blocks is 0; resolved has
 * room for DINO_DECODER_MAX_BLOCKS. Returns how many. */
gsize dinoscope_decoder_resolve_blocks (const int *blocks, gsize n_blocks, DinoscopeModel *model, int *resolved);

G_END_DECLS
