#include "app/dinoscope-session-private.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-preparation-settings.h"

/* How long nothing else was wanted before the neighbour is encoded. */
#define AHEAD_DELAY_MS 400

/* Kept maps: all blocks of a few heads, or all heads of a few blocks. */
#define MAPS 256

enum
{
  PROP_MODEL = 1,
  PROP_PROBLEM,
  PROP_PRECISION_PROBLEM,
  PROP_LOADING,
  PROP_WHEEL_ZOOMS,
  PROP_COLLECTION,
  N_PROPS
};

enum
{
  SIGNAL_MODEL_IDENTIFIED,
  SIGNAL_MODEL_CHOSEN,
  SIGNAL_SWITCH_FAILED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (DinoscopeSession, dinoscope_session, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

static void
clear_ahead (DinoscopeSession *self, gboolean cancel)
{
  g_clear_handle_id (&self->ahead_timeout, g_source_remove);
  if (self->ahead_cancellable != NULL)
    g_cancellable_cancel (self->ahead_cancellable);
  if (cancel && self->ahead_job != NULL)
    dinoscope_encode_job_cancel (self->ahead_job);
  g_clear_object (&self->ahead_cancellable);
  g_clear_object (&self->ahead_file);
  g_clear_object (&self->ahead_study);
  g_clear_object (&self->ahead_job);
}

static void
start_ahead_job (DinoscopeSession *self)
{
  g_autofree char              *key = dinoscope_features_cache_key (self->ahead_study, self->model);
  g_autoptr (DinoscopeFeatures) features = key != NULL ? dinoscope_features_cache_lookup (self->cache, key) : NULL;

  if (key != NULL && features == NULL)
    self->ahead_job = dinoscope_encode_job_new (self->engine, self->ahead_study, self->model, self->cache, G_PRIORITY_LOW);
}

static void
ahead_open_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeSession) self = user_data;
  g_autoptr (GError)           error = NULL;
  g_autoptr (DinoscopeStudy)   study = dinoscope_engine_open_finish (DINOSCOPE_ENGINE (source), result, &error);
  GFile                       *file = study != NULL ? dinoscope_study_get_file (study) : NULL;

  /* A picture that cannot be read is told when a person comes to it. */
  if (file == NULL || self->ahead_file == NULL || !g_file_equal (file, self->ahead_file))
    return;
  g_set_object (&self->ahead_study, study);
  if (self->model != NULL)
    start_ahead_job (self);
}

static gboolean
ahead_timeout_cb (gpointer data)
{
  DinoscopeSession *self = data;

  self->ahead_timeout = 0;
  self->ahead_cancellable = g_cancellable_new ();
  dinoscope_engine_open_async (self->engine, self->ahead_file, &self->ahead_preparation, FALSE, self->ahead_cancellable, ahead_open_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
dinoscope_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DinoscopeSession *self = DINOSCOPE_SESSION (object);

  switch (id)
    {
    case PROP_MODEL:
      g_value_set_object (value, self->model);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    case PROP_PRECISION_PROBLEM:
      g_value_set_string (value, self->precision_problem);
      break;
    case PROP_LOADING:
      g_value_set_string (value, self->loading);
      break;
    case PROP_WHEEL_ZOOMS:
      g_value_set_boolean (value, self->wheel_zooms);
      break;
    case PROP_COLLECTION:
      g_value_set_object (value, self->collection);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_session_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DinoscopeSession *self = DINOSCOPE_SESSION (object);

  switch (id)
    {
    case PROP_WHEEL_ZOOMS:
      self->wheel_zooms = g_value_get_boolean (value);
      break;
    case PROP_COLLECTION:
      dinoscope_session_set_collection (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_session_dispose (GObject *object)
{
  DinoscopeSession *self = DINOSCOPE_SESSION (object);

  dinoscope_session_shutdown (self);
  g_clear_object (&self->engine);
  g_clear_object (&self->cache);
  g_clear_object (&self->map_cache);
  g_clear_pointer (&self->kept_views, dinoscope_kept_views_free);
  g_clear_object (&self->model);
  g_clear_object (&self->collection);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->precision_problem, g_free);

  G_OBJECT_CLASS (dinoscope_session_parent_class)->dispose (object);
}

static void
dinoscope_session_finalize (GObject *object)
{
  g_ptr_array_unref (DINOSCOPE_SESSION (object)->hash_threads);

  G_OBJECT_CLASS (dinoscope_session_parent_class)->finalize (object);
}

static void
dinoscope_session_class_init (DinoscopeSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = dinoscope_session_get_property;
  object_class->set_property = dinoscope_session_set_property;
  object_class->dispose = dinoscope_session_dispose;
  object_class->finalize = dinoscope_session_finalize;

  properties[PROP_MODEL] = g_param_spec_object ("model", NULL, NULL, DINOSCOPE_TYPE_MODEL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PRECISION_PROBLEM] = g_param_spec_string ("precision-problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_WHEEL_ZOOMS] = g_param_spec_boolean ("wheel-zooms", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_COLLECTION] = g_param_spec_object ("collection", NULL, NULL, DINOSCOPE_TYPE_COLLECTION, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_LOADING] = g_param_spec_string ("loading", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_MODEL_IDENTIFIED] = g_signal_new ("model-identified", DINOSCOPE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MODEL_CHOSEN] = g_signal_new ("model-chosen", DINOSCOPE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_SWITCH_FAILED] = g_signal_new ("switch-failed", DINOSCOPE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
dinoscope_session_init (DinoscopeSession *self)
{
  self->exporter = dinoscope_exporter_new ();
  self->wheel_zooms = TRUE;
  self->hash_threads = g_ptr_array_new ();
}

DinoscopeSession *
dinoscope_session_new (guint threads, gsize budget, GError **error)
{
  g_autoptr (DinoscopeSession) self = g_object_new (DINOSCOPE_TYPE_SESSION, NULL);

  self->cache = dinoscope_features_cache_new (budget);
  self->map_cache = dinoscope_map_cache_new (MAPS);
  self->kept_views = dinoscope_kept_views_new ();
  self->engine = dinoscope_engine_new (MIN (threads, (guint) dino_cpu_threads ()), error);
  return self->engine != NULL ? g_steal_pointer (&self) : NULL;
}

void
dinoscope_session_shutdown (DinoscopeSession *self)
{
  g_return_if_fail (DINOSCOPE_IS_SESSION (self));

  clear_ahead (self, TRUE);
  dinoscope_session_stop_loading (self);
  if (self->engine != NULL)
    dinoscope_engine_shutdown (self->engine);
  g_clear_pointer (&self->exporter, dinoscope_exporter_free);
  dinoscope_session_stop_identifying (self);
}

DinoscopeEngine *
dinoscope_session_get_engine (DinoscopeSession *self)
{
  return self->engine;
}

DinoscopeMapCache *
dinoscope_session_get_map_cache (DinoscopeSession *self)
{
  return self->map_cache;
}

DinoscopeKeptViews *
dinoscope_session_get_kept_views (DinoscopeSession *self)
{
  return self->kept_views;
}

DinoscopeFeaturesCache *
dinoscope_session_get_cache (DinoscopeSession *self)
{
  return self->cache;
}

DinoscopeExporter *
dinoscope_session_get_exporter (DinoscopeSession *self)
{
  return self->exporter;
}

DinoscopeModel *
dinoscope_session_get_model (DinoscopeSession *self)
{
  return self->model;
}

DinoscopeModelSource
dinoscope_session_get_model_source (DinoscopeSession *self)
{
  return self->source;
}

const char *
dinoscope_session_get_problem (DinoscopeSession *self)
{
  return self->problem;
}

const char *
dinoscope_session_get_precision_problem (DinoscopeSession *self)
{
  return self->precision_problem;
}

DinoscopeCollection *
dinoscope_session_get_collection (DinoscopeSession *self)
{
  return self->collection;
}

void
dinoscope_session_set_collection (DinoscopeSession *self, DinoscopeCollection *collection)
{
  if (g_set_object (&self->collection, collection))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLLECTION]);
}

gboolean
dinoscope_session_has_failed (DinoscopeSession *self)
{
  return self->failed;
}

const char *
dinoscope_session_get_loading (DinoscopeSession *self)
{
  return self->loading;
}

void
dinoscope_session_model_changed (DinoscopeSession *self)
{
  clear_ahead (self, TRUE);
  dinoscope_features_cache_clear (self->cache);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODEL]);
}

void
dinoscope_session_set_loading (DinoscopeSession *self, const char *path)
{
  char *before = self->loading;

  self->loading = g_strdup (path);
  g_free (before);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

void
dinoscope_session_set_problem (DinoscopeSession *self, const char *problem)
{
  g_autofree char *before = self->problem;

  self->problem = g_strdup (problem);
  if (g_strcmp0 (before, problem) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

void
dinoscope_session_set_precision_problem (DinoscopeSession *self, const char *problem)
{
  g_autofree char *before = self->precision_problem;

  self->precision_problem = g_strdup (problem);
  if (g_strcmp0 (before, problem) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRECISION_PROBLEM]);
}

void
dinoscope_session_emit_identified (DinoscopeSession *self)
{
  g_signal_emit (self, signals[SIGNAL_MODEL_IDENTIFIED], 0);
}

void
dinoscope_session_emit_chosen (DinoscopeSession *self, const char *setting)
{
  g_signal_emit (self, signals[SIGNAL_MODEL_CHOSEN], 0, setting);
}

void
dinoscope_session_emit_switch_failed (DinoscopeSession *self, const char *message)
{
  g_signal_emit (self, signals[SIGNAL_SWITCH_FAILED], 0, message);
}

char *
dinoscope_session_describe_model (DinoscopeSession *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SESSION (self), NULL);

  if (self->model != NULL)
    return dinoscope_model_describe (self->model);
  if (self->failed)
    return g_strdup (_ ("No encoder"));
  return g_strdup (_ ("Loading the encoder…"));
}

/* Whether file is what is done ahead, prepared like that. */
static gboolean
is_ahead (DinoscopeSession *self, GFile *file, const struct dino_preparation *preparation)
{
  return self->ahead_file != NULL && g_file_equal (file, self->ahead_file) && dinoscope_preparation_equal (preparation, &self->ahead_preparation);
}

void
dinoscope_session_encode_ahead (DinoscopeSession *self, GFile *file, const struct dino_preparation *preparation)
{
  g_return_if_fail (DINOSCOPE_IS_SESSION (self));
  g_return_if_fail (file == NULL || preparation != NULL);

  if (file != NULL && is_ahead (self, file, preparation))
    return;
  clear_ahead (self, TRUE);
  if (file == NULL)
    return;
  self->ahead_file = g_object_ref (file);
  self->ahead_preparation = *preparation;
  self->ahead_timeout = g_timeout_add (AHEAD_DELAY_MS, ahead_timeout_cb, self);
}

gboolean
dinoscope_session_take_ahead (DinoscopeSession *self, GFile *file, const struct dino_preparation *preparation, DinoscopeStudy **study, DinoscopeEncodeJob **job)
{
  gboolean found;

  g_return_val_if_fail (DINOSCOPE_IS_SESSION (self), FALSE);

  found = self->ahead_study != NULL && is_ahead (self, file, preparation);
  *study = found ? g_steal_pointer (&self->ahead_study) : NULL;
  *job = found ? g_steal_pointer (&self->ahead_job) : NULL;
  clear_ahead (self, TRUE);
  return found;
}
