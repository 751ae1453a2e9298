/* Made for an interface that is not there yet. */
#define OVERLAY_ID "wrong-version"
#define OVERLAY_TYPE "TestWrongVersionOverlay"
#include "overlay.h"

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  return new_filled_map (dinoscope_features_get_columns (features), dinoscope_features_get_rows (features), 1, 1, error);
}

#undef DINOSCOPE_PLUGIN_API_VERSION
#define DINOSCOPE_PLUGIN_API_VERSION 99

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
