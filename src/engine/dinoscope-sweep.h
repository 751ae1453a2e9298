#pragma once

#include "engine/dinoscope-engine.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SWEEP (dinoscope_sweep_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeSweep, dinoscope_sweep, DINOSCOPE, SWEEP, GObject)

/* The overlay's id, and what its parameters are called. */
#define DINOSCOPE_SWEEP_OVERLAY "occlusion"

typedef enum
{
  DINOSCOPE_SWEEP_READY,
  DINOSCOPE_SWEEP_RUNNING,
  DINOSCOPE_SWEEP_DONE,
  DINOSCOPE_SWEEP_CANCELLED, /* what was done stays */
  DINOSCOPE_SWEEP_FAILED     /* as well */
} DinoscopeSweepState;

/* An occlusion sweep: a window of some patches is covered at one place after
 * the other, the covered picture is encoded, and how far a token has moved,
 * 1 - cosine, is written down. A patch's value is the mean over the windows
 * that covered it and are done.
 *
 * Places start at every stride-th row and column, the last ones at the grid's
 * edge, so that every patch is covered. Each place is a job of its own of low
 * priority: whatever else is encoded comes first.
 *
 * Signals:
 *   "changed": state, progress or map; in the context that started it
 */

/* before is the unchanged picture's, with its output. parameters is a{sv}, as
 * of the overlay "occlusion" (NULL for the defaults): window and stride (i,
 * patches), fill (s: grey, mean, blur, copy), level (d, of grey); patch ((ii)),
 * whose token is looked at, absent: the CLS token; places (i), for no more than
 * the first ones, absent: all. NULL and error when they are out of range. */
DinoscopeSweep *dinoscope_sweep_new (DinoscopeEngine *engine, DinoscopeStudy *study, DinoscopeFeatures *before, GVariant *parameters, GError **error);

/* What the parameters can be for a model: a GListModel of DinoscopeParameter (transfer full). */
GListModel *dinoscope_sweep_list_parameters (DinoscopeModel *model);

/* Complete, a{sv} (transfer none). */
GVariant *dinoscope_sweep_get_parameters (DinoscopeSweep *self);

/* Bytes that it will take besides what is there: a copy of the picture, the
 * tensor, the forward pass. Known before it starts. */
gsize dinoscope_sweep_estimate_memory (DinoscopeSweep *self, GError **error);

/* Once. */
void dinoscope_sweep_start (DinoscopeSweep *self);

/* Ends the forward pass under way, too. */
void dinoscope_sweep_cancel (DinoscopeSweep *self);

/* The blocking twin, on the calling thread; FALSE and error when it was
 * cancelled or failed, with what was done kept. progress may be NULL. */
gboolean dinoscope_sweep_run (DinoscopeSweep *self, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data, GError **error);

DinoscopeSweepState dinoscope_sweep_get_state (DinoscopeSweep *self);
const GError       *dinoscope_sweep_get_error (DinoscopeSweep *self); /* of FAILED */
guint               dinoscope_sweep_get_n_done (DinoscopeSweep *self);
guint               dinoscope_sweep_get_n_places (DinoscopeSweep *self);

/* From the mean time of the places that are done; negative before the first one is. */
double dinoscope_sweep_get_seconds_left (DinoscopeSweep *self);

/* What is known by now, other patches not valid (transfer full); NULL before
 * the first place is done. parameters (which may be NULL) are those that make
 * this very map, with "places" if some are left (transfer full). */
DinoscopeMap *dinoscope_sweep_dup_map (DinoscopeSweep *self, GVariant **parameters);

/* The rows and columns of a place: [row, row + window). */
void dinoscope_sweep_get_place (DinoscopeSweep *self, guint place, int *row, int *column, int *rows, int *columns);

/* 1 - cosine of what was seen there, NaN while it is not done. */
double dinoscope_sweep_get_value (DinoscopeSweep *self, guint place);

G_END_DECLS
