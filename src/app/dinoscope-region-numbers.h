#pragma once

#include "app/dinoscope-regions.h"

G_BEGIN_DECLS

/* What dino_region_shape() and dino_region_mask() say of a region. */
typedef struct
{
  gboolean                  measured;
  struct dino_region_result result;  /* when measured */
  char                     *problem; /* else, in a sentence */
} DinoscopeRegionNumbers;

/* Measures all regions as they are now on a map of one channel, beside the main
 * loop, since a mask may have millions of pixels. The result is an array of
 * DinoscopeRegionNumbers: the shapes in their order, then the mask if there is
 * one. (transfer full) */
void    dinoscope_region_numbers_async (DinoscopeRegions *regions, DinoscopeMap *map, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GArray *dinoscope_region_numbers_finish (GAsyncResult *result, GError **error);

/* "mean 0.31, maximum 0.92\n12.3 % of the mass, peak inside\n34.5 patches", or
 * the problem. (transfer full) */
char *dinoscope_region_numbers_describe (const DinoscopeRegionNumbers *numbers);

G_END_DECLS
