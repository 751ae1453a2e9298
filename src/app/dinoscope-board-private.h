/* What the files of the board share. */
#pragma once

#include "app/dinoscope-board.h"
#include "app/dinoscope-cell.h"

G_BEGIN_DECLS

struct _DinoscopeBoard
{
  GtkWidget parent_instance;

  GPtrArray                    *cells; /* DinoscopeCell, children of the board */
  DinoscopePage                *current;
  DinoscopeOverlaySettings     *settings;
  DinoscopePreparationSettings *preparation;
  gboolean                      active;
  gboolean                      closed;
};

DinoscopeCell *dinoscope_board_get_cell (DinoscopeBoard *self, guint index);

G_END_DECLS
