#pragma once

#include <adwaita.h>

#include "app/dinoscope-page.h"
#include "app/dinoscope-probe.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PROBE_GROUP (dinoscope_probe_group_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeProbeGroup, dinoscope_probe_group, DINOSCOPE, PROBE_GROUP, AdwPreferencesGroup)

/* What a head makes of the page's picture, class by class, and where in the
 * picture a score comes from. Nothing while the page conceals its map. */

/* NULL for no page. */
void dinoscope_probe_group_set_page (DinoscopeProbeGroup *self, DinoscopePage *page);

/* The overlay is chosen there when the share of patches is asked for. */
void dinoscope_probe_group_set_settings (DinoscopeProbeGroup *self, DinoscopeOverlaySettings *settings);

DinoscopeProbe *dinoscope_probe_group_get_probe (DinoscopeProbeGroup *self);

/* As if the file had been chosen; what is wrong with it is a message of the page. */
void dinoscope_probe_group_load (DinoscopeProbeGroup *self, GFile *file);
void dinoscope_probe_group_load_list (DinoscopeProbeGroup *self, GFile *file);

/* The row of a class, NULL past the end. */
GtkWidget *dinoscope_probe_group_get_row (DinoscopeProbeGroup *self, guint index);

G_END_DECLS
