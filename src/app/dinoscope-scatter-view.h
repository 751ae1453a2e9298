#pragma once

#include <gtk/gtk.h>

#include "render/scatter-column.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SCATTER_VIEW (dinoscope_scatter_view_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeScatterView, dinoscope_scatter_view, DINOSCOPE, SCATTER_VIEW, GtkWidget)

/* Points in the plane that can be looked at, chosen and opened. Drag moves
 * them, the wheel and pinching zoom, Shift+drag (or any drag while "lasso") chooses
 * what is enclosed; arrow keys go from point to point, Enter opens, Space
 * chooses, Escape chooses nothing, + - and 0 zoom.
 *
 * Properties: "lasso" (gboolean, read and write).
 * Signals: "activated" (guint64 row), "selection-changed", "looked-at": another
 * point is under the pointer or the keyboard's cursor.
 * Actions: scatter.zoom-in, scatter.zoom-out, scatter.fit, scatter.select-all,
 * scatter.select-none. */

/* Takes a copy of plane [n, 2]; cursor and selection are gone. plane NULL: nothing. */
void dinoscope_scatter_view_set_plane (DinoscopeScatterView *self, const float *plane, gsize n);

/* What points are coloured by, of the same n; borrowed until the next call. NULL: nothing. */
void dinoscope_scatter_view_set_column (DinoscopeScatterView *self, const struct dino_scatter_column *column);

/* The row of the picture that is open, marked by a ring; -1: none of them. */
void   dinoscope_scatter_view_set_current (DinoscopeScatterView *self, gssize row);
gssize dinoscope_scatter_view_get_current (DinoscopeScatterView *self);

/* The point under the pointer, else under the cursor; -1: none. */
gssize dinoscope_scatter_view_get_looked_at (DinoscopeScatterView *self);
void   dinoscope_scatter_view_set_cursor (DinoscopeScatterView *self, gssize row);

/* selected is [n], 0 or 1, NULL where nothing is. (transfer none) */
const guint8 *dinoscope_scatter_view_get_selected (DinoscopeScatterView *self);
gsize         dinoscope_scatter_view_get_n_selected (DinoscopeScatterView *self);
void          dinoscope_scatter_view_select_rows (DinoscopeScatterView *self, const guint32 *rows, gsize n);

/* Selects what a closed line of places of the widget encloses, [n_corners, 2]. */
void dinoscope_scatter_view_select_enclosed (DinoscopeScatterView *self, const double *corners, gsize n_corners);

/* Where a point is on the widget; FALSE without one. */
gboolean dinoscope_scatter_view_get_place (DinoscopeScatterView *self, gsize row, double *x, double *y);

/* Larger by factor around a place of the widget; and moved. */
void dinoscope_scatter_view_zoom (DinoscopeScatterView *self, double factor, double x, double y);
void dinoscope_scatter_view_move (DinoscopeScatterView *self, double dx, double dy);

/* How often the points were drawn, for tests: not more than once a frame. */
guint dinoscope_scatter_view_get_n_drawn (DinoscopeScatterView *self);

G_END_DECLS
