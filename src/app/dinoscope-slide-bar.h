#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SLIDE_BAR (dinoscope_slide_bar_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeSlideBar, dinoscope_slide_bar, DINOSCOPE, SLIDE_BAR, GtkWidget)

/* Below a picture: which slide it is, and the buttons that go on, back and end. */

/* problem says why nothing of the slide is seen; NULL: it is. */
void dinoscope_slide_bar_show (DinoscopeSlideBar *self, guint index, guint n, const char *title, const char *problem);

G_END_DECLS
