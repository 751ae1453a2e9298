/* A map of two channels. */
#define OVERLAY_ID "two-channels"
#define OVERLAY_TYPE "TestTwoChannelsOverlay"
#include "overlay.h"

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  return new_filled_map (dinoscope_features_get_columns (features), dinoscope_features_get_rows (features), 2, 1, error);
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
