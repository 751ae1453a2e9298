/* DinoscopeWindow: a picture with its map before an audience. */
#include "app/dinoscope-window-private.h"

/* What is there besides the picture; what a person wants of it is remembered
 * elsewhere and holds again afterwards. */
void
dinoscope_window_update_presentation (DinoscopeWindow *self)
{
  gboolean bare = self->presenting || gtk_window_is_fullscreen (GTK_WINDOW (self));

  gtk_widget_set_visible (GTK_WIDGET (self->header_bar), !bare);
  gtk_widget_set_visible (GTK_WIDGET (self->tab_bar), !bare);
  gtk_widget_set_visible (self->leave_fullscreen, bare && !self->presenting);
  gtk_widget_set_visible (GTK_WIDGET (self->banner), !self->presenting);
  gtk_widget_set_visible (GTK_WIDGET (self->status_line), !self->presenting);
  gtk_widget_set_visible (GTK_WIDGET (self->strip), self->strip_visible && self->page != NULL && !self->presenting);
  adw_flap_set_reveal_flap (self->neighbor_flap, self->neighbors_visible && !self->presenting);
  adw_flap_set_reveal_flap (self->flap, self->panel_visible && self->page != NULL && !self->presenting);
}

static void
set_presenting (DinoscopeWindow *self, gboolean presenting)
{
  if (self->presenting == presenting)
    return;
  self->presenting = presenting;
  if (presenting)
    {
      self->fullscreen_before = gtk_window_is_fullscreen (GTK_WINDOW (self));
      gtk_widget_add_css_class (GTK_WIDGET (self), "presentation");
      gtk_window_fullscreen (GTK_WINDOW (self));
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self), "presentation");
      if (!self->fullscreen_before)
        gtk_window_unfullscreen (GTK_WINDOW (self));
    }
  dinoscope_window_update_presentation (self);
  if (self->page != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->page));
  dinoscope_window_update_actions (self);
}

static void
presentation_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  set_presenting (self, !self->presenting);
}

/* TRUE when there was one. */
gboolean
dinoscope_window_end_presentation (DinoscopeWindow *self)
{
  gboolean presenting = self->presenting;

  set_presenting (self, FALSE);
  return presenting;
}

void
dinoscope_window_class_presentation_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.presentation", NULL, presentation_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "win.presentation", NULL);
}
