/* DinoscopeSession: loading the model, taking another one, its hash. */
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
  char                *path;
  char                *name; /* of a person's choice; NULL at the start */
} LoadRequest;

static void
load_request_free (LoadRequest *request)
{
  g_object_unref (request->session);
  g_object_unref (request->cancellable);
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

  if (request->name != NULL)
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

static void
take_model (DinoscopeSession *self, const LoadRequest *request, DinoscopeModel *model)
{
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
  dinoscope_session_set_loading (self, NULL);
  if (model != NULL)
    take_model (self, request, model);
  else
    model_failed (self, request, error);
}

static void
load_path (DinoscopeSession *self, const char *path, const char *name, DinoscopeModelSource source)
{
  LoadRequest *request = g_new0 (LoadRequest, 1);

  if (self->load_cancellable != NULL)
    g_cancellable_cancel (self->load_cancellable);
  g_clear_object (&self->load_cancellable);
  self->load_cancellable = g_cancellable_new ();
  request->session = g_object_ref (self);
  request->cancellable = g_object_ref (self->load_cancellable);
  request->source = source;
  request->path = g_strdup (path);
  request->name = g_strdup (name);
  dinoscope_session_set_loading (self, path);
  dinoscope_engine_load_model_async (self->engine, path, NULL, self->load_cancellable, load_cb, request);
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
