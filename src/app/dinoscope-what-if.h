#pragma once

#include "app/dinoscope-session.h"
#include "engine/dinoscope.h"

G_BEGIN_DECLS

typedef enum
{
  DINOSCOPE_WHAT_IF_NONE,
  DINOSCOPE_WHAT_IF_RUNNING, /* the copy is made or encoded */
  DINOSCOPE_WHAT_IF_DONE,
  DINOSCOPE_WHAT_IF_FAILED
} DinoscopeWhatIfState;

#define DINOSCOPE_TYPE_WHAT_IF (dinoscope_what_if_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeWhatIf, dinoscope_what_if, DINOSCOPE, WHAT_IF, GObject)

/* What would the encoder find if a part of the picture were covered: one covered
 * copy of a page's picture, its features, and what has changed; and a sweep.
 * It belongs to one picture, one preparation and one model; with any other it
 * begins anew.
 *
 * Signals:
 *   "changed": state, progress or results
 *   "sweep-changed": the sweep's state, progress or map
 */

DinoscopeWhatIf *dinoscope_what_if_new (DinoscopeSession *session);

/* The picture and what was found in it, NULL while that is not known. Others
 * than before drop everything. */
void dinoscope_what_if_set_subject (DinoscopeWhatIf *self, DinoscopeStudy *study, DinoscopeFeatures *before);

/* TRUE when the picture is encoded. */
gboolean dinoscope_what_if_can_start (DinoscopeWhatIf *self);

/* Covers box (pixels of the original) and encodes the copy. One at a time: it
 * takes the place of the one before. */
void dinoscope_what_if_cover (DinoscopeWhatIf *self, struct dino_box box, const struct dino_occlusion *occlusion);

/* Drops the covered copy, running or not, and the sweep. */
void dinoscope_what_if_reset (DinoscopeWhatIf *self);

DinoscopeWhatIfState dinoscope_what_if_get_state (DinoscopeWhatIf *self);
const char          *dinoscope_what_if_get_problem (DinoscopeWhatIf *self); /* of FAILED */
void                 dinoscope_what_if_get_progress (DinoscopeWhatIf *self, guint *done, guint *total);

/* NULL until they are there. */
DinoscopeStudy    *dinoscope_what_if_get_copy (DinoscopeWhatIf *self);
DinoscopeFeatures *dinoscope_what_if_get_after (DinoscopeWhatIf *self);

/* The pixels that are covered; FALSE without a copy. */
gboolean dinoscope_what_if_get_covered (DinoscopeWhatIf *self, struct dino_box *box);

/* Of the CLS token before and after, when DONE: cosine, and the length of the
 * difference. */
double dinoscope_what_if_get_cosine (DinoscopeWhatIf *self);
double dinoscope_what_if_get_distance (DinoscopeWhatIf *self);

/* Parameters as dinoscope_sweep_new() takes them. FALSE and error when they
 * are wrong. A sweep that runs is cancelled first. */
gboolean        dinoscope_what_if_start_sweep (DinoscopeWhatIf *self, GVariant *parameters, GError **error);
DinoscopeSweep *dinoscope_what_if_get_sweep (DinoscopeWhatIf *self);

/* "12 of 324 places, about 3 minutes left", "cancelled: 12 of 324 places";
 * "" without a sweep. (transfer full) */
char *dinoscope_what_if_describe_sweep (DinoscopeWhatIf *self);

G_END_DECLS
