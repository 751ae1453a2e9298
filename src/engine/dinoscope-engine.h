#pragma once

#include <gio/gio.h>

#include "dinoscope-features.h"
#include "dinoscope-map-style.h"
#include "dinoscope-map.h"
#include "dinoscope-model-input.h"
#include "dinoscope-model.h"
#include "dinoscope-overlay-provider.h"
#include "dinoscope-study.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_ENGINE (dinoscope_engine_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeEngine, dinoscope_engine, DINOSCOPE, ENGINE, GObject)

/**
 * DinoscopeEngine:
 *
 * Opens models and pictures, runs the encoder, computes maps.
 *
 * It owns an encode thread (models, preparation, forward pass), a map thread
 * (overlays, colours), one team for the arithmetic of both, a thread for the
 * greys of pictures, and two threads that only read: pictures, so that one is
 * there at once while another is encoded, and the files whose hashes are wanted.
 *
 * Asynchronous functions are called on, and call back on, the thread-default
 * main context of their caller. Each has a blocking twin that works on the
 * calling thread. Blocking functions may be called from any thread, several at
 * once; a forward pass takes turns with others, loop by loop.
 *
 * A process needs one engine. It is made by [ctor@Dinoscope.Engine.new] alone;
 * one that was made otherwise answers as if it had been shut down.
 *
 * OpenBLAS is set to one thread for the whole process when the first engine
 * is made: its 0.3.21 has no other setter.
 */

/**
 * dinoscope_engine_new:
 * @threads: threads for the arithmetic; 0: as many as the process may use cores
 * @error: return location for an error
 *
 * Starts an engine.
 *
 * Results are equal bit for bit for any number of threads. DINOSCOPE_ISA in the
 * environment ("avx2", "generic") lowers the instruction set that is used.
 *
 * Returns: (transfer full): the engine, or %NULL with @error set
 */
DinoscopeEngine *dinoscope_engine_new (guint threads, GError **error);

/**
 * dinoscope_engine_get_threads:
 * @self: an engine
 *
 * Gets the number of threads that share the arithmetic.
 *
 * Returns: at least 1; 0 after the engine was shut down
 */
guint dinoscope_engine_get_threads (DinoscopeEngine *self);

/**
 * dinoscope_engine_shutdown:
 * @self: an engine
 *
 * Cancels everything, waits for the threads, joins the team.
 *
 * Callbacks that were due still come, with %G_IO_ERROR_CANCELLED. Idempotent;
 * also done when the last reference goes. To be called before the process ends.
 */
void dinoscope_engine_shutdown (DinoscopeEngine *self);

/**
 * dinoscope_engine_open_model:
 * @self: an engine
 * @name: (nullable): a directory, a file, or a name that "dinoscope-cli model
 *   list" prints ("rad-dino", "demo"); %NULL: the one that is used when nothing
 *   else is asked for
 * @precision: what it is to compute in
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Loads an encoder. Blocks.
 *
 * With %NULL it is $DINOSCOPE_MODEL, else RAD-DINO where it was put or
 * downloaded, else the bundled demonstration encoder
 * ([method@Dinoscope.Model.is_demonstration]).
 *
 * What cannot be used as a model, or a precision that the processor has no
 * instructions for, is %DINOSCOPE_ERROR_MODEL.
 *
 * Returns: (transfer full): the model, or %NULL with @error set
 */
DinoscopeModel *dinoscope_engine_open_model (DinoscopeEngine *self, const char *name, DinoscopePrecision precision, GCancellable *cancellable, GError **error);

/**
 * dinoscope_engine_open_model_async:
 * @self: an engine
 * @name: (nullable): as in [method@Dinoscope.Engine.open_model]
 * @precision: what it is to compute in
 * @cancellable: (nullable): to give up
 * @callback: (scope async) (closure user_data): called when the model is there, or is not
 * @user_data: for @callback
 *
 * Loads an encoder on the encode thread, and starts to compute its hash beside other work.
 */
void dinoscope_engine_open_model_async (DinoscopeEngine *self, const char *name, DinoscopePrecision precision, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/**
 * dinoscope_engine_open_model_finish:
 * @self: an engine
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Dinoscope.Engine.open_model_async].
 *
 * Returns: (transfer full): the model, or %NULL with @error set
 */
DinoscopeModel *dinoscope_engine_open_model_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/**
 * dinoscope_engine_open_picture:
 * @self: an engine
 * @file: a file on this machine: PNG, JPEG or DICOM
 * @preparation: (nullable): how it is to be prepared; %NULL: the defaults
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Reads a radiograph. Blocks.
 *
 * A file that cannot be read is %DINOSCOPE_ERROR_PICTURE, a preparation that
 * says something impossible %DINOSCOPE_ERROR_PARAMETER.
 *
 * Returns: (transfer full): the picture, or %NULL with @error set
 */
DinoscopeStudy *dinoscope_engine_open_picture (DinoscopeEngine *self, GFile *file, DinoscopePreparation *preparation, GCancellable *cancellable, GError **error);

/**
 * dinoscope_engine_open_picture_async:
 * @self: an engine
 * @file: a file on this machine: PNG, JPEG or DICOM
 * @preparation: (nullable): how it is to be prepared; %NULL: the defaults
 * @cancellable: (nullable): to give up
 * @callback: (scope async) (closure user_data): called when the picture is there, or is not
 * @user_data: for @callback
 *
 * Reads a radiograph on a thread that reads, also while another one is encoded.
 */
void dinoscope_engine_open_picture_async (DinoscopeEngine *self, GFile *file, DinoscopePreparation *preparation, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/**
 * dinoscope_engine_open_picture_finish:
 * @self: an engine
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Dinoscope.Engine.open_picture_async].
 *
 * Returns: (transfer full): the picture, or %NULL with @error set
 */
DinoscopeStudy *dinoscope_engine_open_picture_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/**
 * dinoscope_engine_prepare:
 * @self: an engine
 * @study: a picture
 * @model: a model
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Makes the tensor that [method@Dinoscope.Engine.encode] would begin with, by
 * the same function. Blocks.
 *
 * Returns: (transfer full): the tensor, or %NULL with @error set
 */
DinoscopeModelInput *dinoscope_engine_prepare (DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, GCancellable *cancellable, GError **error);

/**
 * dinoscope_engine_prepare_async:
 * @self: an engine
 * @study: a picture
 * @model: a model
 * @cancellable: (nullable): to give up
 * @callback: (scope async) (closure user_data): called when the tensor is there, or is not
 * @user_data: for @callback
 *
 * Makes the tensor that [method@Dinoscope.Engine.encode] would begin with,
 * beside other work and not behind a forward pass.
 */
void dinoscope_engine_prepare_async (DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/**
 * dinoscope_engine_prepare_finish:
 * @self: an engine
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Dinoscope.Engine.prepare_async].
 *
 * Returns: (transfer full): the tensor, or %NULL with @error set
 */
DinoscopeModelInput *dinoscope_engine_prepare_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/**
 * DinoscopeEncodeProgress:
 * @done: blocks that are finished
 * @total: blocks there are
 * @partial: (nullable): features of blocks 0 … @done-1; %NULL when nothing is
 *   kept, or none is finished
 * @user_data: what was given with the function
 *
 * Told of a forward pass, before the first block and after every one.
 *
 * The blocking function calls it on the calling thread; the asynchronous one
 * calls it in the caller's main context, and may leave steps out.
 */
typedef void (*DinoscopeEncodeProgress) (guint done, guint total, DinoscopeFeatures *partial, gpointer user_data);

/**
 * dinoscope_engine_estimate_memory:
 * @self: an engine
 * @study: a picture
 * @model: a model
 * @keep: (type DinoscopeKeep): what is to be kept
 * @error: return location for an error
 *
 * Says beforehand what a forward pass takes, scratch and kept features.
 *
 * Returns: bytes; 0 with @error set when the picture does not fit the model
 */
gsize dinoscope_engine_estimate_memory (DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, guint keep, GError **error);

/**
 * dinoscope_engine_encode:
 * @self: an engine
 * @study: a picture
 * @model: a model
 * @keep: (type DinoscopeKeep): what is to be kept beside the output
 * @cancellable: (nullable): to give up; looked at several times a block
 * @progress: (nullable) (scope call) (closure progress_data): told of every block
 * @progress_data: for @progress
 * @error: return location for an error
 *
 * The forward pass. Blocks.
 *
 * Refused with %DINOSCOPE_ERROR_MEMORY when it would take more memory than
 * there is; cancelled it ends with %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the features, complete; or %NULL with @error set
 */
DinoscopeFeatures *dinoscope_engine_encode (DinoscopeEngine        *self,
                                            DinoscopeStudy         *study,
                                            DinoscopeModel         *model,
                                            guint                   keep,
                                            GCancellable           *cancellable,
                                            DinoscopeEncodeProgress progress,
                                            gpointer                progress_data,
                                            GError                **error);

/**
 * dinoscope_engine_encode_async:
 * @self: an engine
 * @study: a picture
 * @model: a model
 * @keep: (type DinoscopeKeep): what is to be kept beside the output
 * @priority: %G_PRIORITY_DEFAULT; a lower one (%G_PRIORITY_LOW) waits for all others
 * @cancellable: (nullable): to give up; looked at several times a block
 * @progress: (nullable) (scope notified) (closure progress_data) (destroy progress_destroy): told of blocks
 * @progress_data: for @progress
 * @progress_destroy: (nullable): called in the caller's main context when @progress_data is no longer needed
 * @callback: (scope async) (closure user_data): called when the features are there, or are not
 * @user_data: for @callback
 *
 * The forward pass, on the encode thread: one at a time, further ones queue.
 */
void dinoscope_engine_encode_async (DinoscopeEngine        *self,
                                    DinoscopeStudy         *study,
                                    DinoscopeModel         *model,
                                    guint                   keep,
                                    int                     priority,
                                    GCancellable           *cancellable,
                                    DinoscopeEncodeProgress progress,
                                    gpointer                progress_data,
                                    GDestroyNotify          progress_destroy,
                                    GAsyncReadyCallback     callback,
                                    gpointer                user_data);

/**
 * dinoscope_engine_encode_finish:
 * @self: an engine
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Dinoscope.Engine.encode_async].
 *
 * Returns: (transfer full): the features, complete; or %NULL with @error set
 */
DinoscopeFeatures *dinoscope_engine_encode_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/**
 * dinoscope_engine_encode_values:
 * @self: an engine
 * @values: pixel_values, [3, height, width], float32 in host order, normalised already
 * @width: columns, a multiple of the patch
 * @height: rows, a multiple of the patch
 * @model: a model
 * @keep: (type DinoscopeKeep): what is to be kept beside the output
 * @cancellable: (nullable): to give up; looked at several times a block
 * @progress: (nullable) (scope call) (closure progress_data): told of every block
 * @progress_data: for @progress
 * @error: return location for an error
 *
 * The forward pass of a tensor given ready: one that
 * [method@Dinoscope.Engine.prepare] made, changed or not. Blocks.
 *
 * No picture belongs to what it finds: hashes are empty, and places are in
 * pixels of the tensor. Sizes that do not fit are %DINOSCOPE_ERROR_PARAMETER.
 *
 * Returns: (transfer full): the features, complete; or %NULL with @error set
 */
DinoscopeFeatures *dinoscope_engine_encode_values (DinoscopeEngine        *self,
                                                   GBytes                 *values,
                                                   int                     width,
                                                   int                     height,
                                                   DinoscopeModel         *model,
                                                   guint                   keep,
                                                   GCancellable           *cancellable,
                                                   DinoscopeEncodeProgress progress,
                                                   gpointer                progress_data,
                                                   GError                **error);

/**
 * dinoscope_engine_compute_map:
 * @self: an engine
 * @provider: the overlay
 * @context: what it looks at
 * @parameters: (nullable): a{sv}; what is not in it has its default
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Computes a map, on the calling thread and the engine's team. Blocks.
 *
 * A parameter that the overlay does not have, or a value that it cannot have,
 * is %DINOSCOPE_ERROR_PARAMETER; features that lack what the overlay needs are
 * %DINOSCOPE_ERROR_OVERLAY.
 *
 * Returns: (transfer full): the map, or %NULL with @error set
 */
DinoscopeMap *dinoscope_engine_compute_map (DinoscopeEngine *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, GError **error);

/**
 * dinoscope_engine_compute_map_with_progress:
 * @self: an engine
 * @provider: the overlay
 * @context: what it looks at
 * @parameters: (nullable): a{sv}; what is not in it has its default
 * @cancellable: (nullable): to give up
 * @progress: (nullable) (scope call) (closure progress_data): told from time to time
 * @progress_data: for @progress
 * @error: return location for an error
 *
 * Does what [method@Dinoscope.Engine.compute_map] does, and tells how far it is.
 *
 * Returns: (transfer full): the map, or %NULL with @error set
 */
DinoscopeMap *dinoscope_engine_compute_map_with_progress (DinoscopeEngine          *self,
                                                          DinoscopeOverlayProvider *provider,
                                                          DinoscopeContext         *context,
                                                          GVariant                 *parameters,
                                                          GCancellable             *cancellable,
                                                          DinoscopeOverlayProgress  progress,
                                                          gpointer                  progress_data,
                                                          GError                  **error);

/**
 * dinoscope_engine_compute_map_async:
 * @self: an engine
 * @provider: the overlay
 * @context: what it looks at
 * @parameters: (nullable): a{sv}; what is not in it has its default; sunk
 * @cancellable: (nullable): to give up
 * @callback: (scope async) (closure user_data): called when the map is there, or is not
 * @user_data: for @callback
 *
 * Computes a map on the map thread.
 *
 * Of the requests that share a cancellable, or have none, at most one runs and
 * one waits: a newer one replaces the waiting one (which ends with
 * %G_IO_ERROR_CANCELLED) and cancels the running one. Those of others queue:
 * several views ask at once.
 */
void dinoscope_engine_compute_map_async (DinoscopeEngine *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/**
 * dinoscope_engine_compute_map_with_progress_async:
 * @self: an engine
 * @provider: the overlay
 * @context: what it looks at
 * @parameters: (nullable): a{sv}; what is not in it has its default; sunk
 * @cancellable: (nullable): to give up
 * @progress: (nullable) (scope notified) (closure progress_data) (destroy progress_destroy): told from time to time
 * @progress_data: for @progress
 * @progress_destroy: (nullable): called in the caller's main context when @progress_data is no longer needed
 * @callback: (scope async) (closure user_data): called when the map is there, or is not
 * @user_data: for @callback
 *
 * Does what [method@Dinoscope.Engine.compute_map_async] does, and tells how far
 * it is in the caller's main context; steps may be left out.
 *
 * Ended by [method@Dinoscope.Engine.compute_map_finish].
 */
void dinoscope_engine_compute_map_with_progress_async (DinoscopeEngine          *self,
                                                       DinoscopeOverlayProvider *provider,
                                                       DinoscopeContext         *context,
                                                       GVariant                 *parameters,
                                                       GCancellable             *cancellable,
                                                       DinoscopeOverlayProgress  progress,
                                                       gpointer                  progress_data,
                                                       GDestroyNotify            progress_destroy,
                                                       GAsyncReadyCallback       callback,
                                                       gpointer                  user_data);

/**
 * dinoscope_engine_compute_map_finish:
 * @self: an engine
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Dinoscope.Engine.compute_map_async].
 *
 * Returns: (transfer full): the map, or %NULL with @error set
 */
DinoscopeMap *dinoscope_engine_compute_map_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/**
 * dinoscope_engine_draw_map:
 * @self: an engine
 * @map: a map
 * @style: (nullable): colours, opacity, smoothing; %NULL: the defaults
 * @study: (nullable): the picture; the guide of edge-guided smoothing, needed for that alone
 * @x0: left edge of what is drawn, in pixels of the original
 * @y0: upper edge
 * @x1: right edge
 * @y1: lower edge
 * @width: width of the result, pixels
 * @height: height of the result, pixels
 * @error: return location for an error
 *
 * Draws the part of a map that covers a rectangle of the picture. Blocks.
 *
 * The result is premultiplied RGBA, 8 bits each, [height, width, 4], rows
 * without padding: transparent outside the map, where a cell is invalid, and
 * under the threshold. The same bytes as in the window and in exported pictures.
 *
 * Returns: (transfer full): the pixels, or %NULL with @error set
 */
GBytes *dinoscope_engine_draw_map (DinoscopeEngine   *self,
                                   DinoscopeMap      *map,
                                   DinoscopeMapStyle *style,
                                   DinoscopeStudy    *study,
                                   double             x0,
                                   double             y0,
                                   double             x1,
                                   double             y1,
                                   guint              width,
                                   guint              height,
                                   GError           **error);

G_END_DECLS

#ifdef DINOSCOPE_INTERNAL
#include "engine/dinoscope-engine-internal.h"
#endif
