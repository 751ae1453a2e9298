/* What programs of this tree have of the engine besides what is public.
 * Included by dinoscope-engine.h. */
#pragma once

#include "core/encoder/team.h"
#include "core/maps/draw.h"
#include "engine/dinoscope-engine.h"

G_BEGIN_DECLS

/* The instruction set that is used: what the processor has, lowered by DINOSCOPE_ISA. */
enum dino_isa     dinoscope_engine_get_isa (DinoscopeEngine *self);
struct dino_team *dinoscope_engine_get_team (DinoscopeEngine *self);

/* Whether the engine's instruction set has what precision needs; error names both. */
gboolean dinoscope_engine_check_precision (DinoscopeEngine *self, enum dino_precision precision, GError **error);

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

/* The forward pass of a tensor given ready, [3, height, width], already normalised. */
DinoscopeFeatures *dinoscope_engine_encode_raw (DinoscopeEngine *self, const float *pixel_values, int width, int height, DinoscopeModel *model, guint keep, GCancellable *cancellable, DinoscopeEncodeProgress progress, gpointer progress_data, GError **error);

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
