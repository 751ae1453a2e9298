/* Maps and their colours, on the map thread. */
#include "engine/dinoscope-context-private.h"
#include "engine/dinoscope-engine-private.h"

#include "core/base/memory.h"
#include "core/base/text.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-map-style-private.h"

static const char map_tag[] = "map";
static const char drawing_tag[] = "drawing";

typedef struct
{
  DinoscopeOverlayProvider *provider;
  DinoscopeContext         *context;
  GVariant                 *parameters;
  DinoscopeJob             *job; /* that progress is told of; not owned */
  DinoscopeOverlayProgress  progress;
  gpointer                  progress_data;
  GDestroyNotify            progress_destroy;
} MapRequest;

/* Steps of the progress of a map. */
#define STEPS 1000

static void
map_request_free (gpointer data)
{
  MapRequest *request = data;

  g_object_unref (request->provider);
  g_object_unref (request->context);
  g_clear_pointer (&request->parameters, g_variant_unref);
  if (request->progress_destroy != NULL)
    request->progress_destroy (request->progress_data);
  g_free (request);
}

static DinoscopeMap *
compute (DinoscopeEngine *self, const MapRequest *request, GCancellable *cancellable, DinoscopeOverlayProgress progress, GError **error)
{
  DinoscopeMap *map;

  dinoscope_context_set_team (request->context, self->team);
  map = dinoscope_overlay_provider_compute (request->provider, request->context, request->parameters, cancellable, progress, (gpointer) request, error);
  dinoscope_context_set_team (request->context, NULL);
  return map;
}

static void
pass_progress (double done, gpointer data)
{
  const MapRequest *request = data;

  request->progress (done, request->progress_data);
}

DinoscopeMap *
dinoscope_engine_compute_map (DinoscopeEngine *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  return dinoscope_engine_compute_map_with_progress (self, provider, context, parameters, cancellable, NULL, NULL, error);
}

DinoscopeMap *
dinoscope_engine_compute_map_with_progress (DinoscopeEngine *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data, GError **error)
{
  const MapRequest request = { .provider = provider, .context = context, .parameters = parameters, .progress = progress, .progress_data = progress_data };
  DinoscopeCall    call;
  DinoscopeMap    *map;

  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), NULL);
  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_PROVIDER (provider), NULL);
  g_return_val_if_fail (dinoscope_context_has_contents (context), NULL);

  if (!dinoscope_engine_enter (self, &call, cancellable, error))
    return NULL;
  /* Not on the map thread, which others wait for. */
  dinoscope_context_set_engine (context, self);
  map = compute (self, &request, call.cancellable, progress != NULL ? pass_progress : NULL, error);
  dinoscope_context_set_engine (context, NULL);
  dinoscope_engine_leave (&call);
  return map;
}

/* On the map thread. */
static void
report_progress (double done, gpointer data)
{
  const MapRequest *request = data;

  dinoscope_engine_report (g_task_get_source_object (request->job->task), request->job, (guint) (STEPS * CLAMP (done, 0, 1)), STEPS, NULL);
}

/* On the caller's. */
static void
tell_progress (guint done, guint total, DinoscopeFeatures *partial, gpointer data)
{
  const MapRequest *request = data;

  request->progress ((double) done / total, request->progress_data);
}

static void
compute_map_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  MapRequest *request = job->data;

  request->job = job;
  job->result = compute (self, request, job->cancellable, request->progress != NULL ? report_progress : NULL, &job->error);
}

void
dinoscope_engine_compute_map_with_progress_async (DinoscopeEngine *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data, GDestroyNotify progress_destroy, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask        *task;
  DinoscopeJob *job;
  MapRequest   *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (DINOSCOPE_IS_OVERLAY_PROVIDER (provider));
  g_return_if_fail (dinoscope_context_has_contents (context));

  request = g_new0 (MapRequest, 1);
  request->provider = g_object_ref (provider);
  request->context = g_object_ref (context);
  request->parameters = parameters == NULL ? NULL : g_variant_ref_sink (parameters);
  request->progress = progress;
  request->progress_data = progress_data;
  request->progress_destroy = progress_destroy;

  task = dinoscope_engine_task_new (self, cancellable, callback, user_data, map_tag);
  job = dinoscope_engine_task_job (task);
  job->func = compute_map_job;
  job->kind = DINOSCOPE_JOB_REPLACES_MAP;
  job->data = request;
  job->free_data = map_request_free;
  job->free_result = g_object_unref;
  if (progress != NULL)
    {
      job->progress = tell_progress;
      job->progress_data = request;
    }
  dinoscope_engine_push_task (self, DINOSCOPE_LANE_MAP, task);
}

void
dinoscope_engine_compute_map_async (DinoscopeEngine *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  dinoscope_engine_compute_map_with_progress_async (self, provider, context, parameters, cancellable, NULL, NULL, NULL, callback, user_data);
}

DinoscopeMap *
dinoscope_engine_compute_map_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) map_tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  DinoscopeMap         *map;
  struct dino_map_style style;
  DinoscopeStudy       *study;
  struct dino_box       box;
  int                   width, height;
} DrawRequest;

static void
draw_request_free (gpointer data)
{
  DrawRequest *request = data;

  g_object_unref (request->map);
  g_clear_object (&request->study);
  g_free (request);
}

const guint8 *
dinoscope_engine_make_guide (DinoscopeStudy *study, int *width, int *height, guint8 **owned, struct dino_error *failure)
{
  int           channels;
  const guint8 *display = dinoscope_study_get_display (study, width, height, &channels);
  gsize         n = (gsize) *width * *height;

  if (channels == 1)
    return display;
  *owned = dino_alloc (n, 1, failure);
  for (gsize i = 0; *owned != NULL && i < n; i++)
    (*owned)[i] = (299 * display[3 * i] + 587 * display[3 * i + 1] + 114 * display[3 * i + 2] + 500) / 1000;
  return *owned;
}

static guint8 *
draw (DinoscopeEngine *self, const DrawRequest *request, struct dino_error *failure)
{
  const guint8 *guide = NULL;
  guint8       *owned = NULL;
  guint8       *rgba = NULL;
  int           guide_width = 0;
  int           guide_height = 0;
  gboolean      good;

  if (request->style.smooth == DINO_SMOOTH_GUIDED && request->study != NULL)
    guide = dinoscope_engine_make_guide (request->study, &guide_width, &guide_height, &owned, failure);
  if (failure->code == DINO_CODE_NONE)
    rgba = dino_alloc ((gsize) request->width * request->height, 4, failure);
  good = rgba != NULL && dino_map_draw (dinoscope_map_get_core (request->map), &request->style, guide, guide_width, guide_height,
                                        request->box, rgba, request->width, request->height, self->team, failure);
  dino_free (owned);
  if (good)
    return rgba;
  dino_free (rgba);
  return NULL;
}

static GBytes *
draw_bytes (DinoscopeEngine *self, const DrawRequest *request, GError **error)
{
  struct dino_error failure = { 0 };
  guint8           *rgba = draw (self, request, &failure);

  if (rgba != NULL)
    return g_bytes_new_with_free_func (rgba, (gsize) request->width * request->height * 4, dino_free, rgba);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_FAILED);
  return NULL;
}

GBytes *
dinoscope_engine_draw_map (DinoscopeEngine *self, DinoscopeMap *map, DinoscopeMapStyle *style, DinoscopeStudy *study, double x0, double y0, double x1, double y1, guint width, guint height, GError **error)
{
  DrawRequest   request = { .map = map, .study = study, .box = { x0, y0, x1, y1 }, .width = (int) width, .height = (int) height };
  DinoscopeCall call;
  GBytes       *bytes;

  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), NULL);
  g_return_val_if_fail (dinoscope_map_has_contents (map), NULL);
  g_return_val_if_fail (style == NULL || DINOSCOPE_IS_MAP_STYLE (style), NULL);
  g_return_val_if_fail (study == NULL || dinoscope_study_has_contents (study), NULL);

  if (width < 1 || height < 1 || width > DINO_PICTURE_MAX_SIDE || height > DINO_PICTURE_MAX_SIDE || !(x0 < x1) || !(y0 < y1))
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("There is nothing to draw: the rectangle is empty, or %u × %u pixels are too few or too many."), width, height);
      return NULL;
    }
  if (!dinoscope_map_style_get_core (style, &request.style, error) || !dinoscope_engine_enter (self, &call, NULL, error))
    return NULL;
  bytes = draw_bytes (self, &request, error);
  dinoscope_engine_leave (&call);
  return bytes;
}

static void
draw_map_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  job->result = draw_bytes (self, job->data, &job->error);
}

static void
free_pixels (gpointer data)
{
  g_bytes_unref (data);
}

void
dinoscope_engine_draw_map_async (DinoscopeEngine *self, DinoscopeMap *map, const struct dino_map_style *style, DinoscopeStudy *study, struct dino_box box, int width, int height, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask        *task;
  DinoscopeJob *job;
  DrawRequest  *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (dinoscope_map_has_contents (map));
  g_return_if_fail (style != NULL);
  g_return_if_fail (study == NULL || dinoscope_study_has_contents (study));
  g_return_if_fail (width > 0 && height > 0);

  request = g_new0 (DrawRequest, 1);
  request->map = g_object_ref (map);
  request->style = *style;
  g_set_object (&request->study, study);
  request->box = box;
  request->width = width;
  request->height = height;

  task = dinoscope_engine_task_new (self, cancellable, callback, user_data, drawing_tag);
  job = dinoscope_engine_task_job (task);
  job->func = draw_map_job;
  job->kind = DINOSCOPE_JOB_REPLACES_DRAWING;
  job->data = request;
  job->free_data = draw_request_free;
  job->free_result = free_pixels;
  dinoscope_engine_push_task (self, DINOSCOPE_LANE_MAP, task);
}

GBytes *
dinoscope_engine_draw_map_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) drawing_tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
