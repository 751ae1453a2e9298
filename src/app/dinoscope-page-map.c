/* DinoscopePage: from the picture to features, from features to the map. */
#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "app/dinoscope-page-private.h"

typedef struct
{
  DinoscopePage *page;
  GCancellable  *cancellable;
} MapRequest;

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

  /* A map that the settings no longer ask for keeps its colours until the new one is there. */
  if (!self->active || (self->map != NULL && !dinoscope_page_is_map_current (self)))
    return;
  style = dinoscope_overlay_settings_style_of (self->settings, self->map);
  dinoscope_canvas_set_map (self->canvas, self->map, &style);
  dinoscope_color_bar_set_map (self->color_bar, self->map, &style);
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

static void
cancel_map (DinoscopePage *self)
{
  if (self->map_cancellable == NULL)
    return;
  g_cancellable_cancel (self->map_cancellable);
  g_clear_object (&self->map_cancellable);
  self->map_stale = TRUE;
}

void
dinoscope_page_drop_map (DinoscopePage *self)
{
  cancel_map (self);
  self->map_stale = TRUE;
  set_map (self, NULL);
}

static void
map_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MapRequest               *request = user_data;
  g_autoptr (DinoscopePage) self = g_steal_pointer (&request->page);
  g_autoptr (GCancellable)  cancellable = g_steal_pointer (&request->cancellable);
  g_autoptr (GError)        error = NULL;
  g_autoptr (DinoscopeMap)  map = dinoscope_engine_compute_map_finish (DINOSCOPE_ENGINE (source), result, &error);

  g_free (request);
  if (self->closed || self->map_cancellable != cancellable)
    return;
  g_clear_object (&self->map_cancellable);
  if (map != NULL)
    set_map (self, map);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->map_stale = TRUE;
  else
    {
      set_map (self, NULL);
      dinoscope_page_tell (self, error->message);
    }
}

static void
compute_map (DinoscopePage *self)
{
  DinoscopeOverlayProvider    *provider = dinoscope_overlay_settings_get_provider (self->settings);
  GVariant                    *values = dinoscope_overlay_settings_get_values (self->settings);
  g_autoptr (DinoscopeContext) context = NULL;
  MapRequest                  *request;

  if (!self->active || self->features == NULL || values == NULL || !dinoscope_overlay_provider_is_ready (provider, self->features, values))
    return;
  cancel_map (self);
  self->map_stale = FALSE;
  self->map_cancellable = g_cancellable_new ();
  context = dinoscope_context_new (self->features, NULL, 0);
  request = g_new (MapRequest, 1);
  request->page = g_object_ref (self);
  request->cancellable = g_object_ref (self->map_cancellable);
  dinoscope_engine_compute_map_async (dinoscope_session_get_engine (self->session), provider, context, values, self->map_cancellable, map_cb, request);
}

void
dinoscope_page_map_wanted (DinoscopePage *self)
{
  self->map_stale = TRUE;
  compute_map (self);
  dinoscope_page_readout_changed (self);
}

static void
set_features (DinoscopePage *self, DinoscopeFeatures *features)
{
  if (!self->active || !g_set_object (&self->features, features))
    return;
  if (self->map_stale)
    compute_map (self);
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
  if (taken != NULL)
    job = g_object_ref (taken);
  else
    job = dinoscope_encode_job_new (dinoscope_session_get_engine (self->session), self->study, model, cache, G_PRIORITY_DEFAULT);
  take_job (self, job);
}

/* taken, which may be NULL, is a run for this study that was started ahead. */
void
dinoscope_page_begin_encoding (DinoscopePage *self, DinoscopeEncodeJob *taken)
{
  DinoscopeModel    *model = dinoscope_session_get_model (self->session);
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
}

void
dinoscope_page_cancel (DinoscopePage *self)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (self->job != NULL)
    dinoscope_encode_job_cancel (self->job);
}
