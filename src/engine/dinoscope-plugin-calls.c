/* What a provider of a plug-in is asked, and what is done about its answers. */
#include "engine/dinoscope-plugin-private.h"

#include "core/base/text.h"
#include "core/encoder/blas.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-paths-private.h"

/* How long a plug-in may go on after it was cancelled, in milliseconds. */
#define PATIENCE 10000

static gboolean
is_name (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (!(g_ascii_islower (*c) || (c > text && (g_ascii_isdigit (*c) || *c == '-'))))
      return FALSE;
  return *text != '\0';
}

/* Whether a description is one that rows and options can be made of. */
static gboolean
is_usable (gpointer item, GHashTable *names)
{
  DinoscopeParameter *parameter = item;
  GVariant           *standard;

  if (!DINOSCOPE_IS_PARAMETER (item))
    return FALSE;
  standard = dinoscope_parameter_get_default (parameter);
  return is_name (dinoscope_parameter_get_name (parameter)) && g_utf8_validate (dinoscope_parameter_get_title (parameter), -1, NULL) &&
         (standard == NULL || dinoscope_parameter_check (parameter, standard, NULL)) &&
         g_hash_table_add (names, g_strdup (dinoscope_parameter_get_name (parameter)));
}

static gboolean
are_usable (GListModel *list)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!G_IS_LIST_MODEL (list))
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (list, i);

      if (!is_usable (item, names))
        return FALSE;
    }
  return TRUE;
}

GListModel *
dinoscope_plugin_list_parameters (DinoscopePlugin *self, DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  g_autoptr (GListModel) list = NULL;

  if (dinoscope_plugin_check (self, NULL))
    {
      list = DINOSCOPE_OVERLAY_PROVIDER_GET_IFACE (provider)->list_parameters (provider, model);
      if (are_usable (list))
        return g_steal_pointer (&list);
      dinoscope_plugin_switch_off (self, DINOSCOPE_PLUGIN_OFF, _ ("its parameters are not described as they should be"));
    }
  return G_LIST_MODEL (g_list_store_new (DINOSCOPE_TYPE_PARAMETER));
}

void
dinoscope_plugin_get_needs (DinoscopePlugin *self, DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  if (!dinoscope_plugin_check (self, NULL))
    return;
  DINOSCOPE_OVERLAY_PROVIDER_GET_IFACE (provider)->get_needs (provider, model, parameters, needs);
  if (needs->last_block < (int) dinoscope_model_get_n_blocks (model))
    return;
  dinoscope_plugin_switch_off (self, DINOSCOPE_PLUGIN_OFF, _ ("it asks for a block that the encoder does not have"));
  needs->last_block = -1;
}

/* A map that is being computed. Its thread and the one that waits hold it. */
typedef struct
{
  gatomicrefcount references;

  DinoscopeOverlayProvider *provider;
  DinoscopeContext         *context;
  GVariant                 *parameters;
  GCancellable             *cancellable;

  GMutex                   lock; /* guards what follows */
  GCond                    changed;
  gboolean                 cancelled, done, left_behind;
  DinoscopeOverlayProgress progress; /* while somebody waits */
  gpointer                 progress_data;
  DinoscopeMap            *map;
  GError                  *error;
} Run;

/* The plug-in sees the features and nothing of the engine, whose threads end
 * without waiting for one that is left behind. */
static DinoscopeContext *
copy_context (DinoscopeContext *context)
{
  g_autoptr (GPtrArray) references = g_ptr_array_new ();
  DinoscopeContext     *copy;

  for (guint i = 0; i < dinoscope_context_get_n_references (context); i++)
    g_ptr_array_add (references, dinoscope_context_get_reference (context, i));
  copy = dinoscope_context_new (dinoscope_context_get_primary (context), (DinoscopeFeatures *const *) references->pdata, references->len);
  dinoscope_context_set_study (copy, dinoscope_context_get_study (context));
  return copy;
}

static Run *
run_new (DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data)
{
  Run *run = g_new0 (Run, 1);

  g_atomic_ref_count_init (&run->references);
  g_mutex_init (&run->lock);
  g_cond_init (&run->changed);
  run->provider = g_object_ref (provider);
  run->context = copy_context (context);
  run->parameters = g_variant_ref (parameters);
  run->cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  run->progress = progress;
  run->progress_data = progress_data;
  return run;
}

static Run *
run_ref (Run *run)
{
  g_atomic_ref_count_inc (&run->references);
  return run;
}

static void
run_unref (gpointer data)
{
  Run *run = data;

  if (!g_atomic_ref_count_dec (&run->references))
    return;
  g_object_unref (run->provider);
  g_object_unref (run->context);
  g_variant_unref (run->parameters);
  g_object_unref (run->cancellable);
  if (G_IS_OBJECT (run->map))
    g_object_unref (run->map);
  g_clear_error (&run->error);
  g_cond_clear (&run->changed);
  g_mutex_clear (&run->lock);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_unref)

/* Under the lock, so that nobody is told who no longer waits. */
static void
pass_progress (double done, gpointer data)
{
  Run *run = data;

  g_mutex_lock (&run->lock);
  if (run->progress != NULL)
    run->progress (done, run->progress_data);
  g_mutex_unlock (&run->lock);
}

static gpointer
work (gpointer data)
{
  g_autoptr (Run) run = data;
  GError         *error = NULL;
  DinoscopeMap   *map;

  dino_blas_enter_thread ();
  map = DINOSCOPE_OVERLAY_PROVIDER_GET_IFACE (run->provider)->compute (run->provider, run->context, run->parameters, run->cancellable, pass_progress, run, &error);
  g_mutex_lock (&run->lock);
  run->map = map;
  run->error = error;
  run->done = TRUE;
  g_cond_broadcast (&run->changed);
  g_mutex_unlock (&run->lock);
  return NULL;
}

static void
cancelled_cb (GCancellable *cancellable, Run *run)
{
  g_mutex_lock (&run->lock);
  run->cancelled = TRUE;
  g_cond_broadcast (&run->changed);
  g_mutex_unlock (&run->lock);
}

static gint64
patience (void)
{
  const char *shorter = dinoscope_environment ("DINOSCOPE_PLUGIN_PATIENCE");
  gint64      milliseconds = shorter != NULL ? g_ascii_strtoll (shorter, NULL, 10) : PATIENCE;

  return CLAMP (milliseconds, 1, PATIENCE) * 1000;
}

/* Until the plug-in is done, or has been cancelled for too long. */
static void
await (Run *run)
{
  gint64 until;

  g_mutex_lock (&run->lock);
  while (!run->done && !run->cancelled)
    g_cond_wait (&run->changed, &run->lock);
  until = g_get_monotonic_time () + patience ();
  while (!run->done && g_cond_wait_until (&run->changed, &run->lock, until))
    ;
  run->left_behind = !run->done;
  run->progress = NULL;
  g_mutex_unlock (&run->lock);
}

static void
run_and_wait (Run *run)
{
  g_autoptr (GError) error = NULL;
  GThread           *thread = g_thread_try_new ("plug-in", work, run_ref (run), &error);
  gulong             handler;

  if (thread == NULL)
    {
      run_unref (run);
      run->done = TRUE;
      run->error = g_error_new_literal (DINOSCOPE_ERROR, DINOSCOPE_ERROR_MEMORY, error->message);
      return;
    }
  /* Joined by nobody: it may not end. */
  g_thread_unref (thread);
  handler = g_cancellable_connect (run->cancellable, G_CALLBACK (cancelled_cb), run_ref (run), run_unref);
  await (run);
  g_cancellable_disconnect (run->cancellable, handler);
}

/* What an answer without an error is worth. */
static void
check_answer (Run *run)
{
  const char *fault = NULL;

  if (run->error != NULL)
    return;
  if (run->map == NULL)
    fault = _ ("it returned nothing and did not say why");
  else if (!dinoscope_map_has_contents (run->map))
    fault = _ ("what it returned is no map");
  if (fault != NULL)
    run->error = g_error_new_literal (DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY, fault);
}

DinoscopeMap *
dinoscope_plugin_compute (DinoscopePlugin *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data, GError **error)
{
  g_autoptr (Run) run = NULL;

  if (!dinoscope_plugin_check (self, error))
    return NULL;
  run = run_new (provider, context, parameters, cancellable, progress, progress_data);
  run_and_wait (run);
  if (run->left_behind)
    {
      dinoscope_plugin_switch_off (self, DINOSCOPE_PLUGIN_LEFT_BEHIND, _ ("it did not stop when it was cancelled"));
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return NULL;
    }
  check_answer (run);
  if (run->error == NULL)
    return g_steal_pointer (&run->map);
  g_propagate_error (error, g_steal_pointer (&run->error));
  return NULL;
}

void
dinoscope_plugin_propagate_failure (DinoscopePlugin *self, GError *failure, GError **error)
{
  if (g_error_matches (failure, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER) || g_error_matches (failure, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MEMORY))
    {
      g_propagate_error (error, failure);
      return;
    }
  dinoscope_plugin_switch_off (self, DINOSCOPE_PLUGIN_OFF, failure->message);
  g_error_free (failure);
  dinoscope_plugin_check (self, error);
}
