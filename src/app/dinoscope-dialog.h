#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Lets dialog be parent's (may be NULL), and go with it. In GTK 4.8 "transient-for" and
 * "destroy-with-parent" alone leave a pointer to the parent that is gone in a dialog that
 * is still referenced then, by what runs for it. */
void dinoscope_dialog_set_parent (GtkWindow *dialog, GtkWindow *parent);

G_END_DECLS
