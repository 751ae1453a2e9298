/* Overlays' parameters, for a small model. */
#pragma once

#include "engine/dinoscope-overlay-provider.h"

G_BEGIN_DECLS

/* Those of an overlay (transfer none); made once. */
GListModel *fuzz_parameters (DinoscopeOverlayProvider *provider);

/* What is left of the values that somebody gave, as the command line has it. */
void fuzz_complete_parameters (const char *overlay, GVariant *values);

G_END_DECLS
