#include "app/dinoscope-encode-job.h"

struct _DinoscopeEncodeJob
{
  GObject parent_instance;

  DinoscopeStudy         *study;
  DinoscopeModel         *model;
  DinoscopeFeaturesCache *cache;
  GCancellable           *cancellable;
  DinoscopeFeatures      *features;
  GError                 *error;
  DinoscopeEncodeState    state;
  guint                   done;
  guint                   total;
};

G_DEFINE_FINAL_TYPE (DinoscopeEncodeJob, dinoscope_encode_job, G_TYPE_OBJECT)

static guint changed_signal;

static void
progress_cb (guint done, guint total, DinoscopeFeatures *partial, gpointer user_data)
{
  DinoscopeEncodeJob *self = user_data;

  if (self->state != DINOSCOPE_ENCODE_RUNNING)
    return;
  if (done == self->done && total == self->total && partial == NULL)
    return;
  self->done = done;
  self->total = total;
  if (partial != NULL)
    g_set_object (&self->features, partial);
  g_signal_emit (self, changed_signal, 0);
}

static void
encode_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeEncodeJob) self = user_data;
  g_autoptr (DinoscopeFeatures)  features = NULL;
  g_autoptr (GError)             error = NULL;

  features = dinoscope_engine_encode_finish (DINOSCOPE_ENGINE (source), result, &error);
  if (self->state != DINOSCOPE_ENCODE_RUNNING)
    return;
  if (features != NULL)
    {
      g_autofree char *key = dinoscope_features_cache_key (self->study, self->model);

      self->state = DINOSCOPE_ENCODE_DONE;
      self->done = self->total;
      g_set_object (&self->features, features);
      if (key != NULL)
        dinoscope_features_cache_insert (self->cache, key, features);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->state = DINOSCOPE_ENCODE_CANCELLED;
  else
    {
      self->state = DINOSCOPE_ENCODE_FAILED;
      self->error = g_steal_pointer (&error);
    }
  g_signal_emit (self, changed_signal, 0);
}

static void
dinoscope_encode_job_finalize (GObject *object)
{
  DinoscopeEncodeJob *self = DINOSCOPE_ENCODE_JOB (object);

  g_clear_object (&self->study);
  g_clear_object (&self->model);
  g_clear_object (&self->cache);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->features);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (dinoscope_encode_job_parent_class)->finalize (object);
}

static void
dinoscope_encode_job_class_init (DinoscopeEncodeJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_encode_job_finalize;

  changed_signal = g_signal_new ("changed", DINOSCOPE_TYPE_ENCODE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_encode_job_init (DinoscopeEncodeJob *self)
{
  self->cancellable = g_cancellable_new ();
}

DinoscopeEncodeJob *
dinoscope_encode_job_new (DinoscopeEngine *engine, DinoscopeStudy *study, DinoscopeModel *model, DinoscopeFeaturesCache *cache, int priority)
{
  DinoscopeEncodeJob *self;

  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (DINOSCOPE_IS_STUDY (study), NULL);
  g_return_val_if_fail (DINOSCOPE_IS_MODEL (model), NULL);

  self = g_object_new (DINOSCOPE_TYPE_ENCODE_JOB, NULL);
  self->study = g_object_ref (study);
  self->model = g_object_ref (model);
  self->cache = g_object_ref (cache);
  self->total = dinoscope_model_get_n_blocks (model);
  dinoscope_engine_encode_async (engine, study, model, DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION, priority,
                                 self->cancellable, progress_cb, self, NULL, encode_cb, g_object_ref (self));
  return self;
}

/* The state changes at once: whoever cancels need not wait for the engine. */
void
dinoscope_encode_job_cancel (DinoscopeEncodeJob *self)
{
  g_return_if_fail (DINOSCOPE_IS_ENCODE_JOB (self));

  if (self->state != DINOSCOPE_ENCODE_RUNNING)
    return;
  self->state = DINOSCOPE_ENCODE_CANCELLED;
  g_cancellable_cancel (self->cancellable);
  g_signal_emit (self, changed_signal, 0);
}

DinoscopeStudy *
dinoscope_encode_job_get_study (DinoscopeEncodeJob *self)
{
  return self->study;
}

DinoscopeModel *
dinoscope_encode_job_get_model (DinoscopeEncodeJob *self)
{
  return self->model;
}

DinoscopeEncodeState
dinoscope_encode_job_get_state (DinoscopeEncodeJob *self)
{
  return self->state;
}

void
dinoscope_encode_job_get_progress (DinoscopeEncodeJob *self, guint *done, guint *total)
{
  *done = self->done;
  *total = self->total;
}

DinoscopeFeatures *
dinoscope_encode_job_get_features (DinoscopeEncodeJob *self)
{
  return self->features;
}

const GError *
dinoscope_encode_job_get_error (DinoscopeEncodeJob *self)
{
  return self->error;
}
