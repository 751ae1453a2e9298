#pragma once

#include <gio/gio.h>

#include "core/encoder/team.h"
#include "core/maps/draw.h"
#include "engine/dinoscope-features.h"
#include "engine/dinoscope-map.h"
#include "engine/dinoscope-model-input.h"
#include "engine/dinoscope-model.h"
#include "engine/dinoscope-overlay-provider.h"
#include "engine/dinoscope-study.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_ENGINE (dinoscope_engine_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeEngine, dinoscope_engine, DINOSCOPE, ENGINE, GObject)

/* Owns an encode thread (models, preparation, forward pass), a map thread
 * (overlays, colours), one team for the arithmetic of both, a thread for the
 * greys of pictures, and two threads that only read: pictures, so that one is there at once while another is
 * encoded, and the files whose hashes are wanted.
 * Asynchronous functions are called on, and call back on, the thread-default
 * main context of their caller. Each has a blocking twin that works on the
 * calling thread, for the command line.
 *
 * OpenBLAS is set to one thread for the whole process when the first engine
 * is made: its 0.3.21 has no other setter. */

/* threads 0: as many as dino_cpu_threads() says. isa is clamped to what the
 * processor has; DINOSCOPE_ISA in the environment lowers it further. */
DinoscopeEngine *dinoscope_engine_new (guint threads, GError **error);

guint             dinoscope_engine_get_threads (DinoscopeEngine *self);
enum dino_isa     dinoscope_engine_get_isa (DinoscopeEngine *self);
struct dino_team *dinoscope_engine_get_team (DinoscopeEngine *self);

/* Whether the engine's instruction set has what precision needs; error names both. */
gboolean dinoscope_engine_check_precision (DinoscopeEngine *self, enum dino_precision precision, GError **error);

/* Cancels everything, waits for the threads, joins the team. Callbacks that
 * were due still come, with G_IO_ERROR_CANCELLED. Idempotent; also
 * done by dispose. To be called before the process ends. */
void dinoscope_engine_shutdown (DinoscopeEngine *self);

/* How a model is to be loaded; zeros are the usual way. */
typedef struct
{
  const char         *processor_path; /* NULL: beside the model */
  enum dino_precision precision;
  gboolean            packed_cache; /* look for packed weights under $XDG_CACHE_HOME, and keep them there */
} DinoscopeModelOptions;

/* Models. options may be NULL. A precision that the processor has no
 * instructions for is DINOSCOPE_ERROR_MODEL. */
DinoscopeModel *dinoscope_engine_load_model (DinoscopeEngine *self, const char *path, const DinoscopeModelOptions *options, GCancellable *cancellable, GError **error);
void            dinoscope_engine_load_model_async (DinoscopeEngine *self, const char *path, const DinoscopeModelOptions *options, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
DinoscopeModel *dinoscope_engine_load_model_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/* dinoscope_model_list() beside everything else. (transfer full) */
void        dinoscope_engine_list_models_async (DinoscopeEngine *self, const char *argument, const char *setting, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GListModel *dinoscope_engine_list_models_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/* Computes the model's sha256 where it is not known, and where the model was
 * loaded with packed_cache and there were none, writes its packed weights: a
 * cache that cannot be written is no error. Blocks. */
void dinoscope_engine_store_packed (DinoscopeEngine *self, DinoscopeModel *model, GCancellable *cancellable);

/* Starts to compute the model's sha256 beside other work, unless it is known;
 * dinoscope_model_get_sha256() then waits for that. The asynchronous loading
 * does this by itself. */
void dinoscope_engine_prefetch_sha256 (DinoscopeEngine *self, DinoscopeModel *model);

/* Pictures. preparation may be NULL (defaults); ignore_exif leaves the picture as stored. */
DinoscopeStudy *dinoscope_engine_open (DinoscopeEngine *self, GFile *file, const struct dino_preparation *preparation, gboolean ignore_exif, GCancellable *cancellable, GError **error);
void            dinoscope_engine_open_async (DinoscopeEngine *self, GFile *file, const struct dino_preparation *preparation, gboolean ignore_exif, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
DinoscopeStudy *dinoscope_engine_open_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/* A picture from memory (the clipboard), PNG or JPEG; name is what a person calls it. */
void dinoscope_engine_open_bytes_async (DinoscopeEngine *self, GBytes *bytes, const char *name, const struct dino_preparation *preparation, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/* The same picture with another preparation. The blocking twin is
 * dinoscope_study_new_with_preparation(). */
void            dinoscope_engine_change_preparation_async (DinoscopeEngine *self, DinoscopeStudy *study, const struct dino_preparation *preparation, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
DinoscopeStudy *dinoscope_engine_change_preparation_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/* A changed copy of a picture. The blocking twin is dinoscope_study_new_occluded(). */
void            dinoscope_engine_occlude_async (DinoscopeEngine *self, DinoscopeStudy *study, struct dino_box box, const struct dino_occlusion *occlusion, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
DinoscopeStudy *dinoscope_engine_occlude_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/* The tensor that dinoscope_engine_encode() would begin with, made by the same
 * function; beside other work, not behind a forward pass. */
DinoscopeModelInput *dinoscope_engine_prepare (DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, GCancellable *cancellable, GError **error);
void                 dinoscope_engine_prepare_async (DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
DinoscopeModelInput *dinoscope_engine_prepare_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/* Told after every block (partial holds blocks 0 … done-1, NULL when nothing
 * is kept) and while a block is computed (partial NULL). The asynchronous
 * function calls it in the main context and may leave steps out. */
typedef void (*DinoscopeEncodeProgress) (guint done, guint total, DinoscopeFeatures *partial, gpointer user_data);

/* Bytes that encoding the study would take, scratch and kept features. */
gsize dinoscope_engine_estimate_memory (DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, unsigned keep, GError **error);

/* The forward pass. keep is enum dino_keep. Refused when the estimate is
 * more than the memory available. At most one run at a time, further ones queue;
 * a lower priority (G_PRIORITY_LOW) waits for all others. */
DinoscopeFeatures *dinoscope_engine_encode (DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, unsigned keep, GCancellable *cancellable, DinoscopeEncodeProgress progress, gpointer progress_data, GError **error);
void               dinoscope_engine_encode_async (DinoscopeEngine        *self,
                                                  DinoscopeStudy         *study,
                                                  DinoscopeModel         *model,
                                                  unsigned                keep,
                                                  int                     priority,
                                                  GCancellable           *cancellable,
                                                  DinoscopeEncodeProgress progress,
                                                  gpointer                progress_data,
                                                  GAsyncReadyCallback     callback,
                                                  gpointer                user_data);
DinoscopeFeatures *dinoscope_engine_encode_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/* The forward pass of a tensor given ready, [3, height, width], already normalised. */
DinoscopeFeatures *dinoscope_engine_encode_raw (DinoscopeEngine *self, const float *pixel_values, int width, int height, DinoscopeModel *model, unsigned keep, GCancellable *cancellable, DinoscopeEncodeProgress progress, gpointer progress_data, GError **error);

/* A map, on the calling thread and the engine's team. */
DinoscopeMap *dinoscope_engine_compute_map (DinoscopeEngine *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, GError **error);
DinoscopeMap *dinoscope_engine_compute_map_with_progress (DinoscopeEngine *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data, GError **error);

/* A map, on the map thread. Of the requests that share a cancellable, or have
 * none, at most one runs and one waits: a newer one replaces the waiting one
 * (which ends with G_IO_ERROR_CANCELLED) and cancels the running one. Those of
 * others queue: several views ask at once. */
void          dinoscope_engine_compute_map_async (DinoscopeEngine *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
DinoscopeMap *dinoscope_engine_compute_map_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/* The same, with progress told in the caller's main context; steps may be left out. */
void dinoscope_engine_compute_map_with_progress_async (DinoscopeEngine          *self,
                                                       DinoscopeOverlayProvider *provider,
                                                       DinoscopeContext         *context,
                                                       GVariant                 *parameters,
                                                       GCancellable             *cancellable,
                                                       DinoscopeOverlayProgress  progress,
                                                       gpointer                  progress_data,
                                                       GAsyncReadyCallback       callback,
                                                       gpointer                  user_data);

/* Told of one map of several, in the order in which they were asked for; map is
 * NULL where error says why it could not be computed. */
typedef void (*DinoscopeMapDelivery) (guint index, DinoscopeMap *map, const GError *error, gpointer user_data);

/* Several maps of one context, parameters (of GVariant) telling them apart, on
 * the map thread, each handed over as soon as it is there. They wait for
 * whatever else there is to do between one and the next, and a newer request
 * with the same cancellable, or without one as well, replaces all that are
 * left. Nothing is delivered after a request was cancelled. */
void     dinoscope_engine_compute_maps_async (DinoscopeEngine          *self,
                                              DinoscopeOverlayProvider *provider,
                                              DinoscopeContext         *context,
                                              GPtrArray                *parameters,
                                              GCancellable             *cancellable,
                                              DinoscopeMapDelivery      delivery,
                                              gpointer                  delivery_data,
                                              GAsyncReadyCallback       callback,
                                              gpointer                  user_data);
gboolean dinoscope_engine_compute_maps_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/* Colours of a map over box (pixels of the original) as premultiplied RGBA,
 * width x height, on the map thread, with the same rule of one and one.
 * study is the guide for edge-guided smoothing, else may be NULL. */
void    dinoscope_engine_draw_map_async (DinoscopeEngine *self, DinoscopeMap *map, const struct dino_map_style *style, DinoscopeStudy *study, struct dino_box box, int width, int height, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GBytes *dinoscope_engine_draw_map_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/* A part of a level of a study's pyramid, in its pixels. */
typedef struct
{
  guint level;
  int   x, y, width, height; /* inside the level, not empty */
} DinoscopePart;

/* The greys of a part of the picture for another choice of values, computed at
 * its full depth, on a thread of their own, with the same rule of one and one.
 * The result is [height, width] of 0xffRRGGBB in the machine's byte order, as
 * Cairo has it. Of colour pictures only inverted counts. */
void    dinoscope_engine_draw_greys_async (DinoscopeEngine *self, DinoscopeStudy *study, const struct dino_display *display, gboolean inverted, const DinoscopePart *part, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GBytes *dinoscope_engine_draw_greys_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

G_END_DECLS
