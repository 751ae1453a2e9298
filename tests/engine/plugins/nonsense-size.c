/* A map over another grid than that of the patches. */
#define OVERLAY_ID "nonsense-size"
#define OVERLAY_TYPE "TestNonsenseSizeOverlay"
#include "overlay.h"

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  return new_filled_map (3, 1000, 1, 1, error);
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
