/* An opened picture prepared in another way, and the tensor for people to look at. */
#include "engine/dinoscope-engine-private.h"

#include "core/base/memory.h"
#include "core/picture/prepare.h"
#include "engine/dinoscope-error.h"

/* Longer than any line that says how a picture was prepared. */
#define MAX_PREPARATION 512

static const char prepare_tag[] = "prepare";
static const char change_tag[] = "change-preparation";

typedef struct
{
  DinoscopeStudy         *study;
  struct dino_preparation preparation;
} ChangeRequest;

static void
change_request_free (gpointer data)
{
  ChangeRequest *request = data;

  g_object_unref (request->study);
  g_free (request);
}

static void
change_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  const ChangeRequest *request = job->data;

  job->result = dinoscope_study_new_with_preparation (request->study, &request->preparation, job->cancellable, &job->error);
}

void
dinoscope_engine_change_preparation_async (DinoscopeEngine *self, DinoscopeStudy *study, const struct dino_preparation *preparation, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask         *task;
  DinoscopeJob  *job;
  ChangeRequest *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (dinoscope_study_has_contents (study));
  g_return_if_fail (preparation != NULL);

  request = g_new0 (ChangeRequest, 1);
  request->study = g_object_ref (study);
  request->preparation = *preparation;

  task = dinoscope_engine_task_new (self, cancellable, callback, user_data, change_tag);
  job = dinoscope_engine_task_job (task);
  job->func = change_job;
  job->data = request;
  job->free_data = change_request_free;
  job->free_result = g_object_unref;
  dinoscope_engine_push_task (self, DINOSCOPE_LANE_READ, task);
}

DinoscopeStudy *
dinoscope_engine_change_preparation_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) change_tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  DinoscopeStudy *study;
  DinoscopeModel *model;
} PrepareRequest;

static void
prepare_request_free (gpointer data)
{
  PrepareRequest *request = data;

  g_object_unref (request->study);
  g_object_unref (request->model);
  g_free (request);
}

static DinoscopeModelInput *
prepare (DinoscopeStudy *study, DinoscopeModel *model, GError **error)
{
  const struct dino_model       *core = dinoscope_model_get_core (model);
  const struct dino_picture     *picture = dinoscope_study_get_picture (study);
  const struct dino_preparation *preparation = dinoscope_study_get_preparation (study);
  struct dino_geometry           geometry;
  struct dino_error              failure = { 0 };
  g_autoptr (GBytes)             bytes = NULL;
  char                           line[MAX_PREPARATION];
  float                         *values;
  gsize                          n;

  if (!dinoscope_study_get_geometry (study, core, &geometry, error))
    return NULL;
  n = (gsize) geometry.input_width * (gsize) geometry.input_height;
  values = dino_alloc (n, 3 * sizeof *values, &failure);
  if (values == NULL || !dino_prepare (picture, dino_model_processor (core), preparation, &geometry, values, &failure))
    {
      dino_free (values);
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_FAILED);
      return NULL;
    }
  bytes = g_bytes_new_with_free_func (values, 3 * n * sizeof *values, dino_free, values);
  dino_preparation_describe (preparation, &geometry, picture, line, sizeof line);
  return dinoscope_model_input_new (bytes, &geometry, dino_model_processor (core), line);
}

DinoscopeModelInput *
dinoscope_engine_prepare (DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, GCancellable *cancellable, GError **error)
{
  DinoscopeCall        call;
  DinoscopeModelInput *input;

  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), NULL);
  g_return_val_if_fail (dinoscope_study_has_contents (study), NULL);
  g_return_val_if_fail (dinoscope_model_has_contents (model), NULL);

  if (!dinoscope_engine_enter (self, &call, cancellable, error))
    return NULL;
  input = prepare (study, model, error);
  dinoscope_engine_leave (&call);
  return input;
}

static void
prepare_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  const PrepareRequest *request = job->data;

  job->result = prepare (request->study, request->model, &job->error);
}

void
dinoscope_engine_prepare_async (DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask          *task;
  DinoscopeJob   *job;
  PrepareRequest *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (dinoscope_study_has_contents (study));
  g_return_if_fail (dinoscope_model_has_contents (model));

  request = g_new0 (PrepareRequest, 1);
  request->study = g_object_ref (study);
  request->model = g_object_ref (model);

  task = dinoscope_engine_task_new (self, cancellable, callback, user_data, prepare_tag);
  job = dinoscope_engine_task_job (task);
  job->func = prepare_job;
  job->data = request;
  job->free_data = prepare_request_free;
  job->free_result = g_object_unref;
  /* Not behind a forward pass. */
  dinoscope_engine_push_task (self, DINOSCOPE_LANE_READ, task);
}

DinoscopeModelInput *
dinoscope_engine_prepare_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) prepare_tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
