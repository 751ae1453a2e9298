#include "app/dinoscope-divider.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Of the parent's width. */
#define STEP 0.01
#define FAR_STEP 0.1

#define LINE_WIDTH 2
#define HANDLE_WIDTH 10
#define HANDLE_HEIGHT 44

struct _DinoscopeDivider
{
  GtkWidget parent_instance;

  double position;
  double before; /* when a drag began */
};

enum
{
  PROP_POSITION = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (DinoscopeDivider, dinoscope_divider, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
tell_position (DinoscopeDivider *self)
{
  g_autofree char *text = g_strdup_printf ("%.0f %%", 100 * self->position);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, self->position, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static void
move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeDivider *self = DINOSCOPE_DIVIDER (widget);

  dinoscope_divider_set_position (self, self->position + g_variant_get_double (parameter));
}

static void
drag_begin_cb (DinoscopeDivider *self)
{
  self->before = self->position;
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

/* The line moves under the pointer: offsets count from where it is now. */
static void
drag_update_cb (DinoscopeDivider *self, double x, double y, GtkGestureDrag *gesture)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  int        width = gtk_widget_get_width (parent);
  double     start_x, start_y, at, unused;

  gtk_gesture_drag_get_start_point (gesture, &start_x, &start_y);
  if (width > 0 && gtk_widget_translate_coordinates (GTK_WIDGET (self), parent, start_x + x, start_y + y, &at, &unused))
    dinoscope_divider_set_position (self, at / width);
}

static void
drag_cancel_cb (DinoscopeDivider *self)
{
  dinoscope_divider_set_position (self, self->before);
}

static void
append_box (GtkSnapshot *snapshot, double x, double y, double width, double height, const GdkRGBA *color)
{
  gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height));
}

/* Light with a dark edge: it is seen on black and on white. */
static void
dinoscope_divider_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  const GdkRGBA light = { 1, 1, 1, 1 }, dark = { 0, 0, 0, 1 };
  double        middle = floor (gtk_widget_get_width (widget) / 2.0);
  double        height = gtk_widget_get_height (widget);
  double        top = floor ((height - HANDLE_HEIGHT) / 2);

  append_box (snapshot, middle - LINE_WIDTH / 2.0 - 1, 0, LINE_WIDTH + 2, height, &dark);
  append_box (snapshot, middle - HANDLE_WIDTH / 2.0 - 1, top - 1, HANDLE_WIDTH + 2, HANDLE_HEIGHT + 2, &dark);
  append_box (snapshot, middle - LINE_WIDTH / 2.0, 0, LINE_WIDTH, height, &light);
  append_box (snapshot, middle - HANDLE_WIDTH / 2.0, top, HANDLE_WIDTH, HANDLE_HEIGHT, &light);
  append_box (snapshot, middle - 2, top + 8, 1, HANDLE_HEIGHT - 16, &dark);
  append_box (snapshot, middle + 1, top + 8, 1, HANDLE_HEIGHT - 16, &dark);
}

static void
dinoscope_divider_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? DINOSCOPE_DIVIDER_WIDTH : HANDLE_HEIGHT;
}

static void
dinoscope_divider_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_POSITION:
      g_value_set_double (value, DINOSCOPE_DIVIDER (object)->position);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_divider_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_POSITION:
      dinoscope_divider_set_position (DINOSCOPE_DIVIDER (object), g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bind_key (GtkWidgetClass *widget_class, guint key, GdkModifierType modifiers, double move)
{
  gtk_widget_class_add_binding_action (widget_class, key, modifiers, "divider.move", "d", move);
}

static void
dinoscope_divider_class_init (DinoscopeDividerClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = dinoscope_divider_get_property;
  object_class->set_property = dinoscope_divider_set_property;
  widget_class->snapshot = dinoscope_divider_snapshot;
  widget_class->measure = dinoscope_divider_measure;

  properties[PROP_POSITION] = g_param_spec_double ("position", NULL, NULL, 0, 1, 0.5, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "divider.move", "d", move_action);
  bind_key (widget_class, GDK_KEY_Left, 0, -STEP);
  bind_key (widget_class, GDK_KEY_Right, 0, STEP);
  bind_key (widget_class, GDK_KEY_Left, GDK_SHIFT_MASK, -FAR_STEP);
  bind_key (widget_class, GDK_KEY_Right, GDK_SHIFT_MASK, FAR_STEP);
  bind_key (widget_class, GDK_KEY_Home, 0, -1);
  bind_key (widget_class, GDK_KEY_End, 0, 1);
  gtk_widget_class_set_css_name (widget_class, "dinoscope-divider");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void
dinoscope_divider_init (DinoscopeDivider *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->position = 0.5;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "col-resize");
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (drag_update_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "cancel", G_CALLBACK (drag_cancel_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Divider Between the Two Pictures"), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0, GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0, -1);
  tell_position (self);
}

GtkWidget *
dinoscope_divider_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_DIVIDER, NULL);
}

double
dinoscope_divider_get_position (DinoscopeDivider *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_DIVIDER (self), 0.5);

  return self->position;
}

void
dinoscope_divider_set_position (DinoscopeDivider *self, double position)
{
  g_return_if_fail (DINOSCOPE_IS_DIVIDER (self));

  position = CLAMP (position, 0, 1);
  if (self->position == position)
    return;
  self->position = position;
  tell_position (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
}
