#pragma once

#include <adwaita.h>

#include "app/dinoscope-page.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_REGIONS_GROUP (dinoscope_regions_group_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeRegionsGroup, dinoscope_regions_group, DINOSCOPE, REGIONS_GROUP, AdwPreferencesGroup)

/* Rows for what is marked on the picture, with the map's numbers inside each
 * region; buttons that draw, load, save and clear. */

/* NULL for no page. */
void dinoscope_regions_group_set_page (DinoscopeRegionsGroup *self, DinoscopePage *page);

/* What the buttons do once a file is chosen. */
void dinoscope_regions_group_load (DinoscopeRegionsGroup *self, GFile *file);
void dinoscope_regions_group_save (DinoscopeRegionsGroup *self, GFile *file);

/* TRUE when the rows tell of the map and the regions that are shown. */
gboolean dinoscope_regions_group_is_current (DinoscopeRegionsGroup *self);

/* The row of a region, or of the mask after them; NULL when there is none. */
GtkWidget *dinoscope_regions_group_get_row (DinoscopeRegionsGroup *self, guint index);

G_END_DECLS
