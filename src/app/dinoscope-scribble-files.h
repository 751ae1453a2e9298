#pragma once

#include <gio/gio.h>

#include "core/heads/classes.h"

G_BEGIN_DECLS

/* Writes a mask [height, width], off the main loop: as outlines where the name
 * ends in .geojson, .json or .svg, else as PNG. */
void     dinoscope_mask_export_async (GBytes *mask, int width, int height, const struct dino_classes *classes, GFile *file, GAsyncReadyCallback callback, gpointer user_data);
gboolean dinoscope_mask_export_finish (GAsyncResult *result, GError **error);

G_END_DECLS
