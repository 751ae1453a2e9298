#pragma once

#include "engine/dinoscope-overlay-provider.h"

G_BEGIN_DECLS

/* The overlay providers there are: the extension point's, the built-in ones
 * ("pca", "cls-attention") among them, and those of plug-ins that are in use.
 * Registration happens once, at the first call, from any thread. */

/* A new GListModel of DinoscopeOverlayProvider, built-in ones first (transfer
 * full): those that a menu offers, and all, among them those that encode the
 * picture many times ("occlusion"), which nobody starts by choosing from a menu. */
GListModel *dinoscope_overlays_list (void);
GListModel *dinoscope_overlays_list_all (void);

/* (transfer full), NULL when there is none of that id. */
DinoscopeOverlayProvider *dinoscope_overlays_find (const char *id);

G_END_DECLS
