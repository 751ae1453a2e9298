#include "app/dinoscope-canvas-private.h"

#include <math.h>

/* Zoom steps a click of a wheel, and device-independent pixels of a touchpad's
 * stroke a zoom step. */
#define STEPS_A_CLICK 0.5
#define PIXELS_A_STEP 60.0

void
dinoscope_canvas_update_cursor (DinoscopeCanvas *self)
{
  const char *cursor = NULL;
  double      x, y;
  int         row, column;

  if (self->panning)
    {
      cursor = "grabbing";
    }
  else if (self->greys.greys != NULL && dinoscope_greys_is_held (self->greys.greys))
    {
      cursor = "all-scroll";
    }
  else if (self->measure.active && self->pointer_inside && dinoscope_view_is_usable (&self->view))
    {
      cursor = dinoscope_canvas_measure_cursor (self);
    }
  else if (self->regions.tool != DINOSCOPE_REGION_TOOL_NONE && self->pointer_inside && dinoscope_view_is_usable (&self->view))
    {
      cursor = dinoscope_canvas_regions_cursor (self);
    }
  else if (self->scribbles.tool != DINOSCOPE_SCRIBBLE_TOOL_NONE && self->pointer_inside)
    {
      cursor = "crosshair";
    }
  else if (self->has_geometry && self->pointer_inside && dinoscope_view_is_usable (&self->view))
    {
      dinoscope_view_to_picture (&self->view, self->pointer_x, self->pointer_y, &x, &y);
      if (dino_geometry_patch_at (&self->geometry, x, y, &row, &column))
        cursor = "crosshair";
    }
  if (g_strcmp0 (cursor, self->cursor) == 0)
    return;

  self->cursor = cursor;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), cursor);
}

static void
pointer_moved_cb (DinoscopeCanvas *self, double x, double y)
{
  self->pointer_inside = TRUE;
  self->pointer_x = x;
  self->pointer_y = y;
  dinoscope_canvas_emit_pointer_moved (self);
}

static void
pointer_left_cb (DinoscopeCanvas *self)
{
  self->pointer_inside = FALSE;
  dinoscope_canvas_emit_pointer_moved (self);
}

static void
zoom_at_pointer (DinoscopeCanvas *self, double steps)
{
  dinoscope_canvas_zoom_at (self,
                            dinoscope_view_step (&self->view, steps),
                            self->pointer_inside ? self->pointer_x : self->view.width / 2,
                            self->pointer_inside ? self->pointer_y : self->view.height / 2);
}

static void
pan_by (DinoscopeCanvas *self, double dx, double dy)
{
  dinoscope_view_pan (&self->view, dx, dy);
  dinoscope_canvas_view_changed (self);
}

/* A wheel zooms or, where a person prefers that, scrolls; with Shift it scrolls
 * sideways, as a wheel tilted does. Two fingers on a touchpad pan. With Ctrl
 * either zooms. */
gboolean
dinoscope_canvas_scroll (DinoscopeCanvas *self, GdkScrollUnit unit, GdkModifierType modifiers, double dx, double dy)
{
  gboolean wheel = unit == GDK_SCROLL_UNIT_WHEEL;

  if (!dinoscope_view_is_usable (&self->view))
    return GDK_EVENT_PROPAGATE;

  if ((modifiers & GDK_CONTROL_MASK) != 0 || (wheel && self->wheel_zooms && dx == 0 && (modifiers & GDK_SHIFT_MASK) == 0))
    {
      zoom_at_pointer (self, wheel ? -dy * STEPS_A_CLICK : -dy / PIXELS_A_STEP);
    }
  else if (wheel)
    {
      double sideways = (modifiers & GDK_SHIFT_MASK) != 0 && dx == 0 ? dy : dx;
      double across = (modifiers & GDK_SHIFT_MASK) != 0 && dx == 0 ? 0 : dy;

      /* The step of GTK's own scrolled windows. */
      pan_by (self, -sideways * pow (self->view.width, 2.0 / 3), -across * pow (self->view.height, 2.0 / 3));
    }
  else
    {
      pan_by (self, -dx, -dy);
    }
  return GDK_EVENT_STOP;
}

static gboolean
scroll_cb (DinoscopeCanvas *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  return dinoscope_canvas_scroll (self,
                                  gtk_event_controller_scroll_get_unit (controller),
                                  gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller)),
                                  dx,
                                  dy);
}

/* Takes hold of the point of the picture under a point of the widget. */
void
dinoscope_canvas_grip (DinoscopeCanvas *self, double widget_x, double widget_y)
{
  dinoscope_view_to_picture (&self->view, widget_x, widget_y, &self->grip_x, &self->grip_y);
  self->grip_zoom = self->view.zoom;
}

/* Brings that point elsewhere, at scale times the zoom it was taken at. */
void
dinoscope_canvas_move_grip (DinoscopeCanvas *self, double scale, double widget_x, double widget_y)
{
  dinoscope_view_place (&self->view, self->grip_zoom * scale, self->grip_x, self->grip_y, widget_x, widget_y);
  dinoscope_canvas_view_changed (self);
}

static void
pinch_begin_cb (DinoscopeCanvas *self, GdkEventSequence *sequence, GtkGesture *gesture)
{
  double x, y;

  if (!dinoscope_view_is_usable (&self->view) || !gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  dinoscope_canvas_grip (self, x, y);
}

static void
pinch_changed_cb (DinoscopeCanvas *self, double scale, GtkGesture *gesture)
{
  double x, y;

  if (gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    dinoscope_canvas_move_grip (self, scale, x, y);
}

static GdkModifierType
modifiers_of (gpointer gesture)
{
  return gtk_event_controller_get_current_event_state (gesture);
}

static void
drag_begin_cb (DinoscopeCanvas *self, double x, double y, GtkGestureDrag *gesture)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  dinoscope_canvas_grip (self, x, y);
  self->windowing = (modifiers_of (gesture) & GDK_SHIFT_MASK) != 0;
  if (self->windowing)
    dinoscope_canvas_greys_drag_begin (self);
}

static void
window_drag_begin_cb (DinoscopeCanvas *self, double x, double y, GtkGestureDrag *gesture)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  dinoscope_canvas_greys_drag_begin (self);
  dinoscope_canvas_update_cursor (self);
}

static void
window_drag_update_cb (DinoscopeCanvas *self, double dx, double dy, GtkGestureDrag *gesture)
{
  dinoscope_canvas_greys_drag (self, dx, dy, (modifiers_of (gesture) & GDK_CONTROL_MASK) != 0);
}

static void
window_drag_end_cb (DinoscopeCanvas *self)
{
  dinoscope_canvas_greys_drag_end (self);
  dinoscope_canvas_update_cursor (self);
}

/* A tool has hold of something. */
static gboolean
is_drawing (const DinoscopeCanvas *self)
{
  return self->measure.dragging || self->regions.dragging || self->scribbles.dragging;
}

static void
drag_update_cb (DinoscopeCanvas *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y;

  if (!dinoscope_view_is_usable (&self->view))
    return;
  if (self->windowing)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
      window_drag_update_cb (self, dx, dy, gesture);
      dinoscope_canvas_update_cursor (self);
      return;
    }

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  if (!self->panning && !is_drawing (self))
    {
      /* A hand that shakes still clicks. */
      if (!gtk_drag_check_threshold (GTK_WIDGET (self), 0, 0, (int) dx, (int) dy))
        return;
      if (self->measure.active)
        dinoscope_canvas_measure_press (self, x, y);
      else if (self->regions.tool != DINOSCOPE_REGION_TOOL_NONE)
        dinoscope_canvas_regions_press (self, x, y);
      else if (self->scribbles.tool != DINOSCOPE_SCRIBBLE_TOOL_NONE)
        dinoscope_canvas_scribbles_press (self, x, y);
      self->panning = !is_drawing (self);
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    }
  if (self->measure.dragging)
    dinoscope_canvas_measure_drag (self, x + dx, y + dy);
  else if (self->regions.dragging)
    dinoscope_canvas_regions_drag (self, x + dx, y + dy);
  else if (self->scribbles.dragging)
    dinoscope_canvas_scribbles_drag (self, x + dx, y + dy);
  else
    dinoscope_canvas_move_grip (self, 1, x + dx, y + dy);
}

static void
drag_end_cb (DinoscopeCanvas *self)
{
  if (self->windowing)
    dinoscope_canvas_greys_drag_end (self);
  self->windowing = FALSE;
  self->panning = FALSE;
  dinoscope_canvas_measure_release (self);
  dinoscope_canvas_regions_release (self);
  dinoscope_canvas_scribbles_release (self);
  dinoscope_canvas_update_cursor (self);
}

void
dinoscope_canvas_click (DinoscopeCanvas *self, int n_press, double widget_x, double widget_y)
{
  double x, y;
  int    row = -1, column = -1;

  if (!dinoscope_view_is_usable (&self->view))
    return;

  if (self->measure.active)
    {
      dinoscope_canvas_measure_click (self, widget_x, widget_y);
      return;
    }
  if (self->regions.tool != DINOSCOPE_REGION_TOOL_NONE)
    {
      dinoscope_canvas_regions_click (self, widget_x, widget_y);
      return;
    }
  if (self->scribbles.tool != DINOSCOPE_SCRIBBLE_TOOL_NONE)
    {
      dinoscope_canvas_scribbles_click (self, widget_x, widget_y);
      return;
    }
  if (n_press == 2)
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "view.fit", NULL);
      return;
    }
  dinoscope_view_to_picture (&self->view, widget_x, widget_y, &x, &y);
  if (!self->has_geometry || !dino_geometry_patch_at (&self->geometry, x, y, &row, &column))
    row = column = -1;
  dinoscope_canvas_select_patch (self, row, column);
}

static void
released_cb (DinoscopeCanvas *self, int n_press, double x, double y)
{
  dinoscope_canvas_click (self, n_press, x, y);
}

static gboolean
key_pressed_cb (DinoscopeCanvas *self, guint key, guint code, GdkModifierType modifiers)
{
  if (key != GDK_KEY_space || (modifiers & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;

  g_object_set (self, "peeking", TRUE, NULL);
  return GDK_EVENT_STOP;
}

static void
stop_peeking (DinoscopeCanvas *self)
{
  g_object_set (self, "peeking", FALSE, NULL);
}

static void
key_released_cb (DinoscopeCanvas *self, guint key)
{
  if (key == GDK_KEY_space)
    stop_peeking (self);
}

static void
focus_left_cb (DinoscopeCanvas *self)
{
  stop_peeking (self);
}

static void
connect_controller (DinoscopeCanvas *self, gpointer controller, const char *signal, GCallback callback)
{
  g_signal_connect_object (controller, signal, callback, self, G_CONNECT_SWAPPED);
}

static void
add_gestures (DinoscopeCanvas *self)
{
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *window_drag = gtk_gesture_drag_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  /* Before the scrolled window around the canvas takes the fingers for a scroll. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (pinch), GTK_PHASE_CAPTURE);
  connect_controller (self, pinch, "begin", G_CALLBACK (pinch_begin_cb));
  connect_controller (self, pinch, "scale-changed", G_CALLBACK (pinch_changed_cb));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), GDK_BUTTON_PRIMARY);
  connect_controller (self, drag, "drag-begin", G_CALLBACK (drag_begin_cb));
  connect_controller (self, drag, "drag-update", G_CALLBACK (drag_update_cb));
  connect_controller (self, drag, "drag-end", G_CALLBACK (drag_end_cb));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (window_drag), GDK_BUTTON_SECONDARY);
  connect_controller (self, window_drag, "drag-begin", G_CALLBACK (window_drag_begin_cb));
  connect_controller (self, window_drag, "drag-update", G_CALLBACK (window_drag_update_cb));
  connect_controller (self, window_drag, "drag-end", G_CALLBACK (window_drag_end_cb));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (window_drag));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  connect_controller (self, click, "released", G_CALLBACK (released_cb));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

void
dinoscope_canvas_input_init (DinoscopeCanvas *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  connect_controller (self, motion, "enter", G_CALLBACK (pointer_moved_cb));
  connect_controller (self, motion, "motion", G_CALLBACK (pointer_moved_cb));
  connect_controller (self, motion, "leave", G_CALLBACK (pointer_left_cb));
  gtk_widget_add_controller (GTK_WIDGET (self), motion);

  connect_controller (self, scroll, "scroll", G_CALLBACK (scroll_cb));
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);

  connect_controller (self, key, "key-pressed", G_CALLBACK (key_pressed_cb));
  connect_controller (self, key, "key-released", G_CALLBACK (key_released_cb));
  gtk_widget_add_controller (GTK_WIDGET (self), key);

  connect_controller (self, focus, "leave", G_CALLBACK (focus_left_cb));
  gtk_widget_add_controller (GTK_WIDGET (self), focus);

  add_gestures (self);
}
