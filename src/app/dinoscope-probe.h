#pragma once

#include <gio/gio.h>

#include "core/heads/head.h"
#include "engine/dinoscope-features.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PROBE (dinoscope_probe_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeProbe, dinoscope_probe, DINOSCOPE, PROBE, GObject)

/* A head and its scores of the picture that is shown. Files are read and scores
 * computed on threads of GIO; what is out of date by then is dropped.
 *
 * Signals:
 *   "head-changed": another head, or none
 *   "scores-changed": scores, or why there are none, or whether the picture is in the list */

DinoscopeProbe *dinoscope_probe_new (void);

/* The head stays as it was when the file cannot be used; the error says why. */
void     dinoscope_probe_load_async (DinoscopeProbe *self, GFile *file, GAsyncReadyCallback callback, gpointer user_data);
gboolean dinoscope_probe_load_finish (DinoscopeProbe *self, GAsyncResult *result, GError **error);
void     dinoscope_probe_unload (DinoscopeProbe *self);

/* The list of the encoder's training pictures, read the same way. */
void     dinoscope_probe_load_list_async (DinoscopeProbe *self, GFile *file, GAsyncReadyCallback callback, gpointer user_data);
gboolean dinoscope_probe_load_list_finish (DinoscopeProbe *self, GAsyncResult *result, GError **error);

/* Complete features of the picture, and its file name; NULL: none. */
void dinoscope_probe_set_picture (DinoscopeProbe *self, DinoscopeFeatures *features, const char *name);

/* NULL without a head. */
const struct dino_head *dinoscope_probe_get_head (DinoscopeProbe *self);
const char             *dinoscope_probe_get_path (DinoscopeProbe *self);

/* One a class, as the head's task says; NULL while there are none. */
const double *dinoscope_probe_get_scores (DinoscopeProbe *self);

/* Why there are no scores although there is a picture; "" while there are some or they are computed. */
const char *dinoscope_probe_get_problem (DinoscopeProbe *self);

gboolean dinoscope_probe_is_computing (DinoscopeProbe *self);

/* Where the list is from, NULL: there is none; and whether the picture is in it by its name. */
const char *dinoscope_probe_get_list_path (DinoscopeProbe *self);
gboolean    dinoscope_probe_was_trained_on (DinoscopeProbe *self);

G_END_DECLS
