/* DinoscopeWindow: what a sandbox takes away, and what there is instead. */
#include <glib/gi18n-lib.h>

#include "app/dinoscope-folder-question.h"
#include "app/dinoscope-sandbox.h"
#include "app/dinoscope-window-private.h"

void
dinoscope_window_open_in_folder (DinoscopeWindow *self, GFile *folder)
{
  GFile            *file = self->page != NULL ? dinoscope_page_get_file (self->page) : NULL;
  g_autofree char  *name = file != NULL ? g_file_get_basename (file) : NULL;
  g_autoptr (GFile) same = name != NULL ? g_file_get_child (folder, name) : NULL;

  g_return_if_fail (DINOSCOPE_IS_WINDOW (self));

  if (same == NULL)
    return;
  if (g_file_peek_path (same) == NULL || !g_file_test (g_file_peek_path (same), G_FILE_TEST_IS_REGULAR))
    dinoscope_window_tell (self, _ ("This picture is not in the folder that was chosen."));
  else
    dinoscope_page_open_file (self->page, same);
}

static void
folder_cb (GtkWindow *window, GFile *folder)
{
  dinoscope_window_open_in_folder (DINOSCOPE_WINDOW (window), folder);
}

static void
choose_picture_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_folder_question_ask (GTK_WINDOW (widget), _ ("Choose the Picture’s Folder"), folder_cb);
}

void
dinoscope_window_class_sandbox_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.choose-picture-folder", NULL, choose_picture_folder_action);
}

void
dinoscope_window_offer_folder (DinoscopeWindow *self)
{
  GFile *file = self->page != NULL ? dinoscope_page_get_file (self->page) : NULL;

  gtk_widget_set_visible (self->folder_button, file != NULL && dinoscope_sandbox_is_alone (file));
}

const char *
dinoscope_window_model_offer (void)
{
  return dinoscope_sandbox_has_network ()
             ? _ ("Maps are made by a small demonstration encoder until RAD-DINO’s own weights are there.")
             : _ ("Maps are made by a small demonstration encoder until the folder of RAD-DINO’s own weights is chosen (this sandbox has no network).");
}

void
dinoscope_window_offer_model (DinoscopeWindow *self)
{
  gboolean network = dinoscope_sandbox_has_network ();

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.get-model", network);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.choose-model-folder", !network);
  if (network)
    return;
  gtk_button_set_label (GTK_BUTTON (self->banner_help), _ ("_Choose Folder…"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->banner_help), "win.choose-model-folder");
}
