#include "app/dinoscope-canvas-private.h"

/* Device-independent pixels that Ctrl and an arrow pan by. */
#define PAN_STEP 64.0

/* Steps of an end of a distance that Shift and an arrow move it by. */
#define FAR_STEPS 10

static void
zoom_by_steps (DinoscopeCanvas *self, double steps)
{
  dinoscope_canvas_zoom_at (self,
                            dinoscope_view_step (&self->view, steps),
                            self->view.width / 2,
                            self->view.height / 2);
}

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_by_steps (DINOSCOPE_CANVAS (widget), 1);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_by_steps (DINOSCOPE_CANVAS (widget), -1);
}

static void
fit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_object_set (widget, "fitted", TRUE, NULL);
}

static void
original_size_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeCanvas *self = DINOSCOPE_CANVAS (widget);

  g_object_set (self, "zoom", dinoscope_view_original_zoom (&self->view), NULL);
}

static void
turn_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeCanvas *self = DINOSCOPE_CANVAS (widget);
  DinoscopeView    turned = self->view;

  dinoscope_view_turn (&turned, g_str_equal (name, "view.turn-right"));
  g_object_set (self, "turns", turned.turns, NULL);
}

/* The step on the screen that an action's name ends in. */
static void
direction_of (const char *name, int *x, int *y)
{
  *x = g_str_has_suffix (name, "-right") - g_str_has_suffix (name, "-left");
  *y = g_str_has_suffix (name, "-down") - g_str_has_suffix (name, "-up");
}

static void
pan_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeCanvas *self = DINOSCOPE_CANVAS (widget);
  int              x, y;

  direction_of (name, &x, &y);
  dinoscope_view_pan (&self->view, -x * PAN_STEP, -y * PAN_STEP);
  dinoscope_canvas_view_changed (self);
}

/* Without a selection the cursor starts at the middle of what can be seen. */
static void
first_patch (DinoscopeCanvas *self, int *row, int *column)
{
  struct dino_box visible = dinoscope_view_visible (&self->view);

  if (!dino_geometry_patch_at (&self->geometry, (visible.x0 + visible.x1) / 2, (visible.y0 + visible.y1) / 2, row, column))
    {
      *row = self->geometry.rows / 2;
      *column = self->geometry.columns / 2;
    }
}

static void
select_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeCanvas *self = DINOSCOPE_CANVAS (widget);
  int              row = self->selected_row, column = self->selected_column;
  int              screen_x, screen_y, x, y;

  direction_of (name, &screen_x, &screen_y);
  if (dinoscope_canvas_measure_move (self, screen_x, screen_y) || dinoscope_canvas_regions_move (self, screen_x, screen_y, FALSE) || !self->has_geometry)
    return;
  if (row < 0)
    {
      first_patch (self, &row, &column);
    }
  else
    {
      dinoscope_view_direction (&self->view, screen_x, screen_y, &x, &y);
      row = CLAMP (row + y, 0, self->geometry.rows - 1);
      column = CLAMP (column + x, 0, self->geometry.columns - 1);
    }
  dinoscope_canvas_select_patch (self, row, column);
  dinoscope_canvas_reveal_patch (self, row, column);
}

static void
far_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  int x, y;

  direction_of (name, &x, &y);
  if (!dinoscope_canvas_measure_move (DINOSCOPE_CANVAS (widget), FAR_STEPS * x, FAR_STEPS * y))
    dinoscope_canvas_regions_move (DINOSCOPE_CANVAS (widget), x, y, TRUE);
}

static void
measure_add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_canvas_measure_add (DINOSCOPE_CANVAS (widget));
}

static void
measure_next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_object_set (widget, "measuring", TRUE, NULL);
  dinoscope_canvas_measure_next_end (DINOSCOPE_CANVAS (widget));
}

static void
measure_remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_canvas_measure_remove (DINOSCOPE_CANVAS (widget));
}

static void
leave_tool_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_object_set (widget, "measuring", FALSE, "marking-boxes", FALSE, "marking-ellipses", FALSE, "painting", FALSE, "rubbing-out", FALSE, NULL);
}

static void
bind (GtkWidgetClass *widget_class, guint key, GdkModifierType modifiers, const char *action)
{
  gtk_widget_class_add_binding_action (widget_class, key, modifiers, action, NULL);
}

static void
bind_arrows (GtkWidgetClass *widget_class, GdkModifierType modifiers, const char *const actions[4])
{
  const guint keys[] = { GDK_KEY_Up, GDK_KEY_Down, GDK_KEY_Left, GDK_KEY_Right };
  const guint keypad[] = { GDK_KEY_KP_Up, GDK_KEY_KP_Down, GDK_KEY_KP_Left, GDK_KEY_KP_Right };

  for (int i = 0; i < 4; i++)
    {
      bind (widget_class, keys[i], modifiers, actions[i]);
      bind (widget_class, keypad[i], modifiers, actions[i]);
    }
}

static void
bind_zoom (GtkWidgetClass *widget_class)
{
  const GdkModifierType modifiers[] = { 0, GDK_CONTROL_MASK };

  for (gsize i = 0; i < G_N_ELEMENTS (modifiers); i++)
    {
      bind (widget_class, GDK_KEY_plus, modifiers[i], "view.zoom-in");
      bind (widget_class, GDK_KEY_equal, modifiers[i], "view.zoom-in");
      bind (widget_class, GDK_KEY_KP_Add, modifiers[i], "view.zoom-in");
      bind (widget_class, GDK_KEY_minus, modifiers[i], "view.zoom-out");
      bind (widget_class, GDK_KEY_KP_Subtract, modifiers[i], "view.zoom-out");
    }
  bind (widget_class, GDK_KEY_0, GDK_CONTROL_MASK, "view.fit");
  bind (widget_class, GDK_KEY_KP_0, GDK_CONTROL_MASK, "view.fit");
  bind (widget_class, GDK_KEY_1, GDK_CONTROL_MASK, "view.original-size");
  bind (widget_class, GDK_KEY_KP_1, GDK_CONTROL_MASK, "view.original-size");
}

/* Letters and arrows are bound on this class and nowhere else: as accelerators
 * of the application they would be taken from entries. */
static void
bind_window_actions (GtkWidgetClass *widget_class)
{
  bind (widget_class, GDK_KEY_v, 0, "win.next-view");
  bind (widget_class, GDK_KEY_v, GDK_SHIFT_MASK, "win.previous-view");
  bind (widget_class, GDK_KEY_l, 0, "win.next-block");
  bind (widget_class, GDK_KEY_l, GDK_SHIFT_MASK, "win.previous-block");
  bind (widget_class, GDK_KEY_n, 0, "win.next-head");
  bind (widget_class, GDK_KEY_n, GDK_SHIFT_MASK, "win.previous-head");
  bind (widget_class, GDK_KEY_h, 0, "win.show-strip");
  bind (widget_class, GDK_KEY_bracketleft, 0, "win.opacity-down");
  bind (widget_class, GDK_KEY_bracketright, 0, "win.opacity-up");
  bind (widget_class, GDK_KEY_e, 0, "win.encode");
  bind (widget_class, GDK_KEY_Return, 0, "win.reveal");
  bind (widget_class, GDK_KEY_KP_Enter, 0, "win.reveal");
  bind (widget_class, GDK_KEY_Page_Up, 0, "win.previous-picture");
  bind (widget_class, GDK_KEY_KP_Page_Up, 0, "win.previous-picture");
  bind (widget_class, GDK_KEY_Page_Down, 0, "win.next-picture");
  bind (widget_class, GDK_KEY_KP_Page_Down, 0, "win.next-picture");
}

static const char *const select_actions[] = { "view.select-up", "view.select-down", "view.select-left", "view.select-right" };
static const char *const far_actions[] = { "view.far-up", "view.far-down", "view.far-left", "view.far-right" };
static const char *const pan_actions[] = { "view.pan-up", "view.pan-down", "view.pan-left", "view.pan-right" };

static void
install_measuring (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_property_action (widget_class, "view.measure", "measuring");
  gtk_widget_class_install_action (widget_class, "view.measure-add", NULL, measure_add_action);
  gtk_widget_class_install_action (widget_class, "view.measure-next", NULL, measure_next_action);
  gtk_widget_class_install_action (widget_class, "view.measure-remove", NULL, measure_remove_action);
  gtk_widget_class_install_action (widget_class, "view.leave-tool", NULL, leave_tool_action);
  bind (widget_class, GDK_KEY_d, 0, "view.measure");
  bind (widget_class, GDK_KEY_d, GDK_SHIFT_MASK, "view.measure-next");
  bind (widget_class, GDK_KEY_Insert, 0, "view.measure-add");
  bind (widget_class, GDK_KEY_KP_Insert, 0, "view.measure-add");
  bind (widget_class, GDK_KEY_Delete, 0, "view.measure-remove");
  bind (widget_class, GDK_KEY_KP_Delete, 0, "view.measure-remove");
  bind (widget_class, GDK_KEY_Escape, 0, "view.leave-tool");
}

void
dinoscope_canvas_class_actions_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "view.zoom-in", NULL, zoom_in_action);
  gtk_widget_class_install_action (widget_class, "view.zoom-out", NULL, zoom_out_action);
  gtk_widget_class_install_action (widget_class, "view.fit", NULL, fit_action);
  gtk_widget_class_install_action (widget_class, "view.original-size", NULL, original_size_action);
  gtk_widget_class_install_action (widget_class, "view.turn-right", NULL, turn_action);
  gtk_widget_class_install_action (widget_class, "view.turn-left", NULL, turn_action);
  gtk_widget_class_install_property_action (widget_class, "view.flip", "flipped");
  gtk_widget_class_install_property_action (widget_class, "view.map", "map-visible");
  gtk_widget_class_install_property_action (widget_class, "view.grid", "grid-visible");
  gtk_widget_class_install_property_action (widget_class, "view.model", "model-view");
  for (int i = 0; i < 4; i++)
    {
      gtk_widget_class_install_action (widget_class, select_actions[i], NULL, select_action);
      gtk_widget_class_install_action (widget_class, far_actions[i], NULL, far_action);
      gtk_widget_class_install_action (widget_class, pan_actions[i], NULL, pan_action);
    }

  bind_zoom (widget_class);
  bind_arrows (widget_class, 0, select_actions);
  bind_arrows (widget_class, GDK_SHIFT_MASK, far_actions);
  bind_arrows (widget_class, GDK_CONTROL_MASK, pan_actions);
  bind (widget_class, GDK_KEY_r, 0, "view.turn-right");
  bind (widget_class, GDK_KEY_r, GDK_SHIFT_MASK, "view.turn-left");
  bind (widget_class, GDK_KEY_f, 0, "view.flip");
  bind (widget_class, GDK_KEY_g, 0, "view.grid");
  bind (widget_class, GDK_KEY_m, 0, "view.model");
  bind (widget_class, GDK_KEY_o, 0, "view.map");
  install_measuring (widget_class);
  dinoscope_canvas_class_regions_init (widget_class);
  dinoscope_canvas_class_scribbles_init (widget_class);
  dinoscope_canvas_class_greys_init (widget_class);
  dinoscope_canvas_class_pins_init (widget_class);
  bind_window_actions (widget_class);
}

void
dinoscope_canvas_update_actions (DinoscopeCanvas *self)
{
  static const char *const of_picture[] = { "view.zoom-in", "view.zoom-out", "view.fit", "view.original-size", "view.turn-right", "view.turn-left", "view.flip", "view.measure", "view.measure-next" };
  GtkWidget               *widget = GTK_WIDGET (self);
  gboolean                 measuring = self->study != NULL && self->measure.active;
  gboolean                 of_measuring = measuring && self->measure.selected >= 0;
  gboolean                 chosen = of_measuring || dinoscope_canvas_regions_is_chosen (self);

  for (gsize i = 0; i < G_N_ELEMENTS (of_picture); i++)
    gtk_widget_action_set_enabled (widget, of_picture[i], self->study != NULL);
  for (int i = 0; i < 4; i++)
    {
      gtk_widget_action_set_enabled (widget, pan_actions[i], self->study != NULL);
      gtk_widget_action_set_enabled (widget, select_actions[i], chosen || (self->study != NULL && self->has_geometry));
      gtk_widget_action_set_enabled (widget, far_actions[i], chosen);
    }
  gtk_widget_action_set_enabled (widget, "view.measure-add", measuring);
  gtk_widget_action_set_enabled (widget, "view.measure-remove", of_measuring);
  gtk_widget_action_set_enabled (widget, "view.leave-tool", self->measure.active || self->regions.tool != DINOSCOPE_REGION_TOOL_NONE || self->scribbles.tool != DINOSCOPE_SCRIBBLE_TOOL_NONE);
  dinoscope_canvas_regions_update_actions (self);
  dinoscope_canvas_scribbles_update_actions (self);
  dinoscope_canvas_greys_update_actions (self);
  dinoscope_canvas_pins_update_actions (self);
}
