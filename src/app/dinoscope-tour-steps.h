#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the window shows at a step. */
typedef enum
{
  DINOSCOPE_TOUR_GRID = 1 << 0,       /* the patch grid */
  DINOSCOPE_TOUR_PATCH = 1 << 1,      /* the patch cursor, at row and column */
  DINOSCOPE_TOUR_PANEL = 1 << 2,      /* the panel, where there is room for it */
  DINOSCOPE_TOUR_WALK_BLOCKS = 1 << 3 /* from the first block to the last, by itself */
} DinoscopeTourFlags;

/* A step of the guided tour. Texts are to be given to gettext. */
typedef struct
{
  const char        *title;
  const char        *text;
  const char        *hint;        /* what to try */
  const char        *overlays[2]; /* ids, the first one that there is; none: no map */
  gboolean           first_block; /* otherwise the last one */
  const char        *head;        /* value of the parameter "head"; NULL: its default */
  DinoscopeTourFlags flags;
  double             row, column; /* of the patch cursor, as parts of the grid */
} DinoscopeTourStep;

const DinoscopeTourStep *dinoscope_tour_get_steps (guint *n_steps);

G_END_DECLS
