/* The section "Dinoscope" in the sidebar of a window of gThumb. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_GTHUMB_SECTION (dinoscope_gthumb_section_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeGthumbSection, dinoscope_gthumb_section, DINOSCOPE, GTHUMB_SECTION, GtkBox)

G_END_DECLS
