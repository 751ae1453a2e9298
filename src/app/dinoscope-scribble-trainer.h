#pragma once

#include "app/dinoscope-page.h"
#include "app/dinoscope-scribble-kit.h"
#include "engine/dinoscope-decoder.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SCRIBBLE_TRAINER (dinoscope_scribble_trainer_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeScribbleTrainer, dinoscope_scribble_trainer, DINOSCOPE, SCRIBBLE_TRAINER, GObject)

/* Learns a decoder from what is painted on the pictures of some pages, and makes
 * masks with it: one at a time, beside everything else.
 *
 * Signals:
 *   "changed": it began or ended to learn, or has another decoder
 *   "message" (const char *text): something to tell in passing
 */

DinoscopeScribbleTrainer *dinoscope_scribble_trainer_new (DinoscopeScribbleKit *kit);

/* What is painted on the page's picture counts from now on, as long as the page
 * is there. */
void dinoscope_scribble_trainer_add_page (DinoscopeScribbleTrainer *self, DinoscopePage *page);

/* Learns from the pictures that the pages show, where they are encoded. The masks
 * of the decoder before go. */
void     dinoscope_scribble_trainer_train (DinoscopeScribbleTrainer *self);
void     dinoscope_scribble_trainer_cancel (DinoscopeScribbleTrainer *self);
gboolean dinoscope_scribble_trainer_is_busy (DinoscopeScribbleTrainer *self);

/* NULL before the first. */
DinoscopeDecoder *dinoscope_scribble_trainer_get_decoder (DinoscopeScribbleTrainer *self);

/* Another one, from a file: its classes become the kit's. */
gboolean dinoscope_scribble_trainer_load (DinoscopeScribbleTrainer *self, GFile *file, GError **error);

/* What it was learned from, in a sentence. (transfer full) */
char *dinoscope_scribble_trainer_describe (DinoscopeScribbleTrainer *self);

/* Makes the mask of the picture of a page, when there is a decoder, the picture is
 * encoded, and there is none yet. */
void     dinoscope_scribble_trainer_segment (DinoscopeScribbleTrainer *self, DinoscopePage *page);
gboolean dinoscope_scribble_trainer_is_segmenting (DinoscopeScribbleTrainer *self);

G_END_DECLS
