#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MARKS (dinoscope_marks_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeMarks, dinoscope_marks, DINOSCOPE, MARKS, GObject)

/* The patches of a picture that somebody asks about: the patch cursor, pins in
 * the order in which they were set, and the patches found to be similar to one.
 * Rows and columns count from 0 in the grid that was set last.
 *
 * Signals:
 *   "cursor-changed", "pins-changed", "similar-changed"
 */

typedef struct
{
  int row, column;
} DinoscopePatch;

typedef struct
{
  DinoscopePatch patch;
  double         cosine; /* with the patch that was asked about */
} DinoscopeSimilarPatch;

/* "row 3 column 5" (transfer full) */
char *dinoscope_patch_describe (DinoscopePatch patch);

DinoscopeMarks *dinoscope_marks_new (void);

/* Another grid: marks that lie outside go, and what was found similar goes. 0 x 0: no grid. */
void dinoscope_marks_set_grid (DinoscopeMarks *self, int rows, int columns);
void dinoscope_marks_get_grid (DinoscopeMarks *self, int *rows, int *columns);

/* Another picture: no marks. */
void dinoscope_marks_clear (DinoscopeMarks *self);

/* FALSE when there is none. A place outside the grid means none. */
gboolean dinoscope_marks_get_cursor (DinoscopeMarks *self, DinoscopePatch *patch);
void     dinoscope_marks_set_cursor (DinoscopeMarks *self, int row, int column);

guint          dinoscope_marks_get_n_pins (DinoscopeMarks *self);
DinoscopePatch dinoscope_marks_get_pin (DinoscopeMarks *self, guint index);

/* The pin's index, -1: that patch is not pinned. */
int  dinoscope_marks_find_pin (DinoscopeMarks *self, int row, int column);
void dinoscope_marks_toggle_pin (DinoscopeMarks *self, int row, int column);
void dinoscope_marks_clear_pins (DinoscopeMarks *self);

/* All pins, a(ii) of row and column (transfer full), and all of them set at once. */
GVariant *dinoscope_marks_dup_pins (DinoscopeMarks *self);
void      dinoscope_marks_set_pins (DinoscopeMarks *self, GVariant *pins);

/* What is similar to the patch query, the most similar first; n 0: nothing is asked. */
void                  dinoscope_marks_set_similar (DinoscopeMarks *self, DinoscopePatch query, const DinoscopeSimilarPatch *patches, guint n);
guint                 dinoscope_marks_get_n_similar (DinoscopeMarks *self);
DinoscopeSimilarPatch dinoscope_marks_get_similar (DinoscopeMarks *self, guint index);
DinoscopePatch        dinoscope_marks_get_query (DinoscopeMarks *self);

/* Cursor and pins, a{sv}: "cursor" (ii) where there is one, "pins" a(ii).
 * dup_state is transfer full; what lies outside the grid is passed over. */
GVariant *dinoscope_marks_dup_state (DinoscopeMarks *self);
void      dinoscope_marks_restore (DinoscopeMarks *self, GVariant *state);

G_END_DECLS
