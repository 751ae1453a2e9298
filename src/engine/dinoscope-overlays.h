#pragma once

#include "engine/dinoscope-overlay-provider.h"

G_BEGIN_DECLS

/* The overlay providers there are: the extension point's, the built-in ones
 * ("pca", "cls-attention") among them. Registration happens once, at the first
 * call, from any thread. */

/* A new GListModel of DinoscopeOverlayProvider, built-in ones first (transfer full). */
GListModel *dinoscope_overlays_list (void);

/* (transfer full), NULL when there is none of that id. */
DinoscopeOverlayProvider *dinoscope_overlays_find (const char *id);

G_END_DECLS
