#pragma once

#include <gtk/gtk.h>

#include "app/dinoscope-page.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_CELL (dinoscope_cell_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeCell, dinoscope_cell, DINOSCOPE, CELL, GtkWidget)

/* One view of a board: a page, and above it, when there are several views, a
 * line that tells them apart.
 *
 * Signals:
 *   "entered": a person turned to this view, by mouse or keys
 *   "close": the view is to be closed
 */

DinoscopeCell *dinoscope_cell_new (DinoscopePage *page);

/* The page is taken out of a cell that is given up. */
DinoscopePage *dinoscope_cell_get_page (DinoscopeCell *self);
void           dinoscope_cell_release_page (DinoscopeCell *self);

/* Whether the line is there; whether it tells that this view is the one that keys work on. */
void dinoscope_cell_set_header_visible (DinoscopeCell *self, gboolean visible);
int  dinoscope_cell_get_header_height (DinoscopeCell *self);
void dinoscope_cell_set_current (DinoscopeCell *self, gboolean current);

/* What tells this view from the others: its encoder, its preparation; NULL: nothing. */
void dinoscope_cell_set_detail (DinoscopeCell *self, const char *detail);

/* Unfolds how its picture is prepared, when that is its own. */
void dinoscope_cell_show_preparation (DinoscopeCell *self);

/* Shows only a part of the page, which lies at x of the cell and is width wide
 * however wide the cell is: a view that another one is laid over. width 0: the
 * page fills its cell. */
void dinoscope_cell_set_window (DinoscopeCell *self, int x, int width);

G_END_DECLS
