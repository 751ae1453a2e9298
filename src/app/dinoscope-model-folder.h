#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a window does with the folder of an encoder that a person chose in it. */
typedef void (*DinoscopeModelFolderFunc) (GtkWindow *window, GFile *folder);

/* Asks for the folder of an encoder, over window, and calls chosen with it
 * unless the person thinks better of it or window goes first. While the question
 * stands, another call does nothing. */
void dinoscope_model_folder_ask (GtkWindow *window, DinoscopeModelFolderFunc chosen);

G_END_DECLS
