#pragma once

#include <adwaita.h>

#include "app/dinoscope-overlay-settings.h"
#include "app/dinoscope-page.h"
#include "app/dinoscope-session.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_WINDOW (dinoscope_window_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeWindow, dinoscope_window, DINOSCOPE, WINDOW, AdwApplicationWindow)

/* The window: tabs with pictures, the panel, the numbers below.
 *
 * Properties: "panel-visible", "guess-first" (of its overlay settings).
 *
 * Actions: win.open, win.paste, win.try-example, win.close-tab,
 * win.previous-picture, win.next-picture, win.encode, win.cancel,
 * win.next-block, win.previous-block, win.next-head, win.previous-head,
 * win.opacity-up, win.opacity-down, win.show-map, win.show-panel,
 * win.guess-first, win.reveal, win.tour, win.tour-next, win.tour-back, win.tour-end,
 * win.show-slides, win.next-slide, win.previous-slide, win.end-slides,
 * win.fullscreen, win.leave-fullscreen, and win.view-… for what the canvas
 * calls view.…, so that menus reach it.
 */

DinoscopeWindow *dinoscope_window_new (AdwApplication *application, DinoscopeSession *session, GSettings *preferences);

/* A tab for each file; a file that is open already is only selected. */
void dinoscope_window_open_files (DinoscopeWindow *self, GFile **files, int n_files);
void dinoscope_window_open_bytes (DinoscopeWindow *self, GBytes *bytes, const char *name);

/* The selected page, NULL when there is none. */
DinoscopePage            *dinoscope_window_get_page (DinoscopeWindow *self);
guint                     dinoscope_window_get_n_pages (DinoscopeWindow *self);
DinoscopeOverlaySettings *dinoscope_window_get_settings (DinoscopeWindow *self);

/* A passing message at the lower edge. */
void dinoscope_window_tell (DinoscopeWindow *self, const char *text);

G_END_DECLS
