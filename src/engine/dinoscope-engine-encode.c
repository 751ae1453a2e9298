/* The forward pass: memory, scratch, progress and partial results. */
#include "engine/dinoscope-engine-private.h"

#include "core/base/memory.h"
#include "core/base/text.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-features-private.h"
#include "engine/dinoscope-memory-private.h"
#include "engine/dinoscope-study-private.h"

static const char encode_tag[] = "encode";

/* One run, whoever asked for it. */
typedef struct
{
  DinoscopeEngine        *engine;
  DinoscopeFeaturesOrigin origin;
  DinoscopeStudy         *study;        /* or */
  const float            *pixel_values; /* given ready */
  GCancellable           *cancellable;
  struct dino_features   *features;
  int                     last_done;

  DinoscopeJob           *job; /* progress goes by its context, or */
  DinoscopeEncodeProgress progress;
  gpointer                progress_data;
} Run;

static gsize
scratch_memory (DinoscopeEngine *self, const Run *run)
{
  return dino_encoder_memory (dinoscope_model_get_core (run->origin.model), run->origin.geometry.rows, run->origin.geometry.columns, MAX (dinoscope_engine_get_threads (self), 1));
}

static gsize
result_memory (const Run *run)
{
  const struct dino_geometry *geometry = &run->origin.geometry;
  gsize                       pixels = (gsize) geometry->input_width * geometry->input_height;

  return dino_features_memory (dinoscope_model_get_core (run->origin.model), geometry->rows, geometry->columns, run->origin.keep) +
         3 * pixels * sizeof (float);
}

void
dinoscope_engine_drop_encoder (DinoscopeEngine *self)
{
  g_clear_pointer (&self->encoder, dino_encoder_free);
  g_clear_object (&self->encoder_model);
}

/* The scratch that is kept, if it fits; what does not fit is freed. */
static struct dino_encoder *
take_encoder (DinoscopeEngine *self, const Run *run)
{
  struct dino_encoder *encoder = NULL;

  g_mutex_lock (&self->lock);
  if (self->encoder != NULL && self->encoder_model == run->origin.model &&
      self->encoder_rows == run->origin.geometry.rows && self->encoder_columns == run->origin.geometry.columns)
    encoder = g_steal_pointer (&self->encoder);
  dinoscope_engine_drop_encoder (self);
  g_mutex_unlock (&self->lock);
  return encoder;
}

static void
keep_encoder (DinoscopeEngine *self, const Run *run, struct dino_encoder *encoder)
{
  g_mutex_lock (&self->lock);
  dinoscope_engine_drop_encoder (self);
  self->encoder = encoder;
  self->encoder_model = g_object_ref (run->origin.model);
  self->encoder_rows = run->origin.geometry.rows;
  self->encoder_columns = run->origin.geometry.columns;
  g_mutex_unlock (&self->lock);
}

static gboolean
check_memory (const Run *run, gsize needed, GError **error)
{
  guint64          available = dinoscope_available_memory ("");
  g_autofree char *needed_text = NULL;
  g_autofree char *available_text = NULL;

  if (needed <= available)
    return TRUE;
  needed_text = g_format_size (needed);
  available_text = g_format_size (available);
  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MEMORY, _ ("Encoding this picture with %s needs %s of memory, and only %s can be had."),
               dinoscope_model_get_title (run->origin.model), needed_text, available_text);
  return FALSE;
}

static DinoscopeFeatures *
wrap_partial (Run *run)
{
  struct dino_features *snapshot;

  if (run->origin.keep == DINO_KEEP_OUTPUT || run->last_done == 0)
    return NULL;
  snapshot = dino_features_snapshot (run->features, NULL);
  return snapshot == NULL ? NULL : dinoscope_features_new (snapshot, &run->origin);
}

static bool
progress_cb (void *data, int done, int total)
{
  Run                          *run = data;
  g_autoptr (DinoscopeFeatures) partial = NULL;

  if (g_cancellable_is_cancelled (run->cancellable))
    return false;
  if (done == run->last_done)
    return true;
  run->last_done = done;
  partial = wrap_partial (run);
  if (run->job != NULL)
    dinoscope_engine_report (run->engine, run->job, done, total, partial);
  else if (run->progress != NULL)
    run->progress (done, total, partial, run->progress_data);
  return true;
}

static gboolean
run_encoder (Run *run, struct dino_encoder *encoder, const float *pixel_values, struct dino_error *failure)
{
  const struct dino_progress progress = { progress_cb, run };

  return !g_cancellable_is_cancelled (run->cancellable)
             ? dino_encoder_run (encoder, pixel_values, run->features, &progress, failure)
             : dino_error_set (failure, DINO_CODE_CANCELLED, "%s", _ ("Cancelled."));
}

static gboolean
prepare_and_run (Run *run, struct dino_encoder *encoder, struct dino_error *failure)
{
  const struct dino_geometry *geometry = &run->origin.geometry;
  const struct dino_model    *model = dinoscope_model_get_core (run->origin.model);
  float                      *prepared;
  gboolean                    good;

  if (run->pixel_values != NULL)
    return run_encoder (run, encoder, run->pixel_values, failure);
  prepared = dino_alloc ((gsize) geometry->input_width * geometry->input_height, 3 * sizeof *prepared, failure);
  good = prepared != NULL &&
         dino_prepare (dinoscope_study_get_picture (run->study), dino_model_processor (model),
                       dinoscope_study_get_preparation (run->study), geometry, prepared, failure) &&
         run_encoder (run, encoder, prepared, failure);
  dino_free (prepared);
  return good;
}

static DinoscopeFeatures *
execute (Run *run, GError **error)
{
  DinoscopeEngine            *self = run->engine;
  const struct dino_geometry *geometry = &run->origin.geometry;
  struct dino_model          *model = dinoscope_model_get_core (run->origin.model);
  struct dino_error           failure = { 0 };
  struct dino_encoder        *encoder = take_encoder (self, run);
  gboolean                    good;

  run->last_done = -1;
  if (!check_memory (run, result_memory (run) + (encoder == NULL ? scratch_memory (self, run) : 0), error))
    {
      dino_encoder_free (encoder);
      return NULL;
    }
  if (encoder == NULL)
    encoder = dino_encoder_new (model, geometry->rows, geometry->columns, self->isa, self->team, &failure);
  if (encoder != NULL)
    run->features = dino_features_new (model, geometry->rows, geometry->columns, run->origin.keep, &failure);
  if (run->features != NULL)
    run->origin.isa = dino_encoder_isa (encoder);
  good = run->features != NULL && prepare_and_run (run, encoder, &failure);
  if (encoder != NULL)
    keep_encoder (self, run, encoder);
  if (good)
    return dinoscope_features_new (g_steal_pointer (&run->features), &run->origin);
  g_clear_pointer (&run->features, dino_features_unref);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_FAILED);
  return NULL;
}

/* What a study and a model have to say about a run. */
static gboolean
init_run (Run *run, DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, unsigned keep, GError **error)
{
  *run = (Run){ .engine = self, .study = study };
  run->origin.model = model;
  run->origin.keep = keep;
  run->origin.isa = dino_model_isa (dinoscope_model_get_core (model));
  run->origin.pixels_sha256 = dinoscope_study_get_sha256 (study);
  run->origin.grey_sha256 = dinoscope_study_get_grey_sha256 (study);
  run->origin.cover = *dinoscope_study_get_cover (study);
  return dinoscope_study_get_geometry (study, dinoscope_model_get_core (model), &run->origin.geometry, error);
}

static DinoscopeFeatures *
encode_study (Run *run, GError **error)
{
  DinoscopeFeatures *features;
  char               preparation[DINO_PREPARATION_LENGTH];

  dino_preparation_describe (dinoscope_study_get_preparation (run->study), &run->origin.geometry,
                             dinoscope_study_get_picture (run->study), preparation, sizeof preparation);
  run->origin.preparation = preparation;
  features = execute (run, error);
  run->origin.preparation = NULL; /* it goes with this function */
  return features;
}

DinoscopeFeatures *
dinoscope_engine_encode_tensor (DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, const float *pixel_values, GCancellable *cancellable, GError **error)
{
  Run run;

  if (!init_run (&run, self, study, model, DINO_KEEP_OUTPUT, error))
    return NULL;
  run.pixel_values = pixel_values;
  run.cancellable = cancellable;
  return encode_study (&run, error);
}

gsize
dinoscope_engine_estimate_memory (DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, guint keep, GError **error)
{
  Run run;

  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), 0);
  g_return_val_if_fail (dinoscope_study_has_contents (study), 0);
  g_return_val_if_fail (dinoscope_model_has_contents (model), 0);

  return init_run (&run, self, study, model, keep, error) ? scratch_memory (self, &run) + result_memory (&run) : 0;
}

DinoscopeFeatures *
dinoscope_engine_encode (DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, guint keep, GCancellable *cancellable, DinoscopeEncodeProgress progress, gpointer progress_data, GError **error)
{
  Run                run;
  DinoscopeCall      call;
  DinoscopeFeatures *features;

  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), NULL);
  g_return_val_if_fail (dinoscope_study_has_contents (study), NULL);
  g_return_val_if_fail (dinoscope_model_has_contents (model), NULL);

  if (!init_run (&run, self, study, model, keep, error) || !dinoscope_engine_enter (self, &call, cancellable, error))
    return NULL;
  run.cancellable = call.cancellable;
  run.progress = progress;
  run.progress_data = progress_data;
  features = encode_study (&run, error);
  dinoscope_engine_leave (&call);
  return features;
}

DinoscopeFeatures *
dinoscope_engine_encode_raw (DinoscopeEngine *self, const float *pixel_values, int width, int height, DinoscopeModel *model, guint keep, GCancellable *cancellable, DinoscopeEncodeProgress progress, gpointer progress_data, GError **error)
{
  Run                run = { .engine = self, .pixel_values = pixel_values, .progress = progress, .progress_data = progress_data };
  DinoscopeCall      call;
  DinoscopeFeatures *features;
  struct dino_error  failure = { 0 };

  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), NULL);
  g_return_val_if_fail (pixel_values != NULL, NULL);
  g_return_val_if_fail (dinoscope_model_has_contents (model), NULL);

  run.origin = (DinoscopeFeaturesOrigin){ .model = model, .keep = keep, .isa = dino_model_isa (dinoscope_model_get_core (model)), .preparation = "pixel-values=given", .pixels_sha256 = "", .grey_sha256 = "" };
  if (!dino_geometry_init_raw (&run.origin.geometry, dino_model_config (dinoscope_model_get_core (model))->patch_size, width, height, &failure))
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_PICTURE);
      return NULL;
    }
  if (!dinoscope_engine_enter (self, &call, cancellable, error))
    return NULL;
  run.cancellable = call.cancellable;
  features = execute (&run, error);
  dinoscope_engine_leave (&call);
  return features;
}

DinoscopeFeatures *
dinoscope_engine_encode_values (DinoscopeEngine        *self,
                                GBytes                 *values,
                                int                     width,
                                int                     height,
                                DinoscopeModel         *model,
                                guint                   keep,
                                GCancellable           *cancellable,
                                DinoscopeEncodeProgress progress,
                                gpointer                progress_data,
                                GError                **error)
{
  struct dino_error  failure = { 0 };
  DinoscopeFeatures *features;
  float             *aligned;

  g_return_val_if_fail (values != NULL, NULL);

  if (width < 1 || height < 1 || width > DINO_PICTURE_MAX_SIDE || height > DINO_PICTURE_MAX_SIDE ||
      g_bytes_get_size (values) != (gsize) width * (gsize) height * 3 * sizeof (float))
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("These values are no three planes of %d × %d pixels."), width, height);
      return NULL;
    }
  /* Bytes of others may begin anywhere. */
  aligned = dino_alloc (g_bytes_get_size (values), 1, &failure);
  if (aligned == NULL)
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_MEMORY);
      return NULL;
    }
  memcpy (aligned, g_bytes_get_data (values, NULL), g_bytes_get_size (values));
  features = dinoscope_engine_encode_raw (self, aligned, width, height, model, keep, cancellable, progress, progress_data, error);
  dino_free (aligned);
  return features;
}

typedef struct
{
  DinoscopeStudy *study;
  DinoscopeModel *model;
  unsigned        keep;
} EncodeRequest;

static void
encode_request_free (gpointer data)
{
  EncodeRequest *request = data;

  g_object_unref (request->study);
  g_object_unref (request->model);
  g_free (request);
}

static void
encode_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  const EncodeRequest *request = job->data;
  Run                  run;

  if (!init_run (&run, self, request->study, request->model, request->keep, &job->error))
    return;
  run.cancellable = job->cancellable;
  run.job = job;
  job->result = encode_study (&run, &job->error);
}

void
dinoscope_engine_encode_async (DinoscopeEngine        *self,
                               DinoscopeStudy         *study,
                               DinoscopeModel         *model,
                               guint                   keep,
                               int                     priority,
                               GCancellable           *cancellable,
                               DinoscopeEncodeProgress progress,
                               gpointer                progress_data,
                               GDestroyNotify          progress_destroy,
                               GAsyncReadyCallback     callback,
                               gpointer                user_data)
{
  GTask         *task;
  DinoscopeJob  *job;
  EncodeRequest *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (dinoscope_study_has_contents (study));
  g_return_if_fail (dinoscope_model_has_contents (model));

  request = g_new0 (EncodeRequest, 1);
  request->study = g_object_ref (study);
  request->model = g_object_ref (model);
  request->keep = keep;

  task = dinoscope_engine_task_new (self, cancellable, callback, user_data, encode_tag);
  job = dinoscope_engine_task_job (task);
  job->func = encode_job;
  job->priority = priority;
  job->data = request;
  job->free_data = encode_request_free;
  job->free_result = g_object_unref;
  job->progress = progress;
  job->progress_data = progress_data;
  job->progress_destroy = progress_destroy;
  dinoscope_engine_push_task (self, DINOSCOPE_LANE_ENCODE, task);
}

DinoscopeFeatures *
dinoscope_engine_encode_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) encode_tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
