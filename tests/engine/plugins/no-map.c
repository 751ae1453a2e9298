/* Returns something that is no map. */
#define OVERLAY_ID "no-map"
#define OVERLAY_TYPE "TestNoMapOverlay"
#include "overlay.h"

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  return (DinoscopeMap *) g_object_ref (features);
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
