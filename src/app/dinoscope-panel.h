#pragma once

#include <gtk/gtk.h>

#include "app/dinoscope-overlay-settings.h"
#include "app/dinoscope-page.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PANEL (dinoscope_panel_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePanel, dinoscope_panel, DINOSCOPE, PANEL, GtkWidget)

/* The side panel: the overlay with its parameters, its colours, how the map
 * was made, and what there is to know about the picture. */

void dinoscope_panel_set_settings (DinoscopePanel *self, DinoscopeOverlaySettings *settings);
void dinoscope_panel_set_preparation (DinoscopePanel *self, DinoscopePreparationSettings *preparation);

/* Whose map and picture the facts are about; NULL for none. */
void dinoscope_panel_set_page (DinoscopePanel *self, DinoscopePage *page);

/* The row of a parameter, NULL when there is none. */
GtkWidget *dinoscope_panel_find_row (DinoscopePanel *self, const char *name);

G_END_DECLS
