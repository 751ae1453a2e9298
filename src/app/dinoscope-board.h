#pragma once

#include <gtk/gtk.h>

#include "app/dinoscope-page.h"

G_BEGIN_DECLS

#define DINOSCOPE_BOARD_MAX_PAGES 4

#define DINOSCOPE_TYPE_BOARD (dinoscope_board_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeBoard, dinoscope_board, DINOSCOPE, BOARD, GtkWidget)

/* What a tab holds: up to DINOSCOPE_BOARD_MAX_PAGES pages, that are compared.
 * One of them is the current one, which the panel, the status line and keys are
 * about. All pages of a board are active at once; encodings queue in the engine.
 *
 * Properties: "current" (the page), "n-pages", "title" (of all its pages),
 * "linked" (zoom, centre, turns, flip, greys and the range of colours are the
 * same in all pages), "slider" (two pages lie over each other, parted by a line
 * that can be moved; their views go together then, linked or not).
 */

/* With page as its only and current one. */
DinoscopeBoard *dinoscope_board_new (DinoscopePage *page);

/* At the end. Nothing happens when the board is full. */
void           dinoscope_board_add_page (DinoscopeBoard *self, DinoscopePage *page);
guint          dinoscope_board_get_n_pages (DinoscopeBoard *self);
DinoscopePage *dinoscope_board_get_page (DinoscopeBoard *self, guint index);
gboolean       dinoscope_board_has_page (DinoscopeBoard *self, DinoscopePage *page);

/* Closes the page for good; the last one stays. */
void dinoscope_board_remove_page (DinoscopeBoard *self, DinoscopePage *page);

DinoscopePage *dinoscope_board_get_current (DinoscopeBoard *self);
void           dinoscope_board_set_current (DinoscopeBoard *self, DinoscopePage *page);

/* Makes the next (steps > 0) or previous page the current one, round and round. */
void dinoscope_board_step (DinoscopeBoard *self, int steps);

/* Unfolds what the page has of its own preparation. */
void dinoscope_board_show_preparation (DinoscopeBoard *self, DinoscopePage *page);

/* Those of the window that the board is in; tabs can move to another window. */
void dinoscope_board_set_settings (DinoscopeBoard *self, DinoscopeOverlaySettings *settings, DinoscopePreparationSettings *preparation);

/* Whether its tab is the one that is looked at. */
void dinoscope_board_set_active (DinoscopeBoard *self, gboolean active);

/* Stops everything, for good. */
void dinoscope_board_close (DinoscopeBoard *self);

/* The board that a page is in. */
DinoscopeBoard *dinoscope_board_of (DinoscopePage *page);

G_END_DECLS
