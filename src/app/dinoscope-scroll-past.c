#include "app/dinoscope-scroll-past.h"

#include <math.h>

/* What is under the pointer of EVENT, NULL where nothing is. */
static GtkWidget *
find_target (GtkWidget *widget, GdkEvent *event)
{
  GtkNative *native = gtk_widget_get_native (widget);
  double     x, y, left, top;

  if (native == NULL || !gdk_event_get_position (event, &x, &y))
    return NULL;
  gtk_native_get_surface_transform (native, &left, &top);
  return gtk_widget_pick (GTK_WIDGET (native), x - left, y - top, GTK_PICK_DEFAULT);
}

static gboolean
is_editor (GtkWidget *target)
{
  return target != NULL && (gtk_widget_get_ancestor (target, GTK_TYPE_SPIN_BUTTON) != NULL || gtk_widget_get_ancestor (target, GTK_TYPE_SCALE) != NULL);
}

static gboolean
is_in_list (GtkScrolledWindow *window, GtkWidget *target)
{
  return target != NULL && gtk_widget_get_ancestor (target, GTK_TYPE_SCROLLED_WINDOW) != GTK_WIDGET (window);
}

/* As far as the scrolled window itself would go. A wheel may be faster than the
 * widgets move under it, so all its steps are taken here; a touchpad keeps its
 * swing, which only the scrolled window has. */
static gboolean
scroll_cb (GtkScrolledWindow *window, double dx, double dy, GtkEventControllerScroll *scroll)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (window);
  GdkEvent      *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (scroll));
  GtkWidget     *target = event != NULL ? find_target (GTK_WIDGET (window), event) : NULL;
  gboolean       wheel = gtk_event_controller_scroll_get_unit (scroll) == GDK_SCROLL_UNIT_WHEEL;
  double         step = wheel ? pow (gtk_adjustment_get_page_size (adjustment), 2.0 / 3) : 1;

  (void) dx;
  if (event == NULL || (wheel ? is_in_list (window, target) : !is_editor (target)))
    return GDK_EVENT_PROPAGATE;
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + dy * step);
  return GDK_EVENT_STOP;
}

void
dinoscope_scroll_past_editors (GtkScrolledWindow *window)
{
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), window);
  gtk_widget_add_controller (GTK_WIDGET (window), scroll);
}
