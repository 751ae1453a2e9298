#pragma once

#include <adwaita.h>

#include "app/dinoscope-page.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PATCH_GROUP (dinoscope_patch_group_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePatchGroup, dinoscope_patch_group, DINOSCOPE, PATCH_GROUP, AdwPreferencesGroup)

/* All numbers of the patch at the cursor, the pins, and the patches that are
 * similar; a row of these moves the cursor. NULL for no page. */
void dinoscope_patch_group_set_page (DinoscopePatchGroup *self, DinoscopePage *page);

/* The numbers as they are copied: lines of title and value with a tab between. (transfer full) */
char *dinoscope_patch_group_dup_text (DinoscopePatchGroup *self);

G_END_DECLS
