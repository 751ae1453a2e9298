/* Queues, threads, cancelling and shutting down. */
#include "engine/dinoscope-engine-private.h"

#include "core/base/text.h"
#include "core/encoder/blas.h"

static void
job_free (gpointer data)
{
  DinoscopeJob *job = data;

  /* Not g_cancellable_disconnect(): the handler holds what it needs, and a
   * callback may free the task from inside the emission. */
  if (job->caller_handler != 0)
    g_signal_handler_disconnect (job->caller, job->caller_handler);
  g_clear_object (&job->caller);
  g_clear_object (&job->cancellable);
  if (job->result != NULL && job->free_result != NULL)
    job->free_result (job->result);
  g_clear_error (&job->error);
  if (job->free_data != NULL)
    job->free_data (job->data);
  g_clear_object (&job->partial);
  if (job->progress_destroy != NULL)
    job->progress_destroy (job->progress_data);
  g_free (job);
}

DinoscopeJob *
dinoscope_engine_task_job (GTask *task)
{
  return g_task_get_task_data (task);
}

void
dinoscope_engine_invoke (GTask *task, GSourceFunc func, gpointer data, GDestroyNotify free_data)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, free_data);
  g_source_set_static_name (source, "[dinoscope] engine");
  g_source_attach (source, g_task_get_context (task));
  g_source_unref (source);
}

/* Calls func with the task, whose reference is dropped in the caller's context
 * as well: the last one may take the engine with it, whose threads must not
 * join themselves. */
static void
invoke_in_context (GTask *task, GSourceFunc func)
{
  dinoscope_engine_invoke (task, func, task, g_object_unref);
}

static gboolean
return_result_cb (gpointer data)
{
  GTask        *task = data;
  DinoscopeJob *job = dinoscope_engine_task_job (task);

  if (job->error != NULL)
    g_task_return_error (task, g_steal_pointer (&job->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&job->result), job->free_result);
  return G_SOURCE_REMOVE;
}

/* Ends a job: its task (and with it the job) now belongs to the caller's context. */
static void
finish_job (DinoscopeJob *job)
{
  if (job->task != NULL)
    invoke_in_context (job->task, return_result_cb);
  else
    job_free (job);
}

static void
set_stopped_error (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The engine has been shut down."));
}

/* Cancels a job that may be waiting, running or done. */
static void
cancel_job (DinoscopeEngine *self, GCancellable *cancellable)
{
  DinoscopeJob *dropped = NULL;

  g_cancellable_cancel (cancellable);

  g_mutex_lock (&self->lock);
  for (int lane = 0; lane < DINOSCOPE_N_LANES && dropped == NULL; lane++)
    for (GList *l = self->waiting[lane].head; l != NULL; l = l->next)
      if (((DinoscopeJob *) l->data)->cancellable == cancellable)
        {
          dropped = l->data;
          g_queue_delete_link (&self->waiting[lane], l);
          break;
        }
  g_mutex_unlock (&self->lock);

  if (dropped != NULL)
    {
      g_cancellable_set_error_if_cancelled (cancellable, &dropped->error);
      finish_job (dropped);
    }
}

typedef struct
{
  DinoscopeEngine *engine;
  GCancellable    *cancellable;
} CancelLink;

static void
cancel_link_free (gpointer data)
{
  CancelLink *link = data;

  g_object_unref (link->engine);
  g_object_unref (link->cancellable);
  g_free (link);
}

static void
caller_cancelled_cb (GCancellable *caller, CancelLink *link)
{
  cancel_job (link->engine, link->cancellable);
}

/* Chains cancellable to the caller's; returns the handler, 0 when there is none to disconnect. */
static gulong
follow_caller (DinoscopeEngine *self, GCancellable *caller, GCancellable *cancellable)
{
  CancelLink *link;

  if (caller == NULL)
    return 0;
  link = g_new (CancelLink, 1);
  link->engine = g_object_ref (self);
  link->cancellable = g_object_ref (cancellable);
  return g_cancellable_connect (caller, G_CALLBACK (caller_cancelled_cb), link, cancel_link_free);
}

GTask *
dinoscope_engine_task_new (DinoscopeEngine *self, GCancellable *caller, GAsyncReadyCallback callback, gpointer user_data, const char *tag)
{
  DinoscopeJob *job = g_new0 (DinoscopeJob, 1);

  job->cancellable = g_cancellable_new ();
  /* The task asks the job's own cancellable once more when the result is taken. */
  job->task = g_task_new (self, job->cancellable, callback, user_data);
  g_task_set_source_tag (job->task, (gpointer) tag);
  g_task_set_task_data (job->task, job, job_free);
  g_set_object (&job->caller, caller);
  job->caller_handler = follow_caller (self, caller, job->cancellable);
  return job->task;
}

static int
compare_jobs (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const DinoscopeJob *waiting = a, *added = b;

  /* Equal priorities keep their order. */
  return waiting->priority <= added->priority ? -1 : 1;
}

/* Those that newer replaces; all when newer is NULL. Several views ask at once:
 * the caller's cancellable tells whose request it is. */
static void
collect (GQueue *jobs, const DinoscopeJob *newer, GPtrArray *cancellables)
{
  for (GList *l = jobs->head; l != NULL; l = l->next)
    {
      DinoscopeJob *job = l->data;

      if (newer == NULL || (job->kind == newer->kind && job->caller == newer->caller))
        g_ptr_array_add (cancellables, g_object_ref (job->cancellable));
    }
}

/* Under the lock. */
static void
enqueue (DinoscopeEngine *self, DinoscopeLane lane, DinoscopeJob *job)
{
  g_queue_insert_sorted (&self->waiting[lane], job, compare_jobs, NULL);
  g_cond_signal (&self->wanted[lane]);
}

static void
push_job (DinoscopeEngine *self, DinoscopeLane lane, DinoscopeJob *job)
{
  g_autoptr (GPtrArray) replaced = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean              accepted;

  g_mutex_lock (&self->lock);
  if (self->stopped)
    set_stopped_error (&job->error);
  else
    g_cancellable_set_error_if_cancelled (job->cancellable, &job->error);
  accepted = job->error == NULL;
  if (accepted)
    {
      if (job->kind != DINOSCOPE_JOB_QUEUES)
        {
          collect (&self->waiting[lane], job, replaced);
          collect (&self->running[lane], job, replaced);
        }
      enqueue (self, lane, job);
    }
  g_mutex_unlock (&self->lock);

  if (!accepted)
    finish_job (job);
  for (guint i = 0; i < replaced->len; i++)
    cancel_job (self, g_ptr_array_index (replaced, i));
}

void
dinoscope_engine_push_task (DinoscopeEngine *self, DinoscopeLane lane, GTask *task)
{
  push_job (self, lane, dinoscope_engine_task_job (task));
}

void
dinoscope_engine_push_work (DinoscopeEngine *self, DinoscopeLane lane, DinoscopeJobFunc func, gpointer data, GDestroyNotify free_data)
{
  DinoscopeJob *job = g_new0 (DinoscopeJob, 1);

  job->func = func;
  job->data = data;
  job->free_data = free_data;
  job->priority = G_PRIORITY_LOW;
  job->cancellable = g_cancellable_new ();
  push_job (self, lane, job);
}

/* The lane's next job, which now runs; NULL when the engine has stopped and none is left. */
static DinoscopeJob *
take_job (DinoscopeEngine *self, DinoscopeLane lane)
{
  DinoscopeJob *job;

  g_mutex_lock (&self->lock);
  while ((job = g_queue_pop_head (&self->waiting[lane])) == NULL && !self->stopped)
    g_cond_wait (&self->wanted[lane], &self->lock);
  if (job != NULL)
    g_queue_push_tail (&self->running[lane], job);
  g_mutex_unlock (&self->lock);
  return job;
}

static void
run_job (DinoscopeEngine *self, DinoscopeLane lane, DinoscopeJob *job)
{
  gboolean goes_on;

  job->unfinished = FALSE;
  if (!g_cancellable_set_error_if_cancelled (job->cancellable, &job->error))
    job->func (self, job);

  g_mutex_lock (&self->lock);
  g_queue_remove (&self->running[lane], job);
  if (job->unfinished && self->stopped)
    set_stopped_error (&job->error);
  goes_on = job->unfinished && job->error == NULL;
  if (goes_on)
    enqueue (self, lane, job);
  g_mutex_unlock (&self->lock);
  if (!goes_on)
    finish_job (job);
}

static gpointer
work (gpointer data)
{
  DinoscopeWorker *worker = data;
  DinoscopeJob    *job;

  dino_blas_enter_thread ();
  while ((job = take_job (worker->engine, worker->lane)) != NULL)
    run_job (worker->engine, worker->lane, job);
  return NULL;
}

static gboolean
deliver_progress_cb (gpointer data)
{
  GTask                        *task = data;
  DinoscopeEngine              *self = g_task_get_source_object (task);
  DinoscopeJob                 *job = dinoscope_engine_task_job (task);
  g_autoptr (DinoscopeFeatures) partial = NULL;
  guint                         done, total;

  g_mutex_lock (&self->lock);
  job->progress_pending = FALSE;
  done = job->done;
  total = job->total;
  partial = g_steal_pointer (&job->partial);
  g_mutex_unlock (&self->lock);

  if (!g_cancellable_is_cancelled (job->cancellable))
    job->progress (done, total, partial, job->progress_data);
  return G_SOURCE_REMOVE;
}

void
dinoscope_engine_report (DinoscopeEngine *self, DinoscopeJob *job, guint done, guint total, DinoscopeFeatures *partial)
{
  gboolean pending;

  if (job->progress == NULL)
    return;
  g_mutex_lock (&self->lock);
  pending = job->progress_pending;
  job->progress_pending = TRUE;
  job->done = done;
  job->total = total;
  g_set_object (&job->partial, partial);
  g_mutex_unlock (&self->lock);
  if (!pending)
    {
      g_object_ref (job->task);
      invoke_in_context (job->task, deliver_progress_cb);
    }
}

gboolean
dinoscope_engine_enter (DinoscopeEngine *self, DinoscopeCall *call, GCancellable *caller, GError **error)
{
  gboolean stopped;

  dino_blas_enter_thread ();
  *call = (DinoscopeCall){ .engine = self, .cancellable = g_cancellable_new () };
  g_mutex_lock (&self->lock);
  stopped = self->stopped;
  if (!stopped)
    g_ptr_array_add (self->callers, call->cancellable);
  g_mutex_unlock (&self->lock);
  if (stopped)
    {
      set_stopped_error (error);
      g_clear_object (&call->cancellable);
      return FALSE;
    }
  g_set_object (&call->caller, caller);
  call->caller_handler = follow_caller (self, caller, call->cancellable);
  return TRUE;
}

void
dinoscope_engine_leave (DinoscopeCall *call)
{
  DinoscopeEngine *self = call->engine;

  if (call->caller_handler != 0)
    g_signal_handler_disconnect (call->caller, call->caller_handler);
  g_clear_object (&call->caller);
  g_mutex_lock (&self->lock);
  g_ptr_array_remove_fast (self->callers, call->cancellable);
  g_cond_broadcast (&self->callers_gone);
  g_mutex_unlock (&self->lock);
  g_clear_object (&call->cancellable);
}

gboolean
dinoscope_engine_start_threads (DinoscopeEngine *self, GError **error)
{
  static const DinoscopeLane lanes[] = {
    DINOSCOPE_LANE_ENCODE,
    DINOSCOPE_LANE_MAP,
    DINOSCOPE_LANE_GREYS,
    DINOSCOPE_LANE_READ,
    DINOSCOPE_LANE_READ,
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (lanes) == DINOSCOPE_N_WORKERS);
  self->stopped = FALSE;
  for (int i = 0; i < DINOSCOPE_N_WORKERS; i++)
    {
      self->workers[i] = (DinoscopeWorker){ .engine = self, .lane = lanes[i] };
      self->workers[i].thread = g_thread_try_new ("engine", work, &self->workers[i], error);
      if (self->workers[i].thread == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Joined, as a thread of a GThreadPool would not be: when this returns, what a
 * thread keeps for itself (libcrypto's errors, OpenBLAS's buffers) is gone, and
 * a viewer may unload us. */
static void
join_threads (DinoscopeEngine *self)
{
  for (int lane = 0; lane < DINOSCOPE_N_LANES; lane++)
    g_cond_broadcast (&self->wanted[lane]);
  for (int i = 0; i < DINOSCOPE_N_WORKERS; i++)
    g_clear_pointer (&self->workers[i].thread, g_thread_join);
}

/* Cancels everything; whoever waits still gets an answer. */
static void
cancel_everything (DinoscopeEngine *self)
{
  g_autoptr (GPtrArray) cancellables = g_ptr_array_new_with_free_func (g_object_unref);

  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  for (int lane = 0; lane < DINOSCOPE_N_LANES; lane++)
    {
      collect (&self->waiting[lane], NULL, cancellables);
      collect (&self->running[lane], NULL, cancellables);
    }
  for (guint i = 0; i < self->callers->len; i++)
    g_ptr_array_add (cancellables, g_object_ref (g_ptr_array_index (self->callers, i)));
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < cancellables->len; i++)
    cancel_job (self, g_ptr_array_index (cancellables, i));
}

void
dinoscope_engine_shutdown (DinoscopeEngine *self)
{
  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));

  g_mutex_lock (&self->shutdown_lock);
  if (self->team != NULL)
    {
      cancel_everything (self);
      join_threads (self);
      g_mutex_lock (&self->lock);
      while (self->callers->len > 0)
        g_cond_wait (&self->callers_gone, &self->lock);
      g_mutex_unlock (&self->lock);
      dinoscope_engine_drop_encoder (self);
      g_clear_pointer (&self->team, dino_team_free);
    }
  g_mutex_unlock (&self->shutdown_lock);
}
