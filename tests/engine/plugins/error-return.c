/* Fails, and says why. */
#define OVERLAY_ID "error-return"
#define OVERLAY_TYPE "TestErrorReturnOverlay"
#include "overlay.h"

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The moon is full.");
  return NULL;
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
