#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_FITTING_LINE (dinoscope_fitting_line_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeFittingLine, dinoscope_fitting_line, DINOSCOPE, FITTING_LINE, GtkWidget)

/* Children beside each other, the most important first. Where there is no room
 * the last ones are left out, whole; the first is cut. Its own width is none. */

G_END_DECLS
