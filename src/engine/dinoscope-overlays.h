#pragma once

#include "dinoscope-overlay-provider.h"

G_BEGIN_DECLS

/**
 * dinoscope_overlays_list:
 *
 * Lists the overlay providers that a menu offers: the extension point's, the
 * built-in ones ("pca", "cls-attention") first, and those of plug-ins that are
 * in use. Registration happens once, at the first call, from any thread.
 *
 * Returns: (transfer full): a new list of [iface@Dinoscope.OverlayProvider]
 */
GListModel *dinoscope_overlays_list (void);

/**
 * dinoscope_overlays_list_all:
 *
 * Lists all overlay providers, among them those that encode the picture many
 * times ("occlusion"), which nobody starts by choosing from a menu.
 *
 * Returns: (transfer full): a new list of [iface@Dinoscope.OverlayProvider]
 */
GListModel *dinoscope_overlays_list_all (void);

/**
 * dinoscope_overlays_find:
 * @id: "pca", "cls-attention"
 *
 * Finds one of all overlay providers.
 *
 * Returns: (transfer full) (nullable): the provider; %NULL when there is none of that id
 */
DinoscopeOverlayProvider *dinoscope_overlays_find (const char *id);

G_END_DECLS
