#pragma once

#include "app/dinoscope-window.h"

G_BEGIN_DECLS

/* What a window showed before something else took it over for a while (the
 * tour, slides), and how it comes back: tabs, views, overlays, preparation,
 * panel. Nothing is known before it is told: an overlay and a page are
 * remembered when they are about to be changed. */
typedef struct _DinoscopeInterlude DinoscopeInterlude;

/* window has to outlive it. While it lasts no guess is asked for. */
DinoscopeInterlude *dinoscope_interlude_new (DinoscopeWindow *window);

/* Chooses an overlay whose parameters and colours are about to be changed. */
void dinoscope_interlude_choose_overlay (DinoscopeInterlude *self, DinoscopeOverlayProvider *provider);

/* A page that is about to be changed. One that was not open goes at the end,
 * unless nothing else was. */
void dinoscope_interlude_keep_page (DinoscopeInterlude *self, DinoscopePage *page, gboolean was_open);

/* Closes the views that have come beside those pages since. */
void dinoscope_interlude_close_views (DinoscopeInterlude *self);

/* Whether the panel was there. */
gboolean dinoscope_interlude_had_panel (DinoscopeInterlude *self);

/* Everything as before; frees self. */
void dinoscope_interlude_end (DinoscopeInterlude *self);

/* Without that, for a window that goes. */
void dinoscope_interlude_free (DinoscopeInterlude *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DinoscopeInterlude, dinoscope_interlude_free)

G_END_DECLS
