#pragma once

#include <gtk/gtk.h>

#include "app/dinoscope-neighbor-list.h"
#include "app/dinoscope-thumbnails.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_NEIGHBOR_ROW (dinoscope_neighbor_row_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeNeighborRow, dinoscope_neighbor_row, DINOSCOPE, NEIGHBOR_ROW, GtkWidget)

/* One row of the list: a small picture, name, cosine, and the text about it,
 * which is said to be another patient's. Used for one neighbour after the other. */
DinoscopeNeighborRow *dinoscope_neighbor_row_new (DinoscopeThumbnails *thumbnails);

/* Shows a neighbour, whose picture is fetched; NULL: none, and nothing more is
 * wanted of the one before. */
void dinoscope_neighbor_row_set_neighbor (DinoscopeNeighborRow *self, DinoscopeNeighbor *neighbor);

/* Whether the picture is there, or is known not to be. */
gboolean dinoscope_neighbor_row_is_filled (DinoscopeNeighborRow *self);

G_END_DECLS
