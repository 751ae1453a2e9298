/* An overlay provider that does what a test tells it to. */
#pragma once

#include "engine/dinoscope-overlays.h"

G_BEGIN_DECLS

#define SCRIPTED_TYPE_OVERLAY (scripted_overlay_get_type ())
G_DECLARE_FINAL_TYPE (ScriptedOverlay, scripted_overlay, SCRIPTED, OVERLAY, GObject)

typedef DinoscopeMap *(*ScriptedFunc) (DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error);

DinoscopeOverlayProvider *scripted_overlay_new (ScriptedFunc func, gpointer data);
void                      scripted_overlay_set_needs (DinoscopeOverlayProvider *provider, int last_block, guint n_references);

/* A good map over the grid of context's primary features. */
DinoscopeMap *scripted_map (DinoscopeContext *context);

G_END_DECLS
