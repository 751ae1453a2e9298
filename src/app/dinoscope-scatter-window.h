#pragma once

#include <adwaita.h>

#include "app/dinoscope-scatter-view.h"
#include "app/dinoscope-session.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SCATTER_WINDOW (dinoscope_scatter_window_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeScatterWindow, dinoscope_scatter_window, DINOSCOPE, SCATTER_WINDOW, AdwWindow)

/* The map of the session's collection: a point for each picture, groups and
 * columns as colours, lists of what is chosen and of near duplicates.
 *
 * Signal: "open-picture" (GFile, gboolean): a person wants to see it; beside
 * what is shown when TRUE.
 * Actions: collection.open, collection.read-table, collection.choose-pictures,
 * collection.copy-list, collection.save-list, collection.save-picture,
 * collection.cancel. */
DinoscopeScatterWindow *dinoscope_scatter_window_new (DinoscopeSession *session);

/* The picture that the other window shows, by the hash of its pixels; NULL: none. */
void dinoscope_scatter_window_set_current (DinoscopeScatterWindow *self, const char *pixels_sha256);

DinoscopeScatterView *dinoscope_scatter_window_get_view (DinoscopeScatterWindow *self);

/* Whether something is computed. */
gboolean dinoscope_scatter_window_is_busy (DinoscopeScatterWindow *self);

G_END_DECLS
