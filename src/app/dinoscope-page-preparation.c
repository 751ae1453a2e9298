/* DinoscopePage: how its picture is prepared for the model. */
#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "app/dinoscope-page-private.h"
#include "app/dinoscope-preparation-words.h"

/* A hand that turns a spin button wants one run, not ten. */
#define SETTLE_MS 300

typedef struct
{
  DinoscopePage *page;
  GCancellable  *cancellable;
} ChangeRequest;

/* What the settings ask for the picture that is shown. */
static struct dino_preparation
get_wanted (DinoscopePage *self)
{
  struct dino_preparation wanted = *dinoscope_preparation_settings_get (self->preparation);

  /* The window that is looked at is the one that is applied. */
  if (wanted.model_input == DINO_MODEL_INPUT_WINDOW && dinoscope_greys_get_study (self->greys) == self->study)
    wanted.voi = *dinoscope_greys_get_display (self->greys);
  else
    wanted.voi = dinoscope_study_get_preparation (self->study)->voi;
  /* Which picture of the file it is was settled when that was read. */
  wanted.frame = dinoscope_study_get_preparation (self->study)->frame;
  return wanted;
}

void
dinoscope_page_stop_preparing (DinoscopePage *self)
{
  g_clear_handle_id (&self->preparation_timeout, g_source_remove);
  if (self->preparation_cancellable != NULL)
    g_cancellable_cancel (self->preparation_cancellable);
  g_clear_object (&self->preparation_cancellable);
}

static void
change_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChangeRequest             *request = user_data;
  g_autoptr (DinoscopePage)  self = g_steal_pointer (&request->page);
  g_autoptr (GCancellable)   cancellable = g_steal_pointer (&request->cancellable);
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeStudy) study = dinoscope_engine_change_preparation_finish (DINOSCOPE_ENGINE (source), result, &error);

  g_free (request);
  if (self->closed || self->preparation_cancellable != cancellable)
    return;
  g_clear_object (&self->preparation_cancellable);
  if (study != NULL)
    dinoscope_page_adopt_study (self, study, NULL);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      dinoscope_page_tell (self, error->message);
      dinoscope_page_begin_encoding (self, NULL);
      dinoscope_page_continue_sidecar (self);
    }
}

/* TRUE when that was needed; not while another picture is on its way. */
gboolean
dinoscope_page_prepare (DinoscopePage *self)
{
  struct dino_preparation wanted;
  ChangeRequest          *request;

  dinoscope_page_stop_preparing (self);
  if (!self->active || self->study == NULL || self->open_cancellable != NULL)
    return FALSE;
  dinoscope_page_encode_ahead (self);
  wanted = get_wanted (self);
  if (dinoscope_preparation_equal (&wanted, dinoscope_study_get_preparation (self->study)))
    return FALSE;
  dinoscope_page_stop_encoding (self);
  self->preparation_cancellable = g_cancellable_new ();
  request = g_new (ChangeRequest, 1);
  request->page = g_object_ref (self);
  request->cancellable = g_object_ref (self->preparation_cancellable);
  dinoscope_engine_change_preparation_async (dinoscope_session_get_engine (self->session), self->study, &wanted, self->preparation_cancellable, change_cb, request);
  return TRUE;
}

static gboolean
settled_cb (gpointer data)
{
  DinoscopePage *self = data;

  self->preparation_timeout = 0;
  dinoscope_page_prepare (self);
  return G_SOURCE_REMOVE;
}

void
dinoscope_page_preparation_wanted (DinoscopePage *self)
{
  if (!self->active || self->closed)
    return;
  dinoscope_page_stop_preparing (self);
  self->preparation_timeout = g_timeout_add (SETTLE_MS, settled_cb, self);
}

static char *
describe_badge (DinoscopePage *self, DinoscopeModel *model)
{
  const struct dino_preparation *preparation = dinoscope_study_get_preparation (self->study);
  const struct dino_preparation  processor = { .fit = DINO_FIT_CROP, .model_input = preparation->model_input };
  const struct dino_picture     *picture = dinoscope_study_get_picture (self->study);
  const struct dino_model       *core = dinoscope_model_get_core (model);
  struct dino_geometry           own;
  struct dino_error              failure = { 0 };

  if (!dino_preparation_geometry (&processor, dino_model_processor (core), dino_model_config (core)->patch_size, picture->width, picture->height, &own, &failure))
    own = (struct dino_geometry){ 0 };
  return dinoscope_preparation_badge (preparation, &self->geometry, &own);
}

char *
dinoscope_page_describe_preparation (DinoscopePage *self)
{
  DinoscopeModel  *model = dinoscope_page_get_model (self);
  g_autofree char *own = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  if (self->study == NULL || !self->has_geometry || model == NULL)
    return g_strdup ("");
  if (dinoscope_preparation_is_own (dinoscope_study_get_preparation (self->study)))
    return g_strdup_printf (_ ("the model’s own preparation, %d × %d px"), self->geometry.input_width, self->geometry.input_height);
  own = describe_badge (self, model);
  if (own == NULL)
    return g_strdup_printf ("%d × %d px", self->geometry.input_width, self->geometry.input_height);
  return g_strdelimit (g_steal_pointer (&own), "\n", ' ');
}

void
dinoscope_page_update_badge (DinoscopePage *self)
{
  DinoscopeModel  *model = dinoscope_page_get_model (self);
  g_autofree char *text = self->study != NULL && self->has_geometry && model != NULL ? describe_badge (self, model) : NULL;

  gtk_label_set_text (self->preparation_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->preparation_label), text != NULL);
}
