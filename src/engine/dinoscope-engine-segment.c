#include "engine/dinoscope-engine-segment.h"

#include "core/base/memory.h"
#include "core/heads/decoder-mask.h"
#include "engine/dinoscope-engine-private.h"
#include "engine/dinoscope-error.h"

static const char segment_tag[] = "segment";
static const char train_tag[] = "train";

typedef struct
{
  DinoscopeDecoder  *decoder;
  DinoscopeStudy    *study;
  DinoscopeFeatures *features;
  enum dino_smooth   smooth;
} SegmentRequest;

typedef struct
{
  DinoscopeTraining          *training;
  struct dino_decoder_options options;
} TrainRequest;

static void
segment_request_free (gpointer data)
{
  SegmentRequest *request = data;

  g_object_unref (request->decoder);
  g_object_unref (request->study);
  g_object_unref (request->features);
  g_free (request);
}

static void
train_request_free (gpointer data)
{
  TrainRequest *request = data;

  dinoscope_training_free (request->training);
  g_free (request);
}

GBytes *
dinoscope_engine_segment (DinoscopeEngine *self, DinoscopeDecoder *decoder, DinoscopeStudy *study, DinoscopeFeatures *features, enum dino_smooth smooth, GCancellable *cancellable, GError **error)
{
  const struct dino_geometry *geometry;
  struct dino_error           failure = { 0 };
  gsize                       n;
  int                         width, height;
  const guint8               *guide = NULL;
  guint8                     *owned = NULL, *mask = NULL;
  float                      *logits;
  bool                        good;

  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), NULL);
  g_return_val_if_fail (dinoscope_study_has_contents (study), NULL);

  if (!dinoscope_decoder_check_model (decoder, dinoscope_features_get_model (features), cancellable, error) || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  logits = dinoscope_decoder_compute_logits (decoder, features, self->team, error);
  if (logits == NULL)
    return NULL;
  geometry = dinoscope_features_get_geometry (features);
  n = (gsize) geometry->width * (gsize) geometry->height;
  if (smooth == DINO_SMOOTH_GUIDED)
    guide = dinoscope_engine_make_guide (study, &width, &height, &owned, &failure);
  if (failure.code == DINO_CODE_NONE)
    mask = g_try_malloc (n);
  if (failure.code == DINO_CODE_NONE && mask == NULL)
    dino_error_set_memory (&failure, n);
  good = mask != NULL && dino_decoder_mask (logits, dinoscope_decoder_get_head (decoder)->decoder->n_classes, geometry, smooth, guide, self->team, mask, &failure);
  dino_free (owned);
  dino_free (logits);
  if (good)
    return g_bytes_new_take (mask, n);
  g_free (mask);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_FAILED);
  return NULL;
}

static void
segment_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  const SegmentRequest *request = job->data;

  job->result = dinoscope_engine_segment (self, request->decoder, request->study, request->features, request->smooth, job->cancellable, &job->error);
}

void
dinoscope_engine_segment_async (DinoscopeEngine *self, DinoscopeDecoder *decoder, DinoscopeStudy *study, DinoscopeFeatures *features, enum dino_smooth smooth, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask          *task;
  DinoscopeJob   *job;
  SegmentRequest *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (DINOSCOPE_IS_DECODER (decoder));
  g_return_if_fail (dinoscope_study_has_contents (study));
  g_return_if_fail (dinoscope_features_has_contents (features));

  request = g_new0 (SegmentRequest, 1);
  request->decoder = g_object_ref (decoder);
  request->study = g_object_ref (study);
  request->features = g_object_ref (features);
  request->smooth = smooth;
  task = dinoscope_engine_task_new (self, cancellable, callback, user_data, segment_tag);
  job = dinoscope_engine_task_job (task);
  job->func = segment_job;
  job->data = request;
  job->free_data = segment_request_free;
  job->free_result = (GDestroyNotify) g_bytes_unref;
  dinoscope_engine_push_task (self, DINOSCOPE_LANE_MAP, task);
}

GBytes *
dinoscope_engine_segment_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) segment_tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
train_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  TrainRequest *request = job->data;

  request->options.team = self->team;
  job->result = dinoscope_training_run (request->training, &request->options, job->cancellable, &job->error);
}

void
dinoscope_engine_train_async (DinoscopeEngine *self, DinoscopeTraining *training, const struct dino_decoder_options *options, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask        *task;
  DinoscopeJob *job;
  TrainRequest *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (training != NULL && options != NULL);

  request = g_new0 (TrainRequest, 1);
  request->training = training;
  request->options = *options;
  task = dinoscope_engine_task_new (self, cancellable, callback, user_data, train_tag);
  job = dinoscope_engine_task_job (task);
  job->func = train_job;
  job->data = request;
  job->free_data = train_request_free;
  job->free_result = g_object_unref;
  dinoscope_engine_push_task (self, DINOSCOPE_LANE_ENCODE, task);
}

DinoscopeDecoder *
dinoscope_engine_train_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) train_tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
