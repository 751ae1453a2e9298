#pragma once

#include <adwaita.h>

#include "app/dinoscope-session.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_EMBED_DIALOG (dinoscope_embed_dialog_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeEmbedDialog, dinoscope_embed_dialog, DINOSCOPE, EMBED_DIALOG, AdwWindow)

/* Embeds a folder of pictures with the session's encoder: where from and where
 * to, progress, and in the end the result as the session's collection. The work
 * is that of “dinoscope-cli embed”, which goes on where it was stopped and looks
 * for what is new in a folder that is complete. Closing stops it; meanwhile
 * parent, which has one of these at a time, can be used. Its action
 * win.show-scatter shows the result. */
DinoscopeEmbedDialog *dinoscope_embed_dialog_show (GtkWindow *parent, DinoscopeSession *session);

/* As the file choosers do. The output is a folder beside pictures until it is set. */
void dinoscope_embed_dialog_set_pictures (DinoscopeEmbedDialog *self, GFile *folder);
void dinoscope_embed_dialog_set_output (DinoscopeEmbedDialog *self, GFile *folder);

/* "choose", "running" or "message". */
const char *dinoscope_embed_dialog_get_page (DinoscopeEmbedDialog *self);

/* What the message page says. */
const char *dinoscope_embed_dialog_get_message (DinoscopeEmbedDialog *self);

G_END_DECLS
