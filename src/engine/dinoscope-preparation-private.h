#pragma once

#include <gio/gio.h>

#include "core/picture/prepare.h"
#include "engine/dinoscope-preparation.h"

G_BEGIN_DECLS

/* As core has it; self NULL: the defaults. FALSE and error when its window is none. */
gboolean dinoscope_preparation_get_core (DinoscopePreparation *self, struct dino_preparation *core, gboolean *ignore_exif, GError **error);

G_END_DECLS
