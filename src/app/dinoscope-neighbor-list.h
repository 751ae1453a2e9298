#pragma once

#include "app/dinoscope-neighbor-index.h"

G_BEGIN_DECLS

/* One neighbour. */
#define DINOSCOPE_TYPE_NEIGHBOR (dinoscope_neighbor_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeNeighbor, dinoscope_neighbor, DINOSCOPE, NEIGHBOR, GObject)

DinoscopeNeighborIndex *dinoscope_neighbor_get_index (DinoscopeNeighbor *self);
guint                   dinoscope_neighbor_get_rank (DinoscopeNeighbor *self); /* from 1 */
gsize                   dinoscope_neighbor_get_picture (DinoscopeNeighbor *self);
float                   dinoscope_neighbor_get_cosine (DinoscopeNeighbor *self);
const char             *dinoscope_neighbor_get_name (DinoscopeNeighbor *self);

/* FALSE for neighbours that are whole pictures. */
gboolean dinoscope_neighbor_get_patch (DinoscopeNeighbor *self, int *row, int *column);

#define DINOSCOPE_TYPE_NEIGHBOR_LIST (dinoscope_neighbor_list_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeNeighborList, dinoscope_neighbor_list, DINOSCOPE, NEIGHBOR_LIST, GObject)

/* A GListModel of neighbours, the nearest first. An item is made when somebody
 * asks for it, so that ten thousand cost nothing. */
DinoscopeNeighborList *dinoscope_neighbor_list_new (void);

/* hits: struct dino_hit, NULL: none. */
void dinoscope_neighbor_list_set (DinoscopeNeighborList *self, DinoscopeNeighborIndex *index, GArray *hits);

G_END_DECLS
