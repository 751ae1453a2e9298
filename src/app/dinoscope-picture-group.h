#pragma once

#include <adwaita.h>

#include "app/dinoscope-picture-facts.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PICTURE_GROUP (dinoscope_picture_group_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePictureGroup, dinoscope_picture_group, DINOSCOPE, PICTURE_GROUP, AdwPreferencesGroup)

/* What there is to know about the picture. What names the patient is a part of
 * its own that is folded for every picture; its rows exist only while it is
 * unfolded. */

/* NULL for no picture. */
void dinoscope_picture_group_show (DinoscopePictureGroup *self, const DinoscopeShownPicture *shown);

G_END_DECLS
