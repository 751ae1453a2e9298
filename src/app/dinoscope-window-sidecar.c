/* DinoscopeWindow: sidecars, which bring back the view that they were exported from. */
#include <glib/gi18n-lib.h>

#include "app/dinoscope-window-private.h"

gboolean
dinoscope_window_is_sidecar (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  gsize            length = name != NULL ? strlen (name) : 0;

  return length > 5 && g_ascii_strcasecmp (name + length - 5, ".json") == 0;
}

DinoscopePage *
dinoscope_window_find_picture (DinoscopeWindow *self, const DinoscopeSidecar *sidecar)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      DinoscopeBoard *board = dinoscope_window_get_board (adw_tab_view_get_nth_page (self->tab_view, i));

      for (guint k = 0; k < dinoscope_board_get_n_pages (board); k++)
        if (dinoscope_page_shows_picture_of (dinoscope_board_get_page (board, k), sidecar))
          return dinoscope_board_get_page (board, k);
    }
  return NULL;
}

void
dinoscope_window_show_sidecar (DinoscopeWindow *self, DinoscopePage *page, DinoscopeSidecar *sidecar)
{
  AdwTabPage *tab = dinoscope_window_find_tab (self, page);

  adw_tab_view_set_selected_page (self->tab_view, tab);
  dinoscope_board_set_current (dinoscope_window_get_board (tab), page);
  dinoscope_window_bring_references (self, page, sidecar);
  dinoscope_page_apply_sidecar (page, sidecar);
}

static void
picture_chosen_cb (DinoscopeWindow *self, int response)
{
  g_autoptr (DinoscopeSidecar) sidecar = g_steal_pointer (&self->sidecar);

  if (response == GTK_RESPONSE_ACCEPT && sidecar != NULL)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));

      g_clear_object (&self->chooser);
      dinoscope_window_open_files (self, &file, 1);
      if (self->page != NULL)
        dinoscope_window_show_sidecar (self, self->page, g_steal_pointer (&sidecar));
    }
  g_clear_object (&self->chooser);
}

/* Which file that was is not said in a sidecar. */
static void
ask_for_picture (DinoscopeWindow *self, DinoscopeSidecar *sidecar, GFile *beside)
{
  g_autoptr (GFile) folder = g_file_get_parent (beside);

  g_clear_pointer (&self->sidecar, dinoscope_sidecar_free);
  self->sidecar = sidecar;
  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_ ("Which Radiograph Is This Sidecar Of?"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), folder, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (picture_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

void
dinoscope_window_open_sidecar (DinoscopeWindow *self, GFile *file, DinoscopePage *opened)
{
  g_autofree char             *path = g_file_get_path (file);
  g_autoptr (GError)           error = NULL;
  g_autoptr (DinoscopeSidecar) sidecar = NULL;
  DinoscopePage               *page;

  if (path == NULL)
    {
      dinoscope_window_tell (self, _ ("A sidecar can be read from a folder of this computer only."));
      return;
    }
  sidecar = dinoscope_sidecar_read (path, &error);
  if (sidecar == NULL)
    {
      dinoscope_window_tell (self, error->message);
      return;
    }
  page = dinoscope_window_find_picture (self, sidecar);
  if (page == NULL)
    page = opened;
  if (page != NULL)
    dinoscope_window_show_sidecar (self, page, g_steal_pointer (&sidecar));
  else
    ask_for_picture (self, g_steal_pointer (&sidecar), file);
}
