#pragma once

#include "engine/dinoscope.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_GREYS (dinoscope_greys_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeGreys, dinoscope_greys, DINOSCOPE, GREYS, GObject)

/* Which values of a picture are shown, and whether black and white are
 * exchanged: what a person chose.
 *
 * Another picture starts as its own file says: a window set by hand for one
 * detector says nothing about the next. The same picture prepared in another
 * way keeps the choice.
 *
 * Signals:
 *   "changed": something else is shown, or another study
 */

DinoscopeGreys *dinoscope_greys_new (void);

/* study may be NULL. */
void            dinoscope_greys_set_study (DinoscopeGreys *self, DinoscopeStudy *study);
DinoscopeStudy *dinoscope_greys_get_study (DinoscopeGreys *self);

/* Never AUTO. */
const struct dino_display *dinoscope_greys_get_display (DinoscopeGreys *self);

/* Whether stored values are shown inverted, and whether that is otherwise than
 * the file and the preparation say. */
gboolean dinoscope_greys_get_inverted (DinoscopeGreys *self);
gboolean dinoscope_greys_get_exchanged (DinoscopeGreys *self);

/* TRUE when the study's own 8-bit display is what is shown. */
gboolean dinoscope_greys_is_default (DinoscopeGreys *self);

/* FALSE for colour and without a picture: there is nothing to choose. */
gboolean dinoscope_greys_has_windows (DinoscopeGreys *self);

/* What the file offers: n windows and tables, and what a person calls number
 * index, from 0: "1: BONE". (transfer full) */
guint dinoscope_greys_get_n_presets (DinoscopeGreys *self);
char *dinoscope_greys_dup_preset_title (DinoscopeGreys *self, guint index);

/* What the study shows at first. */
const struct dino_display *dinoscope_greys_get_default (DinoscopeGreys *self);

void dinoscope_greys_set_display (DinoscopeGreys *self, const struct dino_display *display);
void dinoscope_greys_set_exchanged (DinoscopeGreys *self, gboolean exchanged);
void dinoscope_greys_reset (DinoscopeGreys *self);

/* Makes the window wider and the picture brighter by some steps (see
 * dino_window_moved()); starts from what is shown. */
void dinoscope_greys_move (DinoscopeGreys *self, double wider, double brighter);

/* Between these two a hand is at it: all changes are one step of a history, and
 * movements add up without being rounded meanwhile. "changed" tells of the
 * beginning and the end, too. */
void     dinoscope_greys_hold (DinoscopeGreys *self);
void     dinoscope_greys_release (DinoscopeGreys *self);
gboolean dinoscope_greys_is_held (DinoscopeGreys *self);

/* What was chosen, a{sv}: "window" s (dino_display_format()), "exchanged" b.
 * dup_state is transfer full; keys that state does not have, and windows that
 * the picture has not, change nothing. */
GVariant *dinoscope_greys_dup_state (DinoscopeGreys *self);
void      dinoscope_greys_restore (DinoscopeGreys *self, GVariant *state);

/* The window that what is shown amounts to; FALSE when there is none. */
gboolean dinoscope_greys_get_window (DinoscopeGreys *self, struct dino_window *window);

/* Of modality values: "HU"; "" when unknown. */
const char *dinoscope_greys_get_unit (DinoscopeGreys *self);

/* "C 1024 W 2048", and the same with what was chosen: "Window 1: BONE
 * C 300 W 1500 HU, inverted". "" when there is nothing to say. (transfer full) */
char *dinoscope_greys_describe_window (DinoscopeGreys *self);
char *dinoscope_greys_describe (DinoscopeGreys *self);

G_END_DECLS
