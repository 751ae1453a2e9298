#pragma once

#include <adwaita.h>

#include "app/dinoscope-page.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_WHAT_IF_GROUP (dinoscope_what_if_group_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeWhatIfGroup, dinoscope_what_if_group, DINOSCOPE, WHAT_IF_GROUP, AdwPreferencesGroup)

/* Rows that cover a region of the picture, tell what changes by that, and start
 * an occlusion sweep. */

/* NULL for no page. settings are those of the window. */
void dinoscope_what_if_group_set_page (DinoscopeWhatIfGroup *self, DinoscopePage *page);
void dinoscope_what_if_group_set_settings (DinoscopeWhatIfGroup *self, DinoscopeOverlaySettings *settings);

G_END_DECLS
