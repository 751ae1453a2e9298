/* Several maps at once, for an overview: on the map thread, behind all else. */
#include "engine/dinoscope-context-private.h"
#include "engine/dinoscope-engine-private.h"

static const char maps_tag[] = "maps";

typedef struct
{
  DinoscopeOverlayProvider *provider;
  DinoscopeContext         *context;
  GPtrArray                *parameters; /* of GVariant */
  guint                     next;
  DinoscopeMapDelivery      delivery;
  gpointer                  delivery_data;
} MapsRequest;

/* One map on its way to the caller. */
typedef struct
{
  GTask        *task;
  guint         index;
  DinoscopeMap *map;
  GError       *error;
} Delivered;

static void
maps_request_free (gpointer data)
{
  MapsRequest *request = data;

  g_object_unref (request->provider);
  g_object_unref (request->context);
  g_ptr_array_unref (request->parameters);
  g_free (request);
}

static void
delivered_free (gpointer data)
{
  Delivered *delivered = data;

  g_object_unref (delivered->task);
  g_clear_object (&delivered->map);
  g_clear_error (&delivered->error);
  g_free (delivered);
}

static gboolean
deliver_cb (gpointer data)
{
  const Delivered   *delivered = data;
  DinoscopeJob      *job = dinoscope_engine_task_job (delivered->task);
  const MapsRequest *request = job->data;

  if (!g_cancellable_is_cancelled (job->cancellable))
    request->delivery (delivered->index, delivered->map, delivered->error, request->delivery_data);
  return G_SOURCE_REMOVE;
}

/* One map a turn: between two of them the lane takes what is more urgent. */
static void
compute_maps_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  MapsRequest *request = job->data;
  Delivered   *delivered;

  if (request->next < request->parameters->len)
    {
      delivered = g_new0 (Delivered, 1);
      delivered->task = g_object_ref (job->task);
      delivered->index = request->next;
      delivered->map = dinoscope_engine_compute_map (self, request->provider, request->context, g_ptr_array_index (request->parameters, request->next), job->cancellable, &delivered->error);
      dinoscope_engine_invoke (job->task, deliver_cb, delivered, delivered_free);
      request->next++;
    }
  job->unfinished = request->next < request->parameters->len;
}

void
dinoscope_engine_compute_maps_async (DinoscopeEngine *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GPtrArray *parameters, GCancellable *cancellable, DinoscopeMapDelivery delivery, gpointer delivery_data, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask        *task;
  DinoscopeJob *job;
  MapsRequest  *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (DINOSCOPE_IS_OVERLAY_PROVIDER (provider));
  g_return_if_fail (dinoscope_context_has_contents (context));
  g_return_if_fail (parameters != NULL && delivery != NULL);

  request = g_new0 (MapsRequest, 1);
  request->provider = g_object_ref (provider);
  request->context = g_object_ref (context);
  request->parameters = g_ptr_array_ref (parameters);
  request->delivery = delivery;
  request->delivery_data = delivery_data;

  task = dinoscope_engine_task_new (self, cancellable, callback, user_data, maps_tag);
  job = dinoscope_engine_task_job (task);
  job->func = compute_maps_job;
  job->kind = DINOSCOPE_JOB_REPLACES_MAPS;
  job->priority = G_PRIORITY_LOW;
  job->data = request;
  job->free_data = maps_request_free;
  dinoscope_engine_push_task (self, DINOSCOPE_LANE_MAP, task);
}

gboolean
dinoscope_engine_compute_maps_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) maps_tag), FALSE);
  g_task_propagate_pointer (G_TASK (result), error);
  return !g_task_had_error (G_TASK (result));
}
