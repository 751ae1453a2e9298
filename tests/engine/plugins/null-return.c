/* Fails, and does not say why. */
#define OVERLAY_ID "null-return"
#define OVERLAY_TYPE "TestNullReturnOverlay"
#include "overlay.h"

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  return NULL;
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
