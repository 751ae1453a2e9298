#pragma once

#include <gio/gio.h>

#include "core/vectors/duplicates.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SCATTER_ROW (dinoscope_scatter_row_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeScatterRow, dinoscope_scatter_row, DINOSCOPE, SCATTER_ROW, GObject)

/* A row of a collection in a list, or a pair of them. */
guint32 dinoscope_scatter_row_get_first (DinoscopeScatterRow *self);

/* FALSE of a row alone. */
gboolean dinoscope_scatter_row_get_pair (DinoscopeScatterRow *self, guint32 *second, double *cosine);

#define DINOSCOPE_TYPE_SCATTER_ROWS (dinoscope_scatter_rows_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeScatterRows, dinoscope_scatter_rows, DINOSCOPE, SCATTER_ROWS, GObject)

/* A GListModel of DinoscopeScatterRow, which are made when a list asks for them:
 * there may be a million. */
DinoscopeScatterRows *dinoscope_scatter_rows_new (void);

/* Rows 0 … n-1, or those of them that are selected, [n]. */
void dinoscope_scatter_rows_set (DinoscopeScatterRows *self, gsize n, const guint8 *selected);

/* Pairs, of which a copy is kept. */
void dinoscope_scatter_rows_set_pairs (DinoscopeScatterRows *self, const struct dino_pair *pairs, gsize n);

/* Where a row alone is in the list; FALSE when it is not. */
gboolean dinoscope_scatter_rows_find (DinoscopeScatterRows *self, guint32 row, guint *position);

G_END_DECLS
