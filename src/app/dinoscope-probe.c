#include "app/dinoscope-probe.h"

#include <glib/gi18n-lib.h>

#include "core/base/memory.h"
#include "core/heads/head-input.h"
#include "io/head-file.h"
#include "io/training-list.h"

struct _DinoscopeProbe
{
  GObject parent_instance;

  struct dino_head          *head;
  char                      *path;
  struct dino_training_list *list;
  char                      *list_path;

  DinoscopeFeatures *features;
  char              *name; /* of the picture */
  GCancellable      *scoring;
  double            *scores;
  char              *problem;
};

enum
{
  SIGNAL_HEAD_CHANGED,
  SIGNAL_SCORES_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DinoscopeProbe, dinoscope_probe, G_TYPE_OBJECT)

/* What a thread works on: a head of its own, since the other may be unloaded meanwhile. */
typedef struct
{
  char              *path;
  DinoscopeFeatures *features;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->path);
  g_clear_object (&job->features);
  g_free (job);
}

static void
head_free (gpointer head)
{
  dino_head_free (head);
}

static void
list_free (gpointer list)
{
  dino_training_list_free (list);
}

static void
return_error (GTask *task, const struct dino_error *error)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s", error->message);
}

static void
tell_scores (DinoscopeProbe *self)
{
  g_signal_emit (self, signals[SIGNAL_SCORES_CHANGED], 0);
}

/* Whether the head goes with the encoder; says why not. */
static gboolean
fits (struct dino_head *head, DinoscopeModel *model, GCancellable *cancellable, struct dino_error *error)
{
  const struct dino_config *config = dino_model_config (dinoscope_model_get_core (model));
  g_autoptr (GError)        failure = NULL;
  const char               *sha256 = head->model_sha256 != NULL ? dinoscope_model_get_sha256 (model, cancellable, &failure) : NULL;

  if (head->model_sha256 != NULL && sha256 == NULL)
    return dino_error_set (error, DINO_CODE_MODEL, "%s", failure->message);
  if (sha256 != NULL && !dino_head_is_for (head, sha256))
    return dino_error_set (error, DINO_CODE_MODEL, _ ("The head was fitted on another encoder than the one in use, %s."), dinoscope_model_get_title (model));
  if (!dino_head_resolve (head, (size_t) config->hidden_size, config->n_blocks, error))
    return FALSE;
  return head->features != DINO_HEAD_PATCHES || dino_error_set (error, DINO_CODE_MODEL, _ ("The head scores single patches: show it as a map."));
}

static double *
score (struct dino_head *head, DinoscopeFeatures *features, struct dino_error *error)
{
  float         *input = dino_alloc (head->n_features, sizeof *input, error);
  double        *scores = g_new (double, head->n_classes);
  const gboolean done = input != NULL && dino_head_input (dinoscope_features_get_core (features), head->features, head->block, input, error);

  if (done)
    {
      dino_head_logits (head, input, scores);
      dino_head_scores (head, scores);
    }
  dino_free (input);
  if (done)
    return scores;
  g_free (scores);
  return NULL;
}

static void
score_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job        *job = data;
  struct dino_error error = { 0 };
  struct dino_head *head = dino_head_read (job->path, &error);
  double           *scores = NULL;

  if (head != NULL && fits (head, dinoscope_features_get_model (job->features), cancellable, &error))
    scores = score (head, job->features, &error);
  dino_head_free (head);
  if (scores != NULL)
    g_task_return_pointer (task, scores, g_free);
  else
    return_error (task, &error);
}

static void
scored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  DinoscopeProbe    *self = DINOSCOPE_PROBE (object);
  g_autoptr (GError) error = NULL;
  g_autofree double *scores = NULL;

  if (g_task_get_cancellable (G_TASK (result)) != self->scoring)
    return;
  g_clear_object (&self->scoring);
  scores = g_task_propagate_pointer (G_TASK (result), &error);
  self->scores = g_steal_pointer (&scores);
  if (error != NULL)
    self->problem = g_strdup (error->message);
  tell_scores (self);
}

static void
forget_scores (DinoscopeProbe *self)
{
  if (self->scoring != NULL)
    g_cancellable_cancel (self->scoring);
  g_clear_object (&self->scoring);
  g_clear_pointer (&self->scores, g_free);
  g_clear_pointer (&self->problem, g_free);
}

static void
start_scoring (DinoscopeProbe *self)
{
  g_autoptr (GTask) task = NULL;
  Job              *job;

  forget_scores (self);
  if (self->head != NULL && self->features != NULL)
    {
      job = g_new0 (Job, 1);
      job->path = g_strdup (self->path);
      job->features = g_object_ref (self->features);
      self->scoring = g_cancellable_new ();
      task = g_task_new (self, self->scoring, scored_cb, NULL);
      g_task_set_task_data (task, job, job_free);
      g_task_set_check_cancellable (task, FALSE);
      g_task_run_in_thread (task, score_in_thread);
    }
  tell_scores (self);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  struct dino_error error = { 0 };
  struct dino_head *head = dino_head_read (data, &error);

  if (head != NULL)
    g_task_return_pointer (task, head, head_free);
  else
    return_error (task, &error);
}

static void
load_list_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  struct dino_error          error = { 0 };
  struct dino_training_list *list = dino_training_list_read (data, &error);

  if (list != NULL)
    g_task_return_pointer (task, list, list_free);
  else
    return_error (task, &error);
}

static void
run_on_path (DinoscopeProbe *self, GFile *file, GTaskThreadFunc func, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_task_data (task, g_file_get_path (file), g_free);
  if (g_task_get_task_data (task) == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("Only files of this computer can be read."));
  else
    g_task_run_in_thread (task, func);
}

void
dinoscope_probe_load_async (DinoscopeProbe *self, GFile *file, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (DINOSCOPE_IS_PROBE (self));

  run_on_path (self, file, load_in_thread, callback, user_data);
}

static void
take_head (DinoscopeProbe *self, struct dino_head *head, const char *path)
{
  dino_head_free (self->head);
  g_free (self->path);
  self->head = head;
  self->path = g_strdup (path);
  g_signal_emit (self, signals[SIGNAL_HEAD_CHANGED], 0);
  start_scoring (self);
}

gboolean
dinoscope_probe_load_finish (DinoscopeProbe *self, GAsyncResult *result, GError **error)
{
  struct dino_head *head = g_task_propagate_pointer (G_TASK (result), error);

  if (head == NULL)
    return FALSE;
  take_head (self, head, g_task_get_task_data (G_TASK (result)));
  return TRUE;
}

void
dinoscope_probe_unload (DinoscopeProbe *self)
{
  g_return_if_fail (DINOSCOPE_IS_PROBE (self));

  take_head (self, NULL, NULL);
}

void
dinoscope_probe_load_list_async (DinoscopeProbe *self, GFile *file, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (DINOSCOPE_IS_PROBE (self));

  run_on_path (self, file, load_list_in_thread, callback, user_data);
}

gboolean
dinoscope_probe_load_list_finish (DinoscopeProbe *self, GAsyncResult *result, GError **error)
{
  struct dino_training_list *list = g_task_propagate_pointer (G_TASK (result), error);

  if (list == NULL)
    return FALSE;
  dino_training_list_free (self->list);
  g_free (self->list_path);
  self->list = list;
  self->list_path = g_strdup (g_task_get_task_data (G_TASK (result)));
  tell_scores (self);
  return TRUE;
}

void
dinoscope_probe_set_picture (DinoscopeProbe *self, DinoscopeFeatures *features, const char *name)
{
  g_return_if_fail (DINOSCOPE_IS_PROBE (self));

  g_free (self->name);
  self->name = g_strdup (name);
  if (g_set_object (&self->features, features))
    start_scoring (self);
  else
    tell_scores (self);
}

const struct dino_head *
dinoscope_probe_get_head (DinoscopeProbe *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PROBE (self), NULL);

  return self->head;
}

const char *
dinoscope_probe_get_path (DinoscopeProbe *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PROBE (self), NULL);

  return self->path;
}

const double *
dinoscope_probe_get_scores (DinoscopeProbe *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PROBE (self), NULL);

  return self->scores;
}

const char *
dinoscope_probe_get_problem (DinoscopeProbe *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PROBE (self), "");

  return self->problem != NULL ? self->problem : "";
}

gboolean
dinoscope_probe_is_computing (DinoscopeProbe *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PROBE (self), FALSE);

  return self->scoring != NULL;
}

const char *
dinoscope_probe_get_list_path (DinoscopeProbe *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PROBE (self), NULL);

  return self->list_path;
}

gboolean
dinoscope_probe_was_trained_on (DinoscopeProbe *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PROBE (self), FALSE);

  return self->list != NULL && self->name != NULL && dino_training_list_has (self->list, self->name);
}

static void
dinoscope_probe_dispose (GObject *object)
{
  DinoscopeProbe *self = DINOSCOPE_PROBE (object);

  forget_scores (self);
  g_clear_object (&self->features);

  G_OBJECT_CLASS (dinoscope_probe_parent_class)->dispose (object);
}

static void
dinoscope_probe_finalize (GObject *object)
{
  DinoscopeProbe *self = DINOSCOPE_PROBE (object);

  dino_head_free (self->head);
  dino_training_list_free (self->list);
  g_free (self->path);
  g_free (self->list_path);
  g_free (self->name);

  G_OBJECT_CLASS (dinoscope_probe_parent_class)->finalize (object);
}

static void
dinoscope_probe_class_init (DinoscopeProbeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_probe_dispose;
  G_OBJECT_CLASS (klass)->finalize = dinoscope_probe_finalize;
  signals[SIGNAL_HEAD_CHANGED] = g_signal_new ("head-changed", DINOSCOPE_TYPE_PROBE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_SCORES_CHANGED] = g_signal_new ("scores-changed", DINOSCOPE_TYPE_PROBE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_probe_init (DinoscopeProbe *self)
{
}

DinoscopeProbe *
dinoscope_probe_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_PROBE, NULL);
}
