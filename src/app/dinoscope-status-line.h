#pragma once

#include <gtk/gtk.h>

#include "app/dinoscope-page.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_STATUS_LINE (dinoscope_status_line_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeStatusLine, dinoscope_status_line, DINOSCOPE, STATUS_LINE, GtkWidget)

/* The numbers under the pointer, else of the selected patch, of one page. */

void dinoscope_status_line_set_page (DinoscopeStatusLine *self, DinoscopePage *page);

/* All that the line says, parts separated by " | ". (transfer full) */
char *dinoscope_status_line_dup_text (DinoscopeStatusLine *self);

G_END_DECLS
