#pragma once

#include <adwaita.h>

#include "app/dinoscope-session.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_GET_MODEL_DIALOG (dinoscope_get_model_dialog_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeGetModelDialog, dinoscope_get_model_dialog, DINOSCOPE, GET_MODEL_DIALOG, AdwWindow)

/* RAD-DINO on request: what would be fetched, from where, how large, under
 * which licence and where to; nothing happens before consent. Then progress,
 * and the encoder is changed when all is there. Modal for parent. Without
 * network it explains, and takes a folder only. */
DinoscopeGetModelDialog *dinoscope_get_model_dialog_show (GtkWindow *parent, DinoscopeSession *session, gboolean network);

/* Uses the model in folder, as the file chooser does. */
void dinoscope_get_model_dialog_choose (DinoscopeGetModelDialog *self, GFile *folder);

/* "offer", "running", "failed" or "closed" (the network is not to be had). */
const char *dinoscope_get_model_dialog_get_page (DinoscopeGetModelDialog *self);

/* What the page says of the failure; "" otherwise. */
const char *dinoscope_get_model_dialog_get_message (DinoscopeGetModelDialog *self);

G_END_DECLS
