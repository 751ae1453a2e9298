/* Says that it was cancelled, which it was not. */
#define OVERLAY_ID "false-cancel"
#define OVERLAY_TYPE "TestFalseCancelOverlay"
#include "overlay.h"

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Nobody did that.");
  return NULL;
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
