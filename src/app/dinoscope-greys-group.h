#pragma once

#include <adwaita.h>

#include "app/dinoscope-greys.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_GREYS_GROUP (dinoscope_greys_group_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeGreysGroup, dinoscope_greys_group, DINOSCOPE, GREYS_GROUP, AdwPreferencesGroup)

/* Rows for what of the picture is shown: what the file offers, window and
 * level by hand, black and white exchanged. */

/* NULL for no picture. */
void dinoscope_greys_group_set_greys (DinoscopeGreysGroup *self, DinoscopeGreys *greys);

G_END_DECLS
