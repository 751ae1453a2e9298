#pragma once

#include <gio/gio.h>

#include "core/maps/draw.h"
#include "engine/dinoscope-map-style.h"

G_BEGIN_DECLS

/* As core has it; self NULL: the defaults. FALSE and error when its colours are none. */
gboolean dinoscope_map_style_get_core (DinoscopeMapStyle *self, struct dino_map_style *core, GError **error);

G_END_DECLS
