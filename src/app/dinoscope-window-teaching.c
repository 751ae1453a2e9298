/* DinoscopeWindow: what it has for a classroom. */
#include "app/dinoscope-window-private.h"

static void
tour_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  if (g_str_equal (name, "win.tour"))
    dinoscope_tour_start (self->tour);
  else if (g_str_equal (name, "win.tour-next"))
    dinoscope_tour_next (self->tour);
  else if (g_str_equal (name, "win.tour-back"))
    dinoscope_tour_back (self->tour);
  else
    dinoscope_tour_end (self->tour);
}

gboolean
dinoscope_window_is_in_tour (DinoscopeWindow *self, GtkWidget *widget)
{
  return widget != NULL && gtk_widget_is_ancestor (widget, GTK_WIDGET (self->tour_card));
}

/* Keys work on the card at once, and on the picture when it is gone. */
static void
tour_changed_cb (DinoscopeWindow *self)
{
  gboolean running = dinoscope_tour_is_running (self->tour);
  gboolean shown = adw_flap_get_reveal_flap (self->tour_flap);

  if (running != shown)
    {
      adw_flap_set_reveal_flap (self->tour_flap, running);
      gtk_widget_grab_focus (running ? GTK_WIDGET (self->tour_card) : GTK_WIDGET (self->page));
    }
  dinoscope_window_update_actions (self);
}

static void
reveal_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  if (self->page != NULL)
    dinoscope_page_reveal (self->page);
}

/* The guess is made on the picture, at once. */
static void
guess_first_cb (DinoscopeWindow *self)
{
  if (self->guess_first && self->page != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->page));
}

void
dinoscope_window_class_teaching_init (GtkWidgetClass *widget_class)
{
  static const char *const tour_actions[] = { "win.tour", "win.tour-next", "win.tour-back", "win.tour-end" };

  for (gsize i = 0; i < G_N_ELEMENTS (tour_actions); i++)
    gtk_widget_class_install_action (widget_class, tour_actions[i], NULL, tour_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Right, GDK_ALT_MASK, "win.tour-next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "win.tour-back", NULL);

  gtk_widget_class_install_property_action (widget_class, "win.guess-first", "guess-first");
  gtk_widget_class_install_action (widget_class, "win.reveal", NULL, reveal_action);

  dinoscope_window_class_slides_init (widget_class);
  g_type_ensure (DINOSCOPE_TYPE_TOUR_CARD);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, tour_flap);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, tour_card);
}

void
dinoscope_window_teaching_init (DinoscopeWindow *self)
{
  self->tour = dinoscope_tour_new (self, self->tour_card);
  dinoscope_window_slides_init (self);
  g_signal_group_connect_swapped (self->page_signals, "notify::concealed", G_CALLBACK (dinoscope_window_update_actions), self);
  g_object_bind_property (self->settings, "guess-first", self, "guess-first", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_signal_connect_object (self, "notify::guess-first", G_CALLBACK (guess_first_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tour, "changed", G_CALLBACK (tour_changed_cb), self, G_CONNECT_SWAPPED);
}

void
dinoscope_window_teaching_dispose (DinoscopeWindow *self)
{
  g_clear_object (&self->tour);
  g_clear_object (&self->slides);
  dinoscope_window_stop_references (self);
}

void
dinoscope_window_update_teaching_actions (DinoscopeWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean   running = self->tour != NULL && dinoscope_tour_is_running (self->tour);
  gboolean   slides = dinoscope_window_has_slides (self);

  gtk_widget_action_set_enabled (widget, "win.reveal", self->page != NULL && dinoscope_page_is_concealed (self->page));
  gtk_widget_action_set_enabled (widget, "win.guess-first", !running && !slides);
  gtk_widget_action_set_enabled (widget, "win.tour", self->tour != NULL && !running && !slides);
  gtk_widget_action_set_enabled (widget, "win.tour-next", running);
  gtk_widget_action_set_enabled (widget, "win.tour-back", running && dinoscope_tour_get_step (self->tour) > 0);
  gtk_widget_action_set_enabled (widget, "win.tour-end", running);
  dinoscope_window_update_slides_actions (self);
}
