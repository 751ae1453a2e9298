/* A map that lies nowhere, with texts and marks to match. */
#define OVERLAY_ID "nonsense-place"
#define OVERLAY_TYPE "TestNonsensePlaceOverlay"
#include <math.h>

#include "overlay.h"

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  DinoscopeMap *map = new_filled_map (dinoscope_features_get_columns (features), dinoscope_features_get_rows (features), 1, 1, error);

  dinoscope_map_set_place (map, 5, 5, -1, NAN);
  dinoscope_map_set_texts (map, "\xff\xfe", "\xff", "");
  dinoscope_map_set_colormap (map, "nowhere");
  dinoscope_map_add_mark (map, 100000, 100000, "far");
  return map;
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
