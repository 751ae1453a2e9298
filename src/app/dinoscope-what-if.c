#include "app/dinoscope-what-if.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/dinoscope-encode-job.h"
#include "core/encoder/cosine.h"

struct _DinoscopeWhatIf
{
  GObject parent_instance;

  DinoscopeSession  *session;
  DinoscopeStudy    *study;
  DinoscopeFeatures *before;

  DinoscopeWhatIfState state;
  char                *problem;
  struct dino_box      covered;
  GCancellable        *copying;
  DinoscopeStudy      *copy;
  DinoscopeEncodeJob  *job;
  gulong               job_handler;
  DinoscopeFeatures   *after;
  double               cosine, distance;

  DinoscopeSweep *sweep;
  gulong          sweep_handler;
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_SWEEP_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DinoscopeWhatIf, dinoscope_what_if, G_TYPE_OBJECT)

static void
drop_sweep (DinoscopeWhatIf *self)
{
  if (self->sweep == NULL)
    return;
  g_clear_signal_handler (&self->sweep_handler, self->sweep);
  dinoscope_sweep_cancel (self->sweep);
  g_clear_object (&self->sweep);
}

static void
drop_copy (DinoscopeWhatIf *self)
{
  if (self->copying != NULL)
    g_cancellable_cancel (self->copying);
  g_clear_object (&self->copying);
  if (self->job != NULL)
    {
      g_clear_signal_handler (&self->job_handler, self->job);
      dinoscope_encode_job_cancel (self->job);
    }
  g_clear_object (&self->job);
  g_clear_object (&self->copy);
  g_clear_object (&self->after);
  g_clear_pointer (&self->problem, g_free);
  self->state = DINOSCOPE_WHAT_IF_NONE;
}

static void
dinoscope_what_if_dispose (GObject *object)
{
  DinoscopeWhatIf *self = DINOSCOPE_WHAT_IF (object);

  drop_copy (self);
  drop_sweep (self);
  g_clear_object (&self->study);
  g_clear_object (&self->before);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (dinoscope_what_if_parent_class)->dispose (object);
}

static void
dinoscope_what_if_class_init (DinoscopeWhatIfClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_what_if_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_SWEEP_CHANGED] = g_signal_new ("sweep-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_what_if_init (DinoscopeWhatIf *self)
{
}

DinoscopeWhatIf *
dinoscope_what_if_new (DinoscopeSession *session)
{
  DinoscopeWhatIf *self = g_object_new (DINOSCOPE_TYPE_WHAT_IF, NULL);

  self->session = g_object_ref (session);
  return self;
}

void
dinoscope_what_if_set_subject (DinoscopeWhatIf *self, DinoscopeStudy *study, DinoscopeFeatures *before)
{
  gboolean other_study, other_features;

  g_return_if_fail (DINOSCOPE_IS_WHAT_IF (self));

  if (before != NULL && !dinoscope_features_is_complete (before))
    before = NULL;
  other_study = g_set_object (&self->study, study);
  /* A page in the background gives its features back and gets the same ones again. */
  if (!other_study && before == NULL)
    return;
  other_features = before != self->before && self->before != NULL && before != NULL;
  if (!g_set_object (&self->before, before) && !other_study)
    return;
  if (other_study || other_features)
    {
      drop_copy (self);
      drop_sweep (self);
      g_signal_emit (self, signals[SIGNAL_SWEEP_CHANGED], 0);
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

gboolean
dinoscope_what_if_can_start (DinoscopeWhatIf *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_WHAT_IF (self), FALSE);

  return self->study != NULL && self->before != NULL;
}

static void
fail (DinoscopeWhatIf *self, const char *message)
{
  drop_copy (self);
  self->problem = g_strdup (message);
  self->state = DINOSCOPE_WHAT_IF_FAILED;
}

/* Results. */

static void
take_results (DinoscopeWhatIf *self)
{
  const struct dino_features *before = dinoscope_features_get_core (self->before), *after = dinoscope_features_get_core (self->after);
  gsize                       n = (gsize) dino_model_config (dino_features_model (before))->hidden_size;
  const float                *a = dino_features_last_hidden_state (before), *b = dino_features_last_hidden_state (after);

  self->cosine = 1 - dino_cosine_distance (a, b, n);
  self->distance = dino_euclidean_distance (a, b, n);
  self->state = DINOSCOPE_WHAT_IF_DONE;
}

static void
job_changed_cb (DinoscopeWhatIf *self)
{
  g_autoptr (DinoscopeEncodeJob) job = g_object_ref (self->job);
  DinoscopeEncodeState           state = dinoscope_encode_job_get_state (job);

  if (state != DINOSCOPE_ENCODE_RUNNING)
    {
      g_clear_signal_handler (&self->job_handler, self->job);
      g_clear_object (&self->job);
    }
  switch (state)
    {
    case DINOSCOPE_ENCODE_DONE:
      g_set_object (&self->after, dinoscope_encode_job_get_features (job));
      take_results (self);
      break;
    case DINOSCOPE_ENCODE_FAILED:
      fail (self, dinoscope_encode_job_get_error (job)->message);
      break;
    case DINOSCOPE_ENCODE_CANCELLED:
      drop_copy (self);
      break;
    case DINOSCOPE_ENCODE_RUNNING:
    default:
      break;
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

typedef struct
{
  DinoscopeWhatIf *self;
  GCancellable    *cancellable;
} CopyRequest;

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CopyRequest                *request = user_data;
  g_autoptr (DinoscopeWhatIf) self = request->self;
  g_autoptr (GCancellable)    cancellable = request->cancellable;
  g_autoptr (GError)          error = NULL;
  g_autoptr (DinoscopeStudy)  copy = dinoscope_engine_occlude_finish (DINOSCOPE_ENGINE (source), result, &error);

  g_free (request);
  if (cancellable != self->copying)
    return;
  g_clear_object (&self->copying);
  if (copy == NULL)
    {
      fail (self, error->message);
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
      return;
    }
  self->copy = g_steal_pointer (&copy);
  self->job = dinoscope_encode_job_new (dinoscope_session_get_engine (self->session), self->copy, dinoscope_features_get_model (self->before),
                                        dinoscope_session_get_cache (self->session), G_PRIORITY_DEFAULT);
  self->job_handler = g_signal_connect_object (self->job, "changed", G_CALLBACK (job_changed_cb), self, G_CONNECT_SWAPPED);
  job_changed_cb (self);
}

void
dinoscope_what_if_cover (DinoscopeWhatIf *self, struct dino_box box, const struct dino_occlusion *occlusion)
{
  struct dino_pixel_box pixels;
  CopyRequest          *request;

  g_return_if_fail (DINOSCOPE_IS_WHAT_IF (self));
  g_return_if_fail (dinoscope_what_if_can_start (self));

  drop_copy (self);
  pixels = dino_pixel_box_of (dinoscope_study_get_picture (self->study), box);
  self->covered = (struct dino_box){ pixels.x0, pixels.y0, pixels.x1, pixels.y1 };
  self->state = DINOSCOPE_WHAT_IF_RUNNING;
  self->copying = g_cancellable_new ();
  request = g_new (CopyRequest, 1);
  request->self = g_object_ref (self);
  request->cancellable = g_object_ref (self->copying);
  dinoscope_engine_occlude_async (dinoscope_session_get_engine (self->session), self->study, box, occlusion, self->copying, copied_cb, request);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
dinoscope_what_if_reset (DinoscopeWhatIf *self)
{
  g_return_if_fail (DINOSCOPE_IS_WHAT_IF (self));

  drop_copy (self);
  drop_sweep (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  g_signal_emit (self, signals[SIGNAL_SWEEP_CHANGED], 0);
}

DinoscopeWhatIfState
dinoscope_what_if_get_state (DinoscopeWhatIf *self)
{
  return self->state;
}

const char *
dinoscope_what_if_get_problem (DinoscopeWhatIf *self)
{
  return self->problem;
}

void
dinoscope_what_if_get_progress (DinoscopeWhatIf *self, guint *done, guint *total)
{
  *done = *total = 0;
  if (self->job != NULL)
    dinoscope_encode_job_get_progress (self->job, done, total);
}

DinoscopeStudy *
dinoscope_what_if_get_copy (DinoscopeWhatIf *self)
{
  return self->copy;
}

DinoscopeFeatures *
dinoscope_what_if_get_after (DinoscopeWhatIf *self)
{
  return self->after;
}

gboolean
dinoscope_what_if_get_covered (DinoscopeWhatIf *self, struct dino_box *box)
{
  if (self->copy != NULL)
    *box = self->covered;
  return self->copy != NULL;
}

double
dinoscope_what_if_get_cosine (DinoscopeWhatIf *self)
{
  return self->cosine;
}

double
dinoscope_what_if_get_distance (DinoscopeWhatIf *self)
{
  return self->distance;
}

/* The sweep. */

static void
sweep_changed_cb (DinoscopeWhatIf *self)
{
  g_signal_emit (self, signals[SIGNAL_SWEEP_CHANGED], 0);
}

gboolean
dinoscope_what_if_start_sweep (DinoscopeWhatIf *self, GVariant *parameters, GError **error)
{
  g_autoptr (DinoscopeSweep) sweep = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_WHAT_IF (self), FALSE);
  g_return_val_if_fail (dinoscope_what_if_can_start (self), FALSE);

  sweep = dinoscope_sweep_new (dinoscope_session_get_engine (self->session), self->study, self->before, parameters, error);
  if (sweep == NULL)
    return FALSE;
  drop_sweep (self);
  self->sweep = g_steal_pointer (&sweep);
  self->sweep_handler = g_signal_connect_object (self->sweep, "changed", G_CALLBACK (sweep_changed_cb), self, G_CONNECT_SWAPPED);
  dinoscope_sweep_start (self->sweep);
  return TRUE;
}

DinoscopeSweep *
dinoscope_what_if_get_sweep (DinoscopeWhatIf *self)
{
  return self->sweep;
}

static char *
describe_time (double seconds)
{
  gulong minutes = (gulong) round (seconds / 60);

  if (seconds < 0)
    return g_strdup ("");
  if (seconds < 90)
    return g_strdup_printf (_ (", about %.0f s left"), ceil (seconds));
  return g_strdup_printf (_ (", about %lu min left"), minutes);
}

char *
dinoscope_what_if_describe_sweep (DinoscopeWhatIf *self)
{
  g_autofree char *time = NULL;
  guint            done, total;

  if (self->sweep == NULL)
    return g_strdup ("");
  done = dinoscope_sweep_get_n_done (self->sweep);
  total = dinoscope_sweep_get_n_places (self->sweep);
  switch (dinoscope_sweep_get_state (self->sweep))
    {
    case DINOSCOPE_SWEEP_DONE:
      return g_strdup_printf (_ ("Done: %u places."), total);
    case DINOSCOPE_SWEEP_CANCELLED:
      return g_strdup_printf (_ ("Cancelled after %u of %u places; what was done is kept."), done, total);
    case DINOSCOPE_SWEEP_FAILED:
      return g_strdup_printf (_ ("Ended after %u of %u places: %s"), done, total, dinoscope_sweep_get_error (self->sweep)->message);
    case DINOSCOPE_SWEEP_READY:
    case DINOSCOPE_SWEEP_RUNNING:
    default:
      time = describe_time (dinoscope_sweep_get_seconds_left (self->sweep));
      return g_strdup_printf (_ ("%u of %u places%s"), done, total, time);
    }
}
