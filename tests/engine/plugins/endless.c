/* Never ends, and does not look at cancel. */
#define OVERLAY_ID "endless"
#define OVERLAY_TYPE "TestEndlessOverlay"
#include "overlay.h"

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  for (;;)
    g_usleep (1000);
  return NULL;
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
