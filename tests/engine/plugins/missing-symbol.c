/* Calls a function that no library has. */
#define OVERLAY_ID "missing-symbol"
#define OVERLAY_TYPE "TestMissingSymbolOverlay"
#include "overlay.h"

extern DinoscopeMap *this_function_is_nowhere (DinoscopeFeatures *features);

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  return this_function_is_nowhere (features);
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
