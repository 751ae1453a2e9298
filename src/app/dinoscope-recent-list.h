#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_RECENT_LIST (dinoscope_recent_list_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeRecentList, dinoscope_recent_list, DINOSCOPE, RECENT_LIST, GtkWidget)

/* Pictures that this program opened before, the latest first; read anew each
 * time the list appears. Signal "chosen" (GFile *file). */

/* Remembers a picture for this program only. format is a dino_picture's;
 * formats that may carry a patient's name are not remembered. */
void dinoscope_recent_list_add (GFile *file, const char *format);

/* The addresses of all of the user's recent files (char *, transfer full). */
GHashTable *dinoscope_recent_list_snapshot (void);

/* GTK's own file dialog notes what was chosen among the user's recent files.
 * For a file whose name must not be kept: its entry is taken out again, now and
 * whenever it appears, unless it was there before the dialog (a snapshot). */
void dinoscope_recent_list_keep_out (GFile *file, GHashTable *before);

G_END_DECLS
