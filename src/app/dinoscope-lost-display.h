#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* From now on the program says so when the X server of display goes, and ends with
 * EXIT_FAILURE; GTK ends it without a word. Of Wayland's compositor GTK tells. */
void dinoscope_lost_display_tell (GdkDisplay *display);

G_END_DECLS
