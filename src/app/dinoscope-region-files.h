#pragma once

#include "app/dinoscope-regions.h"

G_BEGIN_DECLS

/* Reads what "map --region" reads: boxes and ellipses from CSV are added to
 * those that are there, a picture is the mask. Told apart by content. FALSE and
 * error, with nothing changed, when the file is neither or does not fit study. */
void     dinoscope_regions_load_async (DinoscopeRegions *regions, DinoscopeStudy *study, GFile *file, GAsyncReadyCallback callback, gpointer user_data);
gboolean dinoscope_regions_load_finish (DinoscopeRegions *regions, GAsyncResult *result, GError **error);

/* Writes the shapes, not the mask, as a CSV that "map --region" reads. */
gboolean dinoscope_regions_save (DinoscopeRegions *regions, GFile *file, GError **error);

G_END_DECLS
