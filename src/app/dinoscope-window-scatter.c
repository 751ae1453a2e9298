/* DinoscopeWindow: the map of a collection beside it, which points at pictures
 * and is told of the one that is open. */
#include "app/dinoscope-scatter-window.h"
#include "app/dinoscope-window-private.h"

/* The tab in use shows it, as when stepping through a folder. */
static void
open_picture_cb (DinoscopeWindow *self, GFile *file, gboolean beside)
{
  if (beside)
    dinoscope_window_compare_file (self, file);
  else if (self->page != NULL)
    dinoscope_page_open_file (self->page, file);
  else
    dinoscope_window_open_files (self, &file, 1);
}

void
dinoscope_window_update_scatter (DinoscopeWindow *self)
{
  DinoscopeStudy *study = self->page != NULL ? dinoscope_page_get_study (self->page) : NULL;

  if (self->scatter != NULL)
    dinoscope_scatter_window_set_current (DINOSCOPE_SCATTER_WINDOW (self->scatter), study != NULL ? dinoscope_study_get_sha256 (study) : NULL);
}

static void
show_scatter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  if (self->scatter == NULL)
    {
      g_set_weak_pointer (&self->scatter, GTK_WIDGET (dinoscope_scatter_window_new (self->session)));
      g_signal_connect_object (self->scatter, "open-picture", G_CALLBACK (open_picture_cb), self, G_CONNECT_SWAPPED);
      dinoscope_window_update_scatter (self);
    }
  gtk_window_present (GTK_WINDOW (self->scatter));
}

void
dinoscope_window_scatter_dispose (DinoscopeWindow *self)
{
  if (self->scatter != NULL)
    gtk_window_destroy (GTK_WINDOW (self->scatter));
  g_clear_weak_pointer (&self->scatter);
}

void
dinoscope_window_class_scatter_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.show-scatter", NULL, show_scatter_action);
}
