/* Needs a block that no encoder has. */
#define OVERLAY_ID "bad-block"
#define OVERLAY_TYPE "TestBadBlockOverlay"
#define OVERLAY_BLOCK 1000
#include "overlay.h"

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  return new_filled_map (dinoscope_features_get_columns (features), dinoscope_features_get_rows (features), 1, 1, error);
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
