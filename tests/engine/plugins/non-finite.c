/* A map with values that are no numbers. */
#define OVERLAY_ID "non-finite"
#define OVERLAY_TYPE "TestNonFiniteOverlay"
#include <math.h>

#include "overlay.h"

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  return new_filled_map (dinoscope_features_get_columns (features), dinoscope_features_get_rows (features), 1, NAN, error);
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
