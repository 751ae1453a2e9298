/* Opening pictures and models. */
#include "engine/dinoscope-engine-private.h"

#include "core/base/text.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-model-finder.h"
#include "engine/dinoscope-model-private.h"
#include "engine/dinoscope-paths-private.h"
#include "engine/dinoscope-preparation-private.h"
#include "engine/dinoscope-study-private.h"
#include "io/read.h"

static const char open_tag[] = "open";
static const char model_tag[] = "model";

typedef struct
{
  GFile                  *file;  /* or */
  GBytes                 *bytes; /* a picture in memory */
  char                   *name;  /* of bytes */
  struct dino_preparation preparation;
  gboolean                ignore_exif;
} OpenRequest;

static void
open_request_free (gpointer data)
{
  OpenRequest *request = data;

  g_clear_object (&request->file);
  g_clear_pointer (&request->bytes, g_bytes_unref);
  g_free (request->name);
  g_free (request);
}

static OpenRequest *
open_request_new (const struct dino_preparation *preparation, gboolean ignore_exif)
{
  OpenRequest *request = g_new0 (OpenRequest, 1);

  if (preparation != NULL)
    request->preparation = *preparation;
  request->ignore_exif = ignore_exif;
  return request;
}

static bool
go_on (void *data, int done, int total)
{
  return !g_cancellable_is_cancelled (data);
}

static struct dino_picture *
decode_file (const OpenRequest *request, const struct dino_read_options *options, struct dino_error *failure)
{
  g_autofree char *path = g_file_get_path (request->file);
  g_autofree char *uri = NULL;

  if (path != NULL)
    return dino_picture_read (path, options, failure);
  uri = g_file_get_uri (request->file);
  dino_error_set (failure, DINO_CODE_UNSUPPORTED, _ ("“%s” is not a file on this machine."), uri);
  return NULL;
}

/* The reader of DICOM asks all the time whether it is still wanted. */
static struct dino_picture *
decode (const OpenRequest *request, GCancellable *cancellable, struct dino_error *failure)
{
  const struct dino_progress     progress = { go_on, cancellable };
  const struct dino_read_options options = { .ignore_exif = request->ignore_exif, .frame = request->preparation.frame, .progress = &progress };
  gsize                          length;
  const guint8                  *data;

  if (request->file != NULL)
    return decode_file (request, &options, failure);
  data = g_bytes_get_data (request->bytes, &length);
  return dino_picture_read_memory (data, length, request->name, &options, failure);
}

static DinoscopeStudy *
open_picture (const OpenRequest *request, GCancellable *cancellable, GError **error)
{
  struct dino_error    failure = { 0 };
  struct dino_picture *picture = decode (request, cancellable, &failure);
  g_autofree char     *name = NULL;
  DinoscopeStudy      *study;

  if (picture == NULL)
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_PICTURE);
      return NULL;
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      dino_picture_unref (picture);
      return NULL;
    }
  if (request->file != NULL)
    name = dinoscope_display_base (request->file);
  else
    name = g_strdup (request->name);
  study = dinoscope_study_new (picture, request->file, name, &request->preparation, request->ignore_exif, cancellable, error);
  if (study == NULL)
    g_prefix_error (error, "%s: ", name);
  return study;
}

DinoscopeStudy *
dinoscope_engine_open (DinoscopeEngine *self, GFile *file, const struct dino_preparation *preparation, gboolean ignore_exif, GCancellable *cancellable, GError **error)
{
  DinoscopeCall   call;
  OpenRequest    *request;
  DinoscopeStudy *study;

  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  if (!dinoscope_engine_enter (self, &call, cancellable, error))
    return NULL;
  request = open_request_new (preparation, ignore_exif);
  request->file = g_object_ref (file);
  study = open_picture (request, call.cancellable, error);
  open_request_free (request);
  dinoscope_engine_leave (&call);
  return study;
}

static void
open_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  job->result = open_picture (job->data, job->cancellable, &job->error);
}

static void
push_open (DinoscopeEngine *self, OpenRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask        *task = dinoscope_engine_task_new (self, cancellable, callback, user_data, open_tag);
  DinoscopeJob *job = dinoscope_engine_task_job (task);

  job->func = open_job;
  job->data = request;
  job->free_data = open_request_free;
  job->free_result = g_object_unref;
  dinoscope_engine_push_task (self, DINOSCOPE_LANE_READ, task);
}

void
dinoscope_engine_open_async (DinoscopeEngine *self, GFile *file, const struct dino_preparation *preparation, gboolean ignore_exif, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  OpenRequest *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (G_IS_FILE (file));

  request = open_request_new (preparation, ignore_exif);
  request->file = g_object_ref (file);
  push_open (self, request, cancellable, callback, user_data);
}

void
dinoscope_engine_open_bytes_async (DinoscopeEngine *self, GBytes *bytes, const char *name, const struct dino_preparation *preparation, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  OpenRequest *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (bytes != NULL && name != NULL);

  request = open_request_new (preparation, FALSE);
  request->bytes = g_bytes_ref (bytes);
  request->name = g_strdup (name);
  push_open (self, request, cancellable, callback, user_data);
}

DinoscopeStudy *
dinoscope_engine_open_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) open_tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

DinoscopeStudy *
dinoscope_engine_open_picture (DinoscopeEngine *self, GFile *file, DinoscopePreparation *preparation, GCancellable *cancellable, GError **error)
{
  struct dino_preparation core;
  gboolean                ignore_exif;

  g_return_val_if_fail (preparation == NULL || DINOSCOPE_IS_PREPARATION (preparation), NULL);

  if (!dinoscope_preparation_get_core (preparation, &core, &ignore_exif, error))
    return NULL;
  return dinoscope_engine_open (self, file, &core, ignore_exif, cancellable, error);
}

void
dinoscope_engine_open_picture_async (DinoscopeEngine *self, GFile *file, DinoscopePreparation *preparation, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  struct dino_preparation core;
  gboolean                ignore_exif;
  GError                 *error = NULL;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (preparation == NULL || DINOSCOPE_IS_PREPARATION (preparation));

  if (dinoscope_preparation_get_core (preparation, &core, &ignore_exif, &error))
    dinoscope_engine_open_async (self, file, &core, ignore_exif, cancellable, callback, user_data);
  else
    g_task_report_error (self, callback, user_data, (gpointer) open_tag, error);
}

DinoscopeStudy *
dinoscope_engine_open_picture_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  return dinoscope_engine_open_finish (self, result, error);
}

typedef struct
{
  char                 *path;
  char                 *processor_path;
  DinoscopeModelOptions options;
} LoadRequest;

static void
load_request_free (gpointer data)
{
  LoadRequest *request = data;

  g_free (request->path);
  g_free (request->processor_path);
  g_free (request);
}

DinoscopeModel *
dinoscope_engine_load_model (DinoscopeEngine *self, const char *path, const DinoscopeModelOptions *options, GCancellable *cancellable, GError **error)
{
  const DinoscopeModelOptions defaults = { 0 };
  DinoscopeCall               call;
  DinoscopeModel             *model;

  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  if (!dinoscope_engine_enter (self, &call, cancellable, error))
    return NULL;
  model = dinoscope_engine_read_model (self, path, options != NULL ? options : &defaults, call.cancellable, error);
  dinoscope_engine_leave (&call);
  return model;
}

static void
load_model_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  const LoadRequest *request = job->data;

  job->result = dinoscope_engine_read_model (self, request->path, &request->options, job->cancellable, &job->error);
  if (job->result != NULL)
    dinoscope_engine_prefetch_sha256 (self, job->result);
}

void
dinoscope_engine_load_model_async (DinoscopeEngine *self, const char *path, const DinoscopeModelOptions *options, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask        *task;
  DinoscopeJob *job;
  LoadRequest  *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (path != NULL);

  request = g_new0 (LoadRequest, 1);
  request->path = g_strdup (path);
  if (options != NULL)
    {
      request->processor_path = g_strdup (options->processor_path);
      request->options = *options;
      request->options.processor_path = request->processor_path;
    }

  task = dinoscope_engine_task_new (self, cancellable, callback, user_data, model_tag);
  job = dinoscope_engine_task_job (task);
  job->func = load_model_job;
  job->data = request;
  job->free_data = load_request_free;
  job->free_result = g_object_unref;
  dinoscope_engine_push_task (self, DINOSCOPE_LANE_ENCODE, task);
}

DinoscopeModel *
dinoscope_engine_load_model_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) model_tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

DinoscopeModel *
dinoscope_engine_open_model (DinoscopeEngine *self, const char *name, DinoscopePrecision precision, GCancellable *cancellable, GError **error)
{
  const DinoscopeModelOptions options = { .precision = (enum dino_precision) precision };
  g_autofree char            *path = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), NULL);
  g_return_val_if_fail ((guint) precision < DINO_N_PRECISIONS, NULL);

  path = dinoscope_model_find (name, NULL, NULL);
  return dinoscope_engine_load_model (self, path, &options, cancellable, error);
}

void
dinoscope_engine_open_model_async (DinoscopeEngine *self, const char *name, DinoscopePrecision precision, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const DinoscopeModelOptions options = { .precision = (enum dino_precision) precision };
  g_autofree char            *path = NULL;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail ((guint) precision < DINO_N_PRECISIONS);

  path = dinoscope_model_find (name, NULL, NULL);
  dinoscope_engine_load_model_async (self, path, &options, cancellable, callback, user_data);
}

DinoscopeModel *
dinoscope_engine_open_model_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  return dinoscope_engine_load_model_finish (self, result, error);
}

static void
hash_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  /* What goes wrong is told to whoever asks for the hash. */
  dinoscope_engine_store_packed (self, job->data, job->cancellable);
}

void
dinoscope_engine_prefetch_sha256 (DinoscopeEngine *self, DinoscopeModel *model)
{
  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (dinoscope_model_has_contents (model));

  if (dinoscope_model_peek_sha256 (model) == NULL || dinoscope_model_lacks_packed (model))
    dinoscope_engine_push_work (self, DINOSCOPE_LANE_READ, hash_job, g_object_ref (model), g_object_unref);
}
