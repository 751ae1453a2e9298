#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Lets the wheel scroll WINDOW also where the pointer is over a number or a
 * scale, which would change its value otherwise. */
void dinoscope_scroll_past_editors (GtkScrolledWindow *window);

G_END_DECLS
