#pragma once

#include <adwaita.h>

#include "app/dinoscope-page.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_STRONGEST_GROUP (dinoscope_strongest_group_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeStrongestGroup, dinoscope_strongest_group, DINOSCOPE, STRONGEST_GROUP, AdwPreferencesGroup)

/* A table of the strongest patches of the page's map. The row that is chosen
 * and the patch cursor are one. It is computed while it is unfolded. */

/* NULL for no page. */
void dinoscope_strongest_group_set_page (DinoscopeStrongestGroup *self, DinoscopePage *page);

/* The patches in the order in which they are shown, a GListModel of DinoscopeStrongPatch. */
GListModel *dinoscope_strongest_group_get_patches (DinoscopeStrongestGroup *self);

G_END_DECLS
