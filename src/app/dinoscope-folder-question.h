#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a window does with the folder that a person chose in it. */
typedef void (*DinoscopeFolderQuestionFunc) (GtkWindow *window, GFile *folder);

/* Asks for a folder, over window, and calls chosen with it unless the person
 * thinks better of it or window goes first. While a question stands over window,
 * another call does nothing. */
void dinoscope_folder_question_ask (GtkWindow *window, const char *title, DinoscopeFolderQuestionFunc chosen);

G_END_DECLS
