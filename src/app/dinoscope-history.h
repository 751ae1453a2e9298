#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_HISTORY (dinoscope_history_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeHistory, dinoscope_history, DINOSCOPE, HISTORY, GObject)

/* The way back through everything that a person chose for one picture. Each
 * part of a view (overlay, greys, marks, …) is a source that can say its state
 * and take it again; a step is a state of all of them.
 *
 * What changes in one turn of the main loop is one step. So is a movement:
 * changes of one group of values that follow each other (zooming and panning,
 * a patch cursor on its way) are a single step.
 *
 * Signals:
 *   "changed": other things can be undone or redone
 */

DinoscopeHistory *dinoscope_history_new (void);

/* A value of a source that moves, and the group that it moves with. */
typedef struct
{
  const char *key;
  const char *group;
} DinoscopeMovement;

/* save returns the state of object, a{sv} (floating or transfer full); restore
 * takes what save returned once. Both are used as long as history and object
 * live. movements ends with a NULL key and may be NULL; like name, it is not copied. */
typedef GVariant *(*DinoscopeHistorySave) (gpointer object);
typedef void (*DinoscopeHistoryRestore) (gpointer object, GVariant *state);
void dinoscope_history_add_source (DinoscopeHistory *self, const char *name, gpointer object, DinoscopeHistorySave save, DinoscopeHistoryRestore restore, const DinoscopeMovement *movements);

/* Some source may have changed: makes a step of it, soon. */
void dinoscope_history_note (DinoscopeHistory *self);

/* The present state is the only one: another picture. */
void dinoscope_history_forget (DinoscopeHistory *self);

/* What has changed by now belongs to the step before: it was not done here. */
void dinoscope_history_absorb (DinoscopeHistory *self);

/* Between these two all changes are one step. They do not nest. */
void dinoscope_history_hold (DinoscopeHistory *self);
void dinoscope_history_release (DinoscopeHistory *self);

gboolean dinoscope_history_can_undo (DinoscopeHistory *self);
gboolean dinoscope_history_can_redo (DinoscopeHistory *self);
void     dinoscope_history_undo (DinoscopeHistory *self);
void     dinoscope_history_redo (DinoscopeHistory *self);

/* The state of all sources, a{sv} of name and a{sv} (transfer full), and a
 * state put in the place of the present one, which can be undone. Sources that
 * state does not have stay as they are. */
GVariant *dinoscope_history_dup_state (DinoscopeHistory *self);
void      dinoscope_history_take_state (DinoscopeHistory *self, GVariant *state);

G_END_DECLS
