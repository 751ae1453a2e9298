/* DinoscopeScatterView: pointer, wheel, touch and keys. */
#include <math.h>
#include <string.h>

#include "app/dinoscope-scatter-view-private.h"

/* A step of the wheel, and of the keys. */
#define WHEEL_FACTOR 1.15
#define KEY_FACTOR 1.3

/* How near the pointer has to come to a point, beyond its edge. */
#define REACH 5.0

static double
device_scale (DinoscopeScatterView *self)
{
  return gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

static gssize
find_at (DinoscopeScatterView *self, double x, double y)
{
  const double scale = device_scale (self);

  return dinoscope_scatter_find (&self->points, &self->frame, x * scale, y * scale, self->frame.radius + REACH * scale);
}

static void
motion_cb (DinoscopeScatterView *self, double x, double y)
{
  const gssize row = find_at (self, x, y);

  self->last_x = x;
  self->last_y = y;
  if (row == self->hover)
    return;
  self->hover = row;
  dinoscope_scatter_view_looked_at (self);
}

static void
leave_cb (DinoscopeScatterView *self)
{
  if (self->hover < 0)
    return;
  self->hover = -1;
  dinoscope_scatter_view_looked_at (self);
}

static void
toggle (DinoscopeScatterView *self, gsize row)
{
  self->selected[row] = !self->selected[row];
  if (self->selected[row])
    self->n_selected++;
  else
    self->n_selected--;
  dinoscope_scatter_view_selection_changed (self);
}

/* A click opens; with Ctrl it chooses. */
static void
released_cb (DinoscopeScatterView *self, int n_presses, double x, double y, GtkGesture *click)
{
  const GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (click));
  const gssize          row = find_at (self, x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (row < 0)
    return;
  self->cursor = row;
  if ((state & GDK_CONTROL_MASK) != 0)
    toggle (self, (gsize) row);
  else
    dinoscope_scatter_view_activate (self, (gsize) row);
}

static void
drag_begin_cb (DinoscopeScatterView *self, double x, double y, GtkGestureDrag *drag)
{
  const GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (drag));
  const double          corner[2] = { x, y };

  self->lassoing = self->lasso || (state & GDK_SHIFT_MASK) != 0;
  g_array_set_size (self->corners, 0);
  g_array_append_vals (self->corners, corner, 2);
  self->last_x = x;
  self->last_y = y;
}

static void
drag_update_cb (DinoscopeScatterView *self, double dx, double dy, GtkGestureDrag *drag)
{
  double x, y, corner[2];

  if (!gtk_gesture_drag_get_start_point (drag, &x, &y))
    return;
  corner[0] = x + dx;
  corner[1] = y + dy;
  /* A hand that shakes while it clicks moves nothing. */
  if (!gtk_drag_check_threshold (GTK_WIDGET (self), (int) x, (int) y, (int) corner[0], (int) corner[1]) && self->corners->len <= 2)
    return;
  gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_CLAIMED);
  g_array_append_vals (self->corners, corner, 2);
  if (self->lassoing)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  else
    dinoscope_scatter_view_move (self, corner[0] - self->last_x, corner[1] - self->last_y);
  self->last_x = corner[0];
  self->last_y = corner[1];
}

static void
drag_end_cb (DinoscopeScatterView *self)
{
  if (self->lassoing && self->corners->len > 4)
    dinoscope_scatter_view_select_enclosed (self, (const double *) (void *) self->corners->data, self->corners->len / 2);
  self->lassoing = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
scroll_cb (DinoscopeScatterView *self, double dx, double dy)
{
  dinoscope_scatter_view_zoom (self, pow (WHEEL_FACTOR, -dy), self->last_x, self->last_y);
  return TRUE;
}

static void
pinch_begin_cb (DinoscopeScatterView *self)
{
  self->zoom_before = 1;
}

static void
pinch_cb (DinoscopeScatterView *self, double scale, GtkGesture *zoom)
{
  double x, y;

  if (!gtk_gesture_get_bounding_box_center (zoom, &x, &y))
    return;
  dinoscope_scatter_view_zoom (self, scale / self->zoom_before, x, y);
  self->zoom_before = scale;
}

static void
zoom_in_middle (GtkWidget *widget, double factor)
{
  dinoscope_scatter_view_zoom (DINOSCOPE_SCATTER_VIEW (widget), factor, gtk_widget_get_width (widget) / 2.0, gtk_widget_get_height (widget) / 2.0);
}

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_in_middle (widget, KEY_FACTOR);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_in_middle (widget, 1 / KEY_FACTOR);
}

static void
fit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_scatter_view_fit (DINOSCOPE_SCATTER_VIEW (widget));
}

static void
select_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeScatterView *self = DINOSCOPE_SCATTER_VIEW (widget);

  if (self->points.n > 0)
    memset (self->selected, 1, self->points.n);
  self->n_selected = self->points.n;
  dinoscope_scatter_view_selection_changed (self);
}

static void
select_none_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_scatter_view_select_rows (DINOSCOPE_SCATTER_VIEW (widget), NULL, 0);
}

/* The point that is nearest to the middle of what is seen. */
static gssize
middle_point (DinoscopeScatterView *self)
{
  return dinoscope_scatter_find (&self->points, &self->frame, self->frame.width / 2.0, self->frame.height / 2.0, HUGE_VAL);
}

/* What the cursor comes to is brought into view. */
static void
show_cursor (DinoscopeScatterView *self)
{
  const double width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self)), edge = 12;
  double       x, y, dx, dy;

  if (!dinoscope_scatter_view_get_place (self, (gsize) self->cursor, &x, &y))
    return;
  dx = CLAMP (x, edge, MAX (width - edge, edge)) - x;
  dy = CLAMP (y, edge, MAX (height - edge, edge)) - y;
  if (dx != 0 || dy != 0)
    dinoscope_scatter_view_move (self, dx, dy);
}

static gboolean
step_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  DinoscopeScatterView *self = DINOSCOPE_SCATTER_VIEW (widget);
  gssize                row;
  int                   dx, dy;

  g_variant_get (arguments, "(ii)", &dx, &dy);
  if (self->points.n == 0)
    return FALSE;
  row = self->cursor >= 0 ? dinoscope_scatter_step (&self->points, (gsize) self->cursor, dx, dy) : self->current >= 0 ? self->current
                                                                                                                      : middle_point (self);
  if (row >= 0)
    {
      self->hover = -1;
      self->cursor = row;
      show_cursor (self);
      dinoscope_scatter_view_looked_at (self);
    }
  return TRUE;
}

static gboolean
open_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  DinoscopeScatterView *self = DINOSCOPE_SCATTER_VIEW (widget);

  if (self->cursor < 0)
    return FALSE;
  dinoscope_scatter_view_activate (self, (gsize) self->cursor);
  return TRUE;
}

static gboolean
toggle_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  DinoscopeScatterView *self = DINOSCOPE_SCATTER_VIEW (widget);

  if (self->cursor < 0)
    return FALSE;
  toggle (self, (gsize) self->cursor);
  return TRUE;
}

static void
add_arrows (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key, keypad;
    int   dx, dy;
  } arrows[] = { { GDK_KEY_Left, GDK_KEY_KP_Left, -1, 0 }, { GDK_KEY_Right, GDK_KEY_KP_Right, 1, 0 }, { GDK_KEY_Up, GDK_KEY_KP_Up, 0, -1 }, { GDK_KEY_Down, GDK_KEY_KP_Down, 0, 1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (arrows); i++)
    {
      gtk_widget_class_add_binding (widget_class, arrows[i].key, 0, step_cb, "(ii)", arrows[i].dx, arrows[i].dy);
      gtk_widget_class_add_binding (widget_class, arrows[i].keypad, 0, step_cb, "(ii)", arrows[i].dx, arrows[i].dy);
    }
}

void
dinoscope_scatter_view_class_input_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "scatter.zoom-in", NULL, zoom_in_action);
  gtk_widget_class_install_action (widget_class, "scatter.zoom-out", NULL, zoom_out_action);
  gtk_widget_class_install_action (widget_class, "scatter.fit", NULL, fit_action);
  gtk_widget_class_install_action (widget_class, "scatter.select-all", NULL, select_all_action);
  gtk_widget_class_install_action (widget_class, "scatter.select-none", NULL, select_none_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_plus, 0, "scatter.zoom-in", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Add, 0, "scatter.zoom-in", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_minus, 0, "scatter.zoom-out", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Subtract, 0, "scatter.zoom-out", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0, 0, "scatter.fit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, "scatter.select-all", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "scatter.select-none", NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, open_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, open_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_space, 0, toggle_cb, NULL);
  add_arrows (widget_class);
}

static void
add_controller (DinoscopeScatterView *self, gpointer controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

void
dinoscope_scatter_view_input_init (DinoscopeScatterView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new (), *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture         *click = gtk_gesture_click_new (), *drag = gtk_gesture_drag_new (), *zoom = gtk_gesture_zoom_new ();

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect_swapped (click, "released", G_CALLBACK (released_cb), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect_swapped (zoom, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (zoom, "scale-changed", G_CALLBACK (pinch_cb), self);
  add_controller (self, motion);
  add_controller (self, scroll);
  add_controller (self, click);
  add_controller (self, drag);
  add_controller (self, zoom);
}
