#pragma once

#include "app/dinoscope-neighbor-index.h"
#include "app/dinoscope-neighbor-list.h"
#include "app/dinoscope-page.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_NEIGHBOR_PANE (dinoscope_neighbor_pane_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeNeighborPane, dinoscope_neighbor_pane, DINOSCOPE, NEIGHBOR_PANE, GtkWidget)

/* The films of an index that are nearest to the one shown, or the patches
 * nearest to the one at the cursor. It searches while it can be seen.
 *
 * Property: "index" (DinoscopeNeighborIndex, read and write). Signal:
 * "chosen" (DinoscopeNeighbor *neighbor). */

void dinoscope_neighbor_pane_set_index (DinoscopeNeighborPane *self, DinoscopeNeighborIndex *index);

/* Most neighbours in the list. */
#define DINOSCOPE_NEIGHBOR_PANE_MAX 10000

/* The page whose picture is asked about; may be NULL. */
void dinoscope_neighbor_pane_set_page (DinoscopeNeighborPane *self, DinoscopePage *page);

/* The neighbours, and the words in their place, "" while they are shown. */
GListModel *dinoscope_neighbor_pane_get_list (DinoscopeNeighborPane *self);
const char *dinoscope_neighbor_pane_get_words (DinoscopeNeighborPane *self);

G_END_DECLS
