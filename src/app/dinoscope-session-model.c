/* DinoscopeSession: loading the model, taking another one or another precision, its hash. */
#include "app/dinoscope-session-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GWeakRef        session;
  DinoscopeModel *model;
  GCancellable   *cancellable;
  GThread        *thread;
} Identify;

static gboolean
identified_cb (gpointer data)
{
  Identify                    *identify = data;
  g_autoptr (DinoscopeSession) self = g_weak_ref_get (&identify->session);

  if (self != NULL && g_ptr_array_remove_fast (self->hash_threads, identify->thread))
    g_thread_join (identify->thread);
  if (self != NULL && self->model == identify->model)
    dinoscope_session_emit_identified (self);
  g_weak_ref_clear (&identify->session);
  g_object_unref (identify->model);
  g_object_unref (identify->cancellable);
  g_free (identify);
  return G_SOURCE_REMOVE;
}

/* A thread of its own: it is joined, so that nothing runs when the process ends. */
static gpointer
identify_thread (gpointer data)
{
  Identify          *identify = data;
  g_autoptr (GError) error = NULL;

  if (dinoscope_model_get_sha256 (identify->model, identify->cancellable, &error) == NULL)
    g_debug ("The model's hash is not known: %s", error->message);
  g_idle_add (identified_cb, identify);
  return NULL;
}

static void
cancel_identifying (DinoscopeSession *self)
{
  if (self->hash_cancellable != NULL)
    g_cancellable_cancel (self->hash_cancellable);
  g_clear_object (&self->hash_cancellable);
}

void
dinoscope_session_stop_identifying (DinoscopeSession *self)
{
  cancel_identifying (self);
  for (guint i = 0; i < self->hash_threads->len; i++)
    g_thread_join (self->hash_threads->pdata[i]);
  g_ptr_array_set_size (self->hash_threads, 0);
}

static void
identify_model (DinoscopeSession *self)
{
  Identify *identify = g_new0 (Identify, 1);

  cancel_identifying (self);
  self->hash_cancellable = g_cancellable_new ();
  g_weak_ref_init (&identify->session, self);
  identify->model = g_object_ref (self->model);
  identify->cancellable = g_object_ref (self->hash_cancellable);
  identify->thread = g_thread_new ("model-hash", identify_thread, identify);
  g_ptr_array_add (self->hash_threads, identify->thread);
}

typedef struct
{
  DinoscopeSession    *session;
  GCancellable        *cancellable;
  DinoscopeModelSource source;
  enum dino_precision  precision;
  char                *reason; /* why it is float32 though another is asked for; else NULL */
  char                *path;
  char                *name; /* of a person's choice; NULL at the start, and for another precision */
} LoadRequest;

static void
load_request_free (LoadRequest *request)
{
  g_object_unref (request->session);
  g_object_unref (request->cancellable);
  g_free (request->reason);
  g_free (request->path);
  g_free (request->name);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LoadRequest, load_request_free)

void
dinoscope_session_stop_loading (DinoscopeSession *self)
{
  if (self->load_cancellable != NULL)
    g_cancellable_cancel (self->load_cancellable);
  g_clear_object (&self->load_cancellable);
  g_clear_pointer (&self->loading_name, g_free);
  if (self->loading != NULL)
    dinoscope_session_set_loading (self, NULL);
}

static void load_path (DinoscopeSession *self, const char *path, const char *name, DinoscopeModelSource source);

static void
use_demonstration (DinoscopeSession *self, const GError *error)
{
  g_autofree char *problem = g_strdup_printf (_ ("The demonstration encoder is used instead. %s"), error->message);
  g_autofree char *demo = dinoscope_data_path ("models", "demo", NULL);

  dinoscope_session_set_problem (self, problem);
  load_path (self, demo, NULL, DINOSCOPE_MODEL_SOURCE_DEMONSTRATION);
}

static void
model_failed (DinoscopeSession *self, const LoadRequest *request, const GError *error)
{
  g_autofree char *problem = NULL;

  if (request->name != NULL || self->model != NULL)
    dinoscope_session_emit_switch_failed (self, error->message);
  /* The one before stays. */
  if (self->model != NULL)
    return;
  if (request->source != DINOSCOPE_MODEL_SOURCE_DEMONSTRATION)
    {
      use_demonstration (self, error);
      return;
    }
  problem = g_strdup_printf (_ ("No encoder can be used. %s"), error->message);
  self->failed = TRUE;
  dinoscope_session_set_problem (self, problem);
}

/* Never silently: reason NULL when it is what was asked for. */
static void
tell_precision (DinoscopeSession *self, const char *reason)
{
  g_autofree char *problem = NULL;

  if (reason != NULL)
    problem = g_strdup_printf (_ ("The encoder computes in float32 instead of %s: %s"), dino_precision_name (self->precision), reason);
  dinoscope_session_set_precision_problem (self, problem);
}

static void
take_model (DinoscopeSession *self, const LoadRequest *request, DinoscopeModel *model)
{
  tell_precision (self, request->reason);
  g_set_object (&self->model, model);
  self->source = request->source;
  self->failed = FALSE;
  if (request->name != NULL)
    dinoscope_session_set_problem (self, NULL);
  dinoscope_session_model_changed (self);
  identify_model (self);
  if (request->name != NULL)
    dinoscope_session_emit_chosen (self, request->name);
}

static void start_loading (DinoscopeSession *self, const char *path, const char *name, DinoscopeModelSource source, const char *reason);

static gboolean
computes_in_float32 (DinoscopeSession *self, const char *path)
{
  return self->model != NULL && g_str_equal (dinoscope_model_get_path (self->model), path) &&
         dino_model_precision (dinoscope_model_get_core (self->model)) == DINO_PRECISION_FP32;
}

/* What fails in a reduced precision may be fine in float32. */
static void
load_in_float32 (DinoscopeSession *self, const LoadRequest *request, const GError *error)
{
  if (computes_in_float32 (self, request->path) && request->name == NULL)
    tell_precision (self, error->message);
  else
    start_loading (self, request->path, request->name, request->source, error->message);
}

static void
load_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LoadRequest)      request = user_data;
  g_autoptr (DinoscopeSession) self = g_object_ref (request->session);
  g_autoptr (GError)           error = NULL;
  g_autoptr (DinoscopeModel)   model = dinoscope_engine_load_model_finish (DINOSCOPE_ENGINE (source), result, &error);

  /* Another one is wanted by now, or none any more. */
  if (self->load_cancellable != request->cancellable)
    return;
  g_clear_object (&self->load_cancellable);
  g_clear_pointer (&self->loading_name, g_free);
  dinoscope_session_set_loading (self, NULL);
  if (model != NULL)
    take_model (self, request, model);
  else if (request->precision != DINO_PRECISION_FP32)
    load_in_float32 (self, request, error);
  else
    model_failed (self, request, error);
}

/* reason: why it must be float32; NULL: in the precision that is asked for. */
static void
start_loading (DinoscopeSession *self, const char *path, const char *name, DinoscopeModelSource source, const char *reason)
{
  LoadRequest          *request = g_new0 (LoadRequest, 1);
  DinoscopeModelOptions options = { 0 };

  if (self->load_cancellable != NULL)
    g_cancellable_cancel (self->load_cancellable);
  g_clear_object (&self->load_cancellable);
  g_free (self->loading_name);
  self->loading_name = g_strdup (name);
  self->loading_source = source;
  self->load_cancellable = g_cancellable_new ();
  request->session = g_object_ref (self);
  request->cancellable = g_object_ref (self->load_cancellable);
  request->source = source;
  request->precision = reason == NULL ? self->precision : DINO_PRECISION_FP32;
  request->reason = g_strdup (reason);
  request->path = g_strdup (path);
  request->name = g_strdup (name);
  dinoscope_session_set_loading (self, path);
  options.precision = request->precision;
  options.packed_cache = self->packed_cache;
  dinoscope_engine_load_model_async (self->engine, path, &options, self->load_cancellable, load_cb, request);
}

static void
load_path (DinoscopeSession *self, const char *path, const char *name, DinoscopeModelSource source)
{
  g_autoptr (GError) error = NULL;

  dinoscope_engine_check_precision (self->engine, self->precision, &error);
  start_loading (self, path, name, source, error != NULL ? error->message : NULL);
}

void
dinoscope_session_load_model (DinoscopeSession *self, const char *argument, const char *setting)
{
  DinoscopeModelSource source;
  g_autofree char     *path = NULL;

  g_return_if_fail (DINOSCOPE_IS_SESSION (self));

  path = dinoscope_model_find (argument, setting, &source);
  load_path (self, path, NULL, source);
}

void
dinoscope_session_switch_model (DinoscopeSession *self, const char *path, const char *name, DinoscopeModelSource source)
{
  g_return_if_fail (DINOSCOPE_IS_SESSION (self));
  g_return_if_fail (path != NULL && name != NULL);

  load_path (self, path, name, source);
}

/* The model in use, or the one on its way, once more. */
static void
load_again (DinoscopeSession *self)
{
  g_autofree char *path = NULL, *name = NULL;

  if (self->loading != NULL)
    {
      path = g_strdup (self->loading);
      name = g_strdup (self->loading_name);
      load_path (self, path, name, self->loading_source);
    }
  else if (self->model != NULL)
    {
      path = g_strdup (dinoscope_model_get_path (self->model));
      load_path (self, path, NULL, self->source);
    }
}

void
dinoscope_session_set_precision (DinoscopeSession *self, enum dino_precision precision)
{
  g_autoptr (GError) error = NULL;
  gboolean           possible;

  g_return_if_fail (DINOSCOPE_IS_SESSION (self));
  g_return_if_fail (precision < DINO_N_PRECISIONS);

  if (self->precision == precision)
    return;
  self->precision = precision;
  possible = dinoscope_engine_check_precision (self->engine, precision, &error);
  /* The model in use is on its way in a precision that nobody wants any more. */
  if (self->model != NULL && self->loading_name == NULL)
    dinoscope_session_stop_loading (self);
  /* The one in use is what comes of it already: it need not be loaded again. */
  if (self->loading == NULL && self->model != NULL &&
      dino_model_precision (dinoscope_model_get_core (self->model)) == (possible ? precision : DINO_PRECISION_FP32))
    tell_precision (self, possible ? NULL : error->message);
  else
    load_again (self);
}

void
dinoscope_session_set_packed_cache (DinoscopeSession *self, gboolean packed_cache)
{
  g_return_if_fail (DINOSCOPE_IS_SESSION (self));

  self->packed_cache = packed_cache;
}
