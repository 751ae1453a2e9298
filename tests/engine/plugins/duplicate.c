/* Takes the id of an overlay that is there already. */
#define OVERLAY_ID "pca"
#define OVERLAY_TYPE "TestDuplicateOverlay"
#include "overlay.h"

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  return new_filled_map (dinoscope_features_get_columns (features), dinoscope_features_get_rows (features), 1, 1, error);
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
