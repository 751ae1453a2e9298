/* DinoscopeWindow: sidecars as slides. */
#include <glib/gi18n-lib.h>

#include "app/dinoscope-window-private.h"

static void
chosen_cb (DinoscopeWindow *self, int response)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (self->chooser));

      dinoscope_slides_start (self->slides, files);
    }
  g_clear_object (&self->chooser);
}

static void
choose (DinoscopeWindow *self)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_ ("Sidecars to Show as Slides (One: All of Its Folder)"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Show"), _ ("_Cancel"));
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  gtk_file_filter_set_name (filter, _ ("Sidecars"));
  gtk_file_filter_add_mime_type (filter, "application/json");
  gtk_file_filter_add_pattern (filter, "*.json");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
slides_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  if (g_str_equal (name, "win.show-slides"))
    choose (self);
  else if (g_str_equal (name, "win.next-slide"))
    dinoscope_slides_next (self->slides);
  else if (g_str_equal (name, "win.previous-slide"))
    dinoscope_slides_back (self->slides);
  else
    dinoscope_slides_end (self->slides);
}

static void
slides_changed_cb (DinoscopeWindow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->slide_bar), dinoscope_window_has_slides (self));
  dinoscope_window_update_actions (self);
}

gboolean
dinoscope_window_has_slides (DinoscopeWindow *self)
{
  return self->slides != NULL && dinoscope_slides_are_running (self->slides);
}

gboolean
dinoscope_window_end_slides (DinoscopeWindow *self)
{
  gboolean running = dinoscope_window_has_slides (self);

  dinoscope_slides_end (self->slides);
  return running;
}

gboolean
dinoscope_window_step_slides (DinoscopeWindow *self, gboolean on)
{
  if (!dinoscope_window_has_slides (self))
    return FALSE;
  if (on)
    dinoscope_slides_next (self->slides);
  else
    dinoscope_slides_back (self->slides);
  return TRUE;
}

void
dinoscope_window_class_slides_init (GtkWidgetClass *widget_class)
{
  static const char *const actions[] = { "win.show-slides", "win.next-slide", "win.previous-slide", "win.end-slides" };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, slides_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, GDK_SHIFT_MASK, "win.show-slides", NULL);
  g_type_ensure (DINOSCOPE_TYPE_SLIDE_BAR);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, slide_bar);
}

void
dinoscope_window_slides_init (DinoscopeWindow *self)
{
  self->slides = dinoscope_slides_new (self, self->slide_bar);
  g_signal_connect_object (self->slides, "changed", G_CALLBACK (slides_changed_cb), self, G_CONNECT_SWAPPED);
}

void
dinoscope_window_update_slides_actions (DinoscopeWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean   running = dinoscope_window_has_slides (self);
  guint      index = running ? dinoscope_slides_get_index (self->slides) : 0;
  gboolean   on = running && index + 1 < dinoscope_slides_get_n (self->slides);

  gtk_widget_action_set_enabled (widget, "win.next-slide", on);
  gtk_widget_action_set_enabled (widget, "win.previous-slide", index > 0);
  gtk_widget_action_set_enabled (widget, "win.end-slides", running);
  gtk_widget_action_set_enabled (widget, "win.show-slides", self->tour == NULL || !dinoscope_tour_is_running (self->tour));
  if (!running)
    return;
  /* Page Up and Page Down go to slides while there are any, also over a slide without a picture. */
  gtk_widget_action_set_enabled (widget, "win.next-picture", on);
  gtk_widget_action_set_enabled (widget, "win.previous-picture", index > 0);
}
