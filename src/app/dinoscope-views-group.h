#pragma once

#include <adwaita.h>

#include "app/dinoscope-page.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_VIEWS_GROUP (dinoscope_views_group_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeViewsGroup, dinoscope_views_group, DINOSCOPE, VIEWS_GROUP, AdwPreferencesGroup)

/* The views that are kept of the page's picture. NULL for no page. */
void dinoscope_views_group_set_page (DinoscopeViewsGroup *self, DinoscopePage *page);

G_END_DECLS
