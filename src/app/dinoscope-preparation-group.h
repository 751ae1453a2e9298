#pragma once

#include <adwaita.h>

#include "app/dinoscope-page.h"
#include "app/dinoscope-preparation-settings.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PREPARATION_GROUP (dinoscope_preparation_group_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePreparationGroup, dinoscope_preparation_group, DINOSCOPE, PREPARATION_GROUP, AdwPreferencesGroup)

/* The part of the panel that says, and lets choose, what the model gets. */

void dinoscope_preparation_group_set_settings (DinoscopePreparationGroup *self, DinoscopePreparationSettings *settings);

/* Whose picture the numbers are about; NULL for none. */
void dinoscope_preparation_group_set_page (DinoscopePreparationGroup *self, DinoscopePage *page);

G_END_DECLS
