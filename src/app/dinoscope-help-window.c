#include "app/dinoscope-help-window.h"

struct _DinoscopeHelpWindow
{
  AdwWindow parent_instance;
};

G_DEFINE_FINAL_TYPE (DinoscopeHelpWindow, dinoscope_help_window, ADW_TYPE_WINDOW)

static void
dinoscope_help_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DINOSCOPE_TYPE_HELP_WINDOW);

  G_OBJECT_CLASS (dinoscope_help_window_parent_class)->dispose (object);
}

static void
dinoscope_help_window_class_init (DinoscopeHelpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_help_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-help-window.ui");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
dinoscope_help_window_init (DinoscopeHelpWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
dinoscope_help_window_show (GtkWindow *parent)
{
  g_autoptr (GListModel) toplevels = g_object_ref (gtk_window_get_toplevels ());
  GtkWindow             *window = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) other = g_list_model_get_item (toplevels, i);

      if (DINOSCOPE_IS_HELP_WINDOW (other))
        window = other;
    }
  if (window == NULL)
    window = g_object_new (DINOSCOPE_TYPE_HELP_WINDOW, "transient-for", parent, "destroy-with-parent", TRUE, NULL);
  gtk_window_present (window);
}
