/* Changed copies of pictures, beside everything else. */
#include "engine/dinoscope-engine-private.h"

static const char occlude_tag[] = "occlude";

typedef struct
{
  DinoscopeStudy       *study;
  struct dino_box       box;
  struct dino_occlusion occlusion;
} OccludeRequest;

static void
occlude_request_free (gpointer data)
{
  OccludeRequest *request = data;

  g_object_unref (request->study);
  g_free (request);
}

static void
occlude_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  const OccludeRequest *request = job->data;

  job->result = dinoscope_study_new_occluded (request->study, request->box, &request->occlusion, job->cancellable, &job->error);
}

void
dinoscope_engine_occlude_async (DinoscopeEngine *self, DinoscopeStudy *study, struct dino_box box, const struct dino_occlusion *occlusion, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask          *task;
  DinoscopeJob   *job;
  OccludeRequest *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (dinoscope_study_has_contents (study));
  g_return_if_fail (occlusion != NULL);

  request = g_new0 (OccludeRequest, 1);
  request->study = g_object_ref (study);
  request->box = box;
  request->occlusion = *occlusion;

  task = dinoscope_engine_task_new (self, cancellable, callback, user_data, occlude_tag);
  job = dinoscope_engine_task_job (task);
  job->func = occlude_job;
  job->data = request;
  job->free_data = occlude_request_free;
  job->free_result = g_object_unref;
  dinoscope_engine_push_task (self, DINOSCOPE_LANE_READ, task);
}

DinoscopeStudy *
dinoscope_engine_occlude_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) occlude_tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
