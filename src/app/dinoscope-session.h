#pragma once

#include "app/dinoscope-collection.h"
#include "app/dinoscope-encode-job.h"
#include "app/dinoscope-exporter.h"
#include "app/dinoscope-features-cache.h"
#include "app/dinoscope-kept-views.h"
#include "app/dinoscope-map-cache.h"
#include "engine/dinoscope.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SESSION (dinoscope_session_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeSession, dinoscope_session, DINOSCOPE, SESSION, GObject)

/* What all windows share: the engine, the model in use, features of recent
 * pictures, and the picture that is encoded ahead.
 *
 * Properties: "model" (NULL until one is loaded), "problem" (a sentence, when
 * the model asked for cannot be used; NULL otherwise), "precision-problem" (a
 * sentence, when it computes in float32 though another precision is asked for;
 * NULL otherwise), "wheel-zooms" (read and write: what the mouse wheel does on a picture), "loading" (the path of the model that is being loaded, NULL
 * otherwise), "collection" (the one that is open, read and write; NULL: none).
 * Signals: "model-identified": the model's sha256 is known now. "model-chosen"
 * (what to remember of it): a person's choice is in use. "switch-failed"
 * (sentences): it is not, and the model before stays. */

/* threads: 0, or more than there are processors: as many as those. budget:
 * bytes for features of recent pictures. */
DinoscopeSession *dinoscope_session_new (guint threads, gsize budget, GError **error);

/* What models compute in from now on: float32 at first. The one in use serves
 * until it is loaded again, without the person's choice of it being touched.
 * Where that precision cannot be had there is float32, and "precision-problem"
 * says why. */
void dinoscope_session_set_precision (DinoscopeSession *self, enum dino_precision precision);

/* Whether models that are loaded from now on start from packed weights on
 * disk, and leave them there; they do not at first. */
void dinoscope_session_set_packed_cache (DinoscopeSession *self, gboolean packed_cache);

/* Starts loading, once. argument: what --model said, may be NULL. A model that cannot be used is told in "problem",
 * and the demonstration encoder takes its place. */
void dinoscope_session_load_model (DinoscopeSession *self, const char *argument, const char *setting);

/* Puts the model at path in the place of the one in use, which serves until
 * the other is loaded, and stays when that fails; "model-chosen" or
 * "switch-failed" tells. Features of the model before are forgotten. name is
 * what dinoscope_model_find() takes as a setting for it. A newer call takes
 * the place of one that is not done. */
void dinoscope_session_switch_model (DinoscopeSession *self, const char *path, const char *name, DinoscopeModelSource source);

/* Cancels everything and waits for the threads. To be called before the process ends. */
void dinoscope_session_shutdown (DinoscopeSession *self);

DinoscopeEngine        *dinoscope_session_get_engine (DinoscopeSession *self);
DinoscopeFeaturesCache *dinoscope_session_get_cache (DinoscopeSession *self);
DinoscopeMapCache      *dinoscope_session_get_map_cache (DinoscopeSession *self);
DinoscopeKeptViews     *dinoscope_session_get_kept_views (DinoscopeSession *self);
DinoscopeExporter      *dinoscope_session_get_exporter (DinoscopeSession *self);
DinoscopeModel         *dinoscope_session_get_model (DinoscopeSession *self);
DinoscopeModelSource    dinoscope_session_get_model_source (DinoscopeSession *self);
const char             *dinoscope_session_get_problem (DinoscopeSession *self);
const char             *dinoscope_session_get_precision_problem (DinoscopeSession *self);
const char             *dinoscope_session_get_loading (DinoscopeSession *self);

/* The collection that windows look at, NULL: none is open. */
DinoscopeCollection *dinoscope_session_get_collection (DinoscopeSession *self);
void                 dinoscope_session_set_collection (DinoscopeSession *self, DinoscopeCollection *collection);

/* TRUE when no model can be used at all. */
gboolean dinoscope_session_has_failed (DinoscopeSession *self);

/* "Demonstration encoder - not RAD-DINO, fp32, avx512"; what to show before one is loaded. (transfer full) */
char *dinoscope_session_describe_model (DinoscopeSession *self);

/* Opens and encodes file after a short while, with low priority, unless
 * something else is wanted before. file NULL: nothing ahead. */
void dinoscope_session_encode_ahead (DinoscopeSession *self, GFile *file, const struct dino_preparation *preparation);

/* Hands over what was done ahead for file with that preparation; anything else that is done ahead
 * is given up. *job may be NULL though the study is there. FALSE when there
 * is nothing for file. */
gboolean dinoscope_session_take_ahead (DinoscopeSession *self, GFile *file, const struct dino_preparation *preparation, DinoscopeStudy **study, DinoscopeEncodeJob **job);

G_END_DECLS
