/* DinoscopePage: opening a picture and walking through its folder. */
#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "app/dinoscope-folder.h"
#include "app/dinoscope-page-private.h"
#include "engine/dinoscope-paths-private.h"
#include "io/read.h"

static void
set_title (DinoscopePage *self, const char *title)
{
  g_free (self->title);
  self->title = g_strdup (title);
  dinoscope_page_notify (self, DINOSCOPE_PAGE_PROP_TITLE);
}

static void
set_title_from_file (DinoscopePage *self, GFile *file)
{
  g_autofree char *display = dinoscope_display_base (file);
  const char      *path = g_file_peek_path (file);

  set_title (self, path != NULL && dino_picture_is_dicom (path) ? _ ("DICOM picture") : display);
}

static void
set_title_from_study (DinoscopePage *self)
{
  g_autofree char *title = dinoscope_study_dup_title (self->study);

  set_title (self, title);
}

/* The picture that comes next, prepared as this one is. */
void
dinoscope_page_encode_ahead (DinoscopePage *self)
{
  GFile *ahead = self->direction < 0 ? self->previous : self->next;

  /* Of several views only one walks ahead, and only with the model that all share. */
  if (self->active && ahead != NULL && self->own_model == NULL && dinoscope_page_is_leading (self))
    dinoscope_session_encode_ahead (self->session, ahead, dinoscope_preparation_settings_get (self->preparation));
}

static void
neighbours_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopePage) self = user_data;
  g_autoptr (GFile)         previous = NULL;
  g_autoptr (GFile)         next = NULL;
  g_autoptr (GError)        error = NULL;

  if (!dinoscope_folder_find_neighbours_finish (result, &previous, &next, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      g_debug ("The folder cannot be listed: %s", error->message);
    }
  g_clear_object (&self->neighbours_cancellable);
  g_set_object (&self->previous, previous);
  g_set_object (&self->next, next);
  dinoscope_page_notify (self, DINOSCOPE_PAGE_PROP_CAN_GO_BACK);
  dinoscope_page_notify (self, DINOSCOPE_PAGE_PROP_CAN_GO_ON);
  dinoscope_page_encode_ahead (self);
}

static void
find_neighbours (DinoscopePage *self)
{
  if (self->neighbours_cancellable != NULL)
    g_cancellable_cancel (self->neighbours_cancellable);
  g_clear_object (&self->neighbours_cancellable);
  g_clear_object (&self->previous);
  g_clear_object (&self->next);
  if (self->file == NULL)
    {
      dinoscope_page_notify (self, DINOSCOPE_PAGE_PROP_CAN_GO_BACK);
      dinoscope_page_notify (self, DINOSCOPE_PAGE_PROP_CAN_GO_ON);
      return;
    }
  self->neighbours_cancellable = g_cancellable_new ();
  dinoscope_folder_find_neighbours_async (self->file, self->neighbours_cancellable, neighbours_cb, g_object_ref (self));
}

/* The point that the patch cursor is at: in another grid it is another patch. */
static gboolean
get_selected_point (DinoscopePage *self, double *x, double *y)
{
  int             row, column;
  struct dino_box box;

  if (!self->has_geometry || !dinoscope_canvas_get_selected_patch (self->canvas, &row, &column))
    return FALSE;
  box = dino_geometry_patch (&self->geometry, row, column);
  *x = (box.x0 + box.x1) / 2;
  *y = (box.y0 + box.y1) / 2;
  return TRUE;
}

static void
select_point (DinoscopePage *self, double x, double y)
{
  int row, column;

  if (self->has_geometry && dino_geometry_patch_at (&self->geometry, x, y, &row, &column))
    dinoscope_canvas_select_patch (self->canvas, row, column);
}

void
dinoscope_page_adopt_study (DinoscopePage *self, DinoscopeStudy *study, DinoscopeEncodeJob *job)
{
  gboolean    keep_view = self->study != NULL;
  gboolean    same_picture = keep_view && dinoscope_study_get_picture (self->study) == dinoscope_study_get_picture (study);
  const char *notes = dinoscope_study_get_notes (study);
  double      x, y;
  gboolean    selected = same_picture && get_selected_point (self, &x, &y);

  g_set_object (&self->study, study);
  set_title_from_study (self);
  gtk_label_set_text (self->notes_label, notes);
  gtk_widget_set_visible (GTK_WIDGET (self->notes_label), notes[0] != '\0');
  dinoscope_page_drop_map (self);
  if (!same_picture)
    dinoscope_marks_clear (self->marks);
  dinoscope_greys_set_study (self->greys, study);
  dinoscope_regions_set_study (self->regions, study);
  dinoscope_scribbles_set_study (self->scribbles, study);
  dinoscope_canvas_set_study (self->canvas, study, keep_view);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->canvas), GTK_ACCESSIBLE_PROPERTY_LABEL, self->title, -1);
  dinoscope_page_show_state (self, DINOSCOPE_PAGE_SHOWN);
  dinoscope_page_update_guess (self);
  dinoscope_page_notify (self, DINOSCOPE_PAGE_PROP_STUDY);
  dinoscope_page_begin_encoding (self, job);
  if (selected)
    select_point (self, x, y);
  if (same_picture)
    dinoscope_history_absorb (self->history);
  else
    dinoscope_history_forget (self->history);
  dinoscope_page_readout_changed (self);
  dinoscope_page_continue_sidecar (self);
}

/* The picture from before stays, with its title. */
static void
tell_error (DinoscopePage *self, const GError *error)
{
  g_autofree char *escaped = NULL;

  if (self->study != NULL)
    {
      set_title_from_study (self);
      dinoscope_page_tell (self, error->message);
      dinoscope_page_begin_encoding (self, NULL);
      return;
    }
  escaped = g_markup_escape_text (error->message, -1);
  adw_status_page_set_description (self->error_page, escaped);
  dinoscope_page_show_state (self, DINOSCOPE_PAGE_ERROR);
}

static void
open_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopePage)  self = user_data;
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeStudy) study = dinoscope_engine_open_finish (DINOSCOPE_ENGINE (source), result, &error);

  if (self->closed || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->open_cancellable);
  if (study != NULL)
    {
      dinoscope_page_adopt_study (self, study, NULL);
      /* The settings may have changed while it was read. */
      dinoscope_page_prepare (self);
      dinoscope_page_continue_sidecar (self);
    }
  /* Of several frames none is taken unless it is named. */
  else if (!dinoscope_page_read_for_sidecar (self))
    {
      tell_error (self, error);
      /* What was read before is there still. */
      if (self->sidecar_read)
        dinoscope_page_continue_sidecar (self);
    }
}

void
dinoscope_page_stop_opening (DinoscopePage *self)
{
  if (self->open_cancellable != NULL)
    g_cancellable_cancel (self->open_cancellable);
  g_clear_object (&self->open_cancellable);
  if (self->neighbours_cancellable != NULL)
    g_cancellable_cancel (self->neighbours_cancellable);
  g_clear_object (&self->neighbours_cancellable);
}

/* Another picture is wanted: the encoder is free for it at once. */
static void
begin_opening (DinoscopePage *self)
{
  dinoscope_page_stop_opening (self);
  dinoscope_page_stop_preparing (self);
  dinoscope_page_stop_encoding (self);
  self->open_cancellable = g_cancellable_new ();
  if (self->study == NULL)
    dinoscope_page_show_state (self, DINOSCOPE_PAGE_OPENING);
}

void
dinoscope_page_open_pending (DinoscopePage *self)
{
  g_autoptr (GFile)              file = g_steal_pointer (&self->pending_file);
  g_autoptr (DinoscopeStudy)     study = NULL;
  g_autoptr (DinoscopeEncodeJob) job = NULL;
  const struct dino_preparation *preparation = dinoscope_preparation_settings_get (self->preparation);

  if (file == NULL)
    return;
  begin_opening (self);
  find_neighbours (self);
  if (dinoscope_session_take_ahead (self->session, file, preparation, &study, &job))
    {
      g_clear_object (&self->open_cancellable);
      dinoscope_page_adopt_study (self, study, job);
      return;
    }
  dinoscope_engine_open_async (dinoscope_session_get_engine (self->session), file, preparation, FALSE, self->open_cancellable, open_cb, g_object_ref (self));
}

void
dinoscope_page_read_again (DinoscopePage *self, gboolean ignore_exif, int frame)
{
  struct dino_preparation preparation = *dinoscope_preparation_settings_get (self->preparation);

  preparation.frame = frame;
  begin_opening (self);
  find_neighbours (self);
  dinoscope_engine_open_async (dinoscope_session_get_engine (self->session), self->file, &preparation, ignore_exif, self->open_cancellable, open_cb, g_object_ref (self));
}

void
dinoscope_page_open_file (DinoscopePage *self, GFile *file)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));
  g_return_if_fail (G_IS_FILE (file));

  g_set_object (&self->pending_file, file);
  g_set_object (&self->file, file);
  set_title_from_file (self, file);
  if (self->active)
    dinoscope_page_open_pending (self);
}

void
dinoscope_page_open_bytes (DinoscopePage *self, GBytes *bytes, const char *name)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));
  g_return_if_fail (bytes != NULL);

  g_clear_object (&self->pending_file);
  g_clear_object (&self->file);
  set_title (self, name);
  begin_opening (self);
  find_neighbours (self);
  dinoscope_session_encode_ahead (self->session, NULL, NULL);
  dinoscope_engine_open_bytes_async (dinoscope_session_get_engine (self->session), bytes, name, dinoscope_preparation_settings_get (self->preparation), self->open_cancellable, open_cb, g_object_ref (self));
}

void
dinoscope_page_step (DinoscopePage *self, int steps)
{
  g_autoptr (GFile) file = NULL;

  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if ((steps < 0 ? self->previous : self->next) == NULL)
    return;
  file = g_object_ref (steps < 0 ? self->previous : self->next);
  self->direction = steps < 0 ? -1 : 1;
  dinoscope_page_open_file (self, file);
}
