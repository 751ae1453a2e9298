/* DinoscopePage: from the picture to features, from features to the map. */
#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "app/dinoscope-page-private.h"

/* A map that takes no longer is not told of, in milliseconds. */
#define PATIENCE 300

typedef struct
{
  DinoscopePage            *page;
  GCancellable             *cancellable;
  DinoscopeOverlayProvider *provider;
  DinoscopeContext         *context;
  GVariant                 *values;
} MapRequest;

static void
map_request_free (MapRequest *request)
{
  g_object_unref (request->page);
  g_object_unref (request->cancellable);
  g_object_unref (request->provider);
  g_object_unref (request->context);
  g_variant_unref (request->values);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MapRequest, map_request_free)

static void
set_encoding (DinoscopePage *self, DinoscopePageEncoding encoding)
{
  gboolean changed = self->encoding != encoding;

  self->encoding = encoding;
  dinoscope_page_update_strip (self);
  if (changed)
    dinoscope_page_notify (self, DINOSCOPE_PAGE_PROP_ENCODING);
}

static void
fail_encoding (DinoscopePage *self, const char *message)
{
  g_free (self->encoding_problem);
  self->encoding_problem = g_strdup (message);
  set_encoding (self, DINOSCOPE_PAGE_ENCODING_FAILED);
}

void
dinoscope_page_apply_style (DinoscopePage *self)
{
  struct dino_map_style style;
  DinoscopeMap         *map;

  /* A map that the settings no longer ask for keeps its colours until the new one is there. */
  if (!self->active || (self->map != NULL && !dinoscope_page_is_map_current (self)))
    return;
  map = dinoscope_page_get_map (self);
  dinoscope_page_get_style (self, &style);
  dinoscope_canvas_set_map (self->canvas, map, &style);
  dinoscope_color_bar_set_map (self->color_bar, map, &style);
  dinoscope_page_update_color_bar (self);
}

static void
set_map (DinoscopePage *self, DinoscopeMap *map)
{
  g_set_object (&self->map, map);
  dinoscope_page_apply_style (self);
  dinoscope_page_notify (self, DINOSCOPE_PAGE_PROP_MAP);
  dinoscope_page_readout_changed (self);
}

/* Ends the request that is under way, if there is one. */
static void
forget_request (DinoscopePage *self)
{
  g_clear_object (&self->map_cancellable);
  g_clear_handle_id (&self->map_timeout, g_source_remove);
  if (!self->map_told)
    return;
  self->map_told = FALSE;
  dinoscope_page_update_strip (self);
}

static void
cancel_map (DinoscopePage *self)
{
  if (self->map_cancellable == NULL)
    return;
  g_cancellable_cancel (self->map_cancellable);
  forget_request (self);
  self->map_stale = TRUE;
}

static void
set_given_up (DinoscopePage *self, gboolean given_up)
{
  if (self->map_given_up == given_up)
    return;
  self->map_given_up = given_up;
  dinoscope_page_update_strip (self);
}

void
dinoscope_page_drop_map (DinoscopePage *self)
{
  g_clear_object (&self->guest);
  cancel_map (self);
  set_given_up (self, FALSE);
  self->map_stale = TRUE;
  set_map (self, NULL);
}

/* At a person's wish; a map that the settings no longer ask for must not be taken for the other. */
static void
give_up_map (DinoscopePage *self)
{
  dinoscope_page_drop_map (self);
  set_given_up (self, TRUE);
}

/* Whose failure the window tells of. */
static gboolean
is_switched_off (DinoscopeOverlayProvider *provider)
{
  DinoscopePlugin *plugin = dinoscope_plugins_find (G_OBJECT_TYPE (provider));

  return plugin != NULL && dinoscope_plugin_get_state (plugin) != DINOSCOPE_PLUGIN_IN_USE;
}

static void
map_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MapRequest)   request = user_data;
  g_autoptr (GError)       error = NULL;
  g_autoptr (DinoscopeMap) map = dinoscope_engine_compute_map_finish (DINOSCOPE_ENGINE (source), result, &error);
  DinoscopePage           *self = request->page;

  if (map != NULL)
    dinoscope_map_cache_insert (dinoscope_session_get_map_cache (self->session), request->provider, request->context, request->values, map);
  if (self->closed || self->map_cancellable != request->cancellable)
    return;
  forget_request (self);
  if (map != NULL)
    set_map (self, map);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->map_stale = TRUE;
  else
    {
      set_map (self, NULL);
      if (!is_switched_off (request->provider))
        dinoscope_page_tell (self, error->message);
    }
}

static void
map_progress_cb (double done, gpointer user_data)
{
  const MapRequest *request = user_data;
  DinoscopePage    *self = request->page;

  if (self->map_cancellable != request->cancellable)
    return;
  self->map_done = done;
  if (self->map_told)
    dinoscope_page_update_strip (self);
}

static gboolean
out_of_patience_cb (gpointer user_data)
{
  DinoscopePage *self = user_data;

  self->map_timeout = 0;
  self->map_told = TRUE;
  dinoscope_page_update_strip (self);
  return G_SOURCE_REMOVE;
}

static void
request_map (DinoscopePage *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *values)
{
  MapRequest *request = g_new (MapRequest, 1);

  self->map_cancellable = g_cancellable_new ();
  self->map_done = -1;
  self->map_timeout = g_timeout_add (PATIENCE, out_of_patience_cb, self);
  request->page = g_object_ref (self);
  request->cancellable = g_object_ref (self->map_cancellable);
  request->provider = g_object_ref (provider);
  request->context = g_object_ref (context);
  request->values = g_variant_ref (values);
  dinoscope_engine_compute_map_with_progress_async (dinoscope_session_get_engine (self->session), provider, context, values, self->map_cancellable, map_progress_cb, request, NULL, map_cb, request);
}

static void
compute_map (DinoscopePage *self)
{
  DinoscopeOverlayProvider    *provider = dinoscope_overlay_settings_get_provider (self->settings);
  g_autoptr (GVariant)         values = dinoscope_page_dup_values (self);
  g_autoptr (DinoscopeContext) context = NULL;
  g_autoptr (DinoscopeMap)     known = NULL;

  if (self->active && self->guest != NULL)
    {
      dinoscope_page_guest_changed (self);
      return;
    }
  if (!self->active || self->features == NULL || values == NULL || !dinoscope_overlay_provider_is_ready (provider, self->features, values))
    return;
  context = dinoscope_page_new_context (self, provider, values);
  if (context == NULL)
    return;
  cancel_map (self);
  set_given_up (self, FALSE);
  self->map_stale = FALSE;
  known = dinoscope_map_cache_lookup (dinoscope_session_get_map_cache (self->session), provider, context, values);
  if (known != NULL)
    set_map (self, known);
  else
    request_map (self, provider, context, values);
}

void
dinoscope_page_map_wanted (DinoscopePage *self)
{
  g_clear_object (&self->guest);
  self->map_stale = TRUE;
  compute_map (self);
  dinoscope_page_readout_changed (self);
}

/* It stands where the overlay's map would, so nothing is asked for meanwhile. */
void
dinoscope_page_guest_changed (DinoscopePage *self)
{
  if (self->guest == NULL)
    {
      dinoscope_page_map_wanted (self);
      return;
    }
  cancel_map (self);
  set_given_up (self, FALSE);
  self->map_stale = FALSE;
  set_map (self, self->guest);
}

static void
set_features (DinoscopePage *self, DinoscopeFeatures *features)
{
  if (!self->active)
    return;
  /* Maps of the blocks so far stay when the blocks so far are let go of. */
  dinoscope_map_cache_track (dinoscope_session_get_map_cache (self->session), features);
  if (!g_set_object (&self->features, features))
    return;
  if (self->map_stale)
    compute_map (self);
  dinoscope_page_features_changed (self);
  dinoscope_page_readout_changed (self);
}

static void
release_job (DinoscopePage *self)
{
  if (self->job != NULL)
    g_clear_signal_handler (&self->job_handler, self->job);
  g_clear_object (&self->job);
}

static void
job_changed_cb (DinoscopePage *self)
{
  g_autoptr (DinoscopeEncodeJob) job = g_object_ref (self->job);
  DinoscopeEncodeState           state = dinoscope_encode_job_get_state (job);

  if (state != DINOSCOPE_ENCODE_RUNNING)
    release_job (self);
  switch (state)
    {
    case DINOSCOPE_ENCODE_RUNNING:
      set_encoding (self, DINOSCOPE_PAGE_ENCODING_RUNNING);
      break;
    case DINOSCOPE_ENCODE_DONE:
      set_encoding (self, DINOSCOPE_PAGE_ENCODING_DONE);
      break;
    case DINOSCOPE_ENCODE_CANCELLED:
      set_encoding (self, DINOSCOPE_PAGE_ENCODING_CANCELLED);
      break;
    case DINOSCOPE_ENCODE_FAILED:
    default:
      fail_encoding (self, dinoscope_encode_job_get_error (job)->message);
      break;
    }
  if (dinoscope_encode_job_get_features (job) != NULL)
    set_features (self, dinoscope_encode_job_get_features (job));
}

static void
take_job (DinoscopePage *self, DinoscopeEncodeJob *job)
{
  self->job = g_object_ref (job);
  self->job_handler = g_signal_connect_object (job, "changed", G_CALLBACK (job_changed_cb), self, G_CONNECT_SWAPPED);
  job_changed_cb (self);
}

void
dinoscope_page_stop_encoding (DinoscopePage *self)
{
  g_autoptr (DinoscopeEncodeJob) job = NULL;

  cancel_map (self);
  g_set_object (&job, self->job);
  release_job (self);
  if (job != NULL)
    dinoscope_encode_job_cancel (job);
  g_clear_object (&self->features);
  self->encoding = DINOSCOPE_PAGE_ENCODING_NONE;
}

/* What the model sees; the canvas draws its frame from it. */
static gboolean
update_geometry (DinoscopePage *self, DinoscopeModel *model, GError **error)
{
  self->has_geometry = model != NULL && dinoscope_study_get_geometry (self->study, dinoscope_model_get_core (model), &self->geometry, error);
  dinoscope_canvas_set_geometry (self->canvas, self->has_geometry ? &self->geometry : NULL);
  dinoscope_page_update_marks (self);
  return self->has_geometry;
}

static void
look_up_or_start (DinoscopePage *self, DinoscopeModel *model, DinoscopeEncodeJob *taken)
{
  DinoscopeFeaturesCache        *cache = dinoscope_session_get_cache (self->session);
  g_autofree char               *key = dinoscope_features_cache_key (self->study, model);
  g_autoptr (DinoscopeFeatures)  features = dinoscope_features_cache_lookup (cache, key);
  g_autoptr (DinoscopeEncodeJob) job = NULL;

  if (features != NULL)
    {
      set_encoding (self, DINOSCOPE_PAGE_ENCODING_DONE);
      set_features (self, features);
      return;
    }
  if (taken != NULL && dinoscope_encode_job_get_model (taken) == model)
    job = g_object_ref (taken);
  else
    job = dinoscope_encode_job_new (dinoscope_session_get_engine (self->session), self->study, model, cache, G_PRIORITY_DEFAULT);
  take_job (self, job);
}

/* taken, which may be NULL, is a run for this study that was started ahead. */
void
dinoscope_page_begin_encoding (DinoscopePage *self, DinoscopeEncodeJob *taken)
{
  DinoscopeModel    *model = dinoscope_page_get_model (self);
  gboolean           fits;
  g_autoptr (GError) error = NULL;

  dinoscope_page_stop_encoding (self);
  dinoscope_page_drop_input (self);
  if (self->study == NULL)
    return;
  fits = update_geometry (self, model, &error);
  dinoscope_page_update_model_view (self);
  dinoscope_page_update_badge (self);
  if (!self->active)
    return;
  if (model == NULL)
    set_encoding (self, DINOSCOPE_PAGE_ENCODING_WAITING);
  else if (!fits)
    fail_encoding (self, error->message);
  else
    look_up_or_start (self, model, taken);
}

/* After the page was in the background. */
void
dinoscope_page_resume_encoding (DinoscopePage *self)
{
  dinoscope_page_apply_style (self);
  if (self->job != NULL)
    job_changed_cb (self);
  else if (self->encoding != DINOSCOPE_PAGE_ENCODING_CANCELLED && self->encoding != DINOSCOPE_PAGE_ENCODING_FAILED)
    dinoscope_page_begin_encoding (self, NULL);
}

void
dinoscope_page_encode (DinoscopePage *self)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (self->study != NULL && self->job == NULL && self->encoding != DINOSCOPE_PAGE_ENCODING_DONE)
    dinoscope_page_begin_encoding (self, NULL);
  else if (self->map_given_up)
    compute_map (self);
}

void
dinoscope_page_cancel (DinoscopePage *self)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (self->job != NULL)
    dinoscope_encode_job_cancel (self->job);
  else if (self->map_told)
    give_up_map (self);
}
