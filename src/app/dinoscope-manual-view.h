#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MANUAL_VIEW (dinoscope_manual_view_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeManualView, dinoscope_manual_view, DINOSCOPE, MANUAL_VIEW, GtkWidget)

/* A page of the manual as widgets: a label for each heading and paragraph,
 * pictures in the width that there is.
 *
 * Signal "link" (char *target): a link was followed, as it is written in the page.
 */

GtkWidget *dinoscope_manual_view_new (void);

/* CommonMark; HTML in it is left out. */
void dinoscope_manual_view_set_text (DinoscopeManualView *self, const char *text);

/* The widget of the heading that "#anchor" names: its words in small letters,
 * joined by "-". NULL when there is none. */
GtkWidget *dinoscope_manual_view_find_heading (DinoscopeManualView *self, const char *anchor);

G_END_DECLS
