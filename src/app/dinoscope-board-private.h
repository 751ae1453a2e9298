/* What the files of the board share. */
#pragma once

#include "app/dinoscope-board.h"
#include "app/dinoscope-cell.h"
#include "app/dinoscope-divider.h"

G_BEGIN_DECLS

/* What a view was like when it was last looked at. */
typedef struct
{
  int             width, height; /* of its canvas */
  DinoscopeStudy *study;         /* never used but to tell it from another */
} DinoscopeBoardTold;

struct _DinoscopeBoard
{
  GtkWidget parent_instance;

  GPtrArray                    *cells; /* DinoscopeCell, children of the board */
  DinoscopePage                *current;
  DinoscopeOverlaySettings     *settings;
  DinoscopePreparationSettings *preparation;
  gboolean                      active;
  gboolean                      closed;

  gboolean          slider; /* two views lie over each other */
  DinoscopeDivider *divider;

  /* Links (dinoscope-board-links.c). */
  gboolean    linked;
  gboolean    following; /* views follow one: what they tell is no news */
  GHashTable *told;      /* DinoscopeCell -> DinoscopeBoardTold */
};

DinoscopeCell      *dinoscope_board_get_cell (DinoscopeBoard *self, guint index);
DinoscopeBoardTold *dinoscope_board_get_told (DinoscopeBoard *self, DinoscopeCell *cell);

/* dinoscope-board-layout.c */
gboolean dinoscope_board_is_sliding (DinoscopeBoard *self);
void     dinoscope_board_measure_views (DinoscopeBoard *self, GtkOrientation orientation, int *minimum, int *natural);
void     dinoscope_board_allocate_views (DinoscopeBoard *self, int width, int height);
void     dinoscope_board_update_cells (DinoscopeBoard *self);

/* dinoscope-board-links.c */
void dinoscope_board_connect_links (DinoscopeBoard *self, DinoscopeCell *cell);
void dinoscope_board_align_views (DinoscopeBoard *self);
void dinoscope_board_update_scale (DinoscopeBoard *self);
void dinoscope_board_join (DinoscopeBoard *self, DinoscopePage *page);

/* dinoscope-board-words.c */
void dinoscope_board_connect_words (DinoscopeBoard *self, DinoscopeCell *cell);
void dinoscope_board_update_words (DinoscopeBoard *self);

/* dinoscope-board-references.c */
void dinoscope_board_connect_references (DinoscopeBoard *self, DinoscopeCell *cell);
void dinoscope_board_update_references (DinoscopeBoard *self);

G_END_DECLS
