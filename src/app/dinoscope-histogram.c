#include "app/dinoscope-histogram.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/dinoscope-facts.h"

#define PARAMETER "foreground"
#define MINIMUM_WIDTH 120
#define HEIGHT 64
#define MARGIN 12.0f

/* Of what the histogram spans, for a press of an arrow key. */
#define KEY_STEP 0.01

struct _DinoscopeHistogram
{
  GtkWidget parent_instance;

  DinoscopeOverlaySettings *settings;
  GVariant                 *counts; /* au, or NULL */
  double                    low, high;
};

G_DEFINE_FINAL_TYPE (DinoscopeHistogram, dinoscope_histogram, GTK_TYPE_WIDGET)

static gboolean
get_threshold (DinoscopeHistogram *self, double *threshold)
{
  g_autoptr (GVariant) value = dinoscope_overlay_settings_dup_value (self->settings, PARAMETER);

  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return FALSE;
  *threshold = g_variant_get_double (value);
  return TRUE;
}

/* Rounded to what a person reads: a thousandth of the span. */
static void
set_threshold (DinoscopeHistogram *self, double threshold)
{
  const double step = pow (10, floor (log10 ((self->high - self->low) / 1000)));

  threshold = CLAMP (threshold, self->low, self->high);
  dinoscope_overlay_settings_set_value (self->settings, PARAMETER, g_variant_new_double (round (threshold / step) * step));
}

static double
value_at (DinoscopeHistogram *self, double x)
{
  const double width = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * (double) MARGIN;

  return self->low + (x - (double) MARGIN) / MAX (width, 1) * (self->high - self->low);
}

static void
drag_begin_cb (DinoscopeHistogram *self, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  set_threshold (self, value_at (self, x));
}

static void
drag_update_cb (DinoscopeHistogram *self, double x, double y, GtkGestureDrag *drag)
{
  double start_x, start_y;

  if (gtk_gesture_drag_get_start_point (drag, &start_x, &start_y))
    set_threshold (self, value_at (self, start_x + x));
}

/* By the binding's steps; the middle where there was no threshold. */
static gboolean
step_cb (GtkWidget *widget, GVariant *steps, gpointer user_data)
{
  DinoscopeHistogram *self = DINOSCOPE_HISTOGRAM (widget);
  const double        step = g_variant_get_int32 (steps) * KEY_STEP * (self->high - self->low);
  double              threshold;

  set_threshold (self, get_threshold (self, &threshold) ? threshold + step : (self->low + self->high) / 2);
  return TRUE;
}

static void
dinoscope_histogram_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MINIMUM_WIDTH : HEIGHT;
}

static void
draw_bars (DinoscopeHistogram *self, GtkSnapshot *snapshot, const GdkRGBA *color, float width, float height)
{
  gsize          n;
  const guint32 *counts = g_variant_get_fixed_array (self->counts, &n, sizeof (guint32));
  const float    step = width / (float) MAX (n, 1);
  guint32        most = 1;

  for (gsize i = 0; i < n; i++)
    most = MAX (most, counts[i]);
  for (gsize i = 0; i < n; i++)
    {
      const float tall = height * (float) counts[i] / (float) most;

      gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (MARGIN + (float) i * step, MARGIN / 2 + height - tall, step * 0.85f, tall));
    }
}

static void
dinoscope_histogram_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DinoscopeHistogram *self = DINOSCOPE_HISTOGRAM (widget);
  const float         width = (float) gtk_widget_get_width (widget) - 2 * MARGIN;
  const float         height = (float) gtk_widget_get_height (widget) - MARGIN;
  GdkRGBA             color, pale;
  double              threshold;

  if (self->counts == NULL || width < 1 || height < 1)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  pale = color;
  pale.alpha *= 0.55f;
  draw_bars (self, snapshot, &pale, width, height);
  pale.alpha = color.alpha * 0.3f;
  gtk_snapshot_append_color (snapshot, &pale, &GRAPHENE_RECT_INIT (MARGIN, MARGIN / 2 + height, width, 1));
  if (get_threshold (self, &threshold))
    {
      const double place = CLAMP ((threshold - self->low) / (self->high - self->low), 0, 1);

      gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (MARGIN + (float) place * width - 1, MARGIN / 2 - 2, 2, height + 4));
    }
}

static void
settings_changed_cb (DinoscopeHistogram *self)
{
  double           threshold;
  const gboolean   has = get_threshold (self, &threshold);
  g_autofree char *number = has ? dinoscope_format_value (threshold) : NULL;

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, self->low,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, self->high,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, has ? threshold : self->low,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, has ? number : _ ("No threshold"),
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
dinoscope_histogram_dispose (GObject *object)
{
  DinoscopeHistogram *self = DINOSCOPE_HISTOGRAM (object);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->counts, g_variant_unref);
  G_OBJECT_CLASS (dinoscope_histogram_parent_class)->dispose (object);
}

static void
add_step (GtkWidgetClass *widget_class, guint key, int steps)
{
  gtk_widget_class_add_binding (widget_class, key, 0, step_cb, "i", steps);
  gtk_widget_class_add_binding (widget_class, key, GDK_SHIFT_MASK, step_cb, "i", 10 * steps);
}

static void
dinoscope_histogram_class_init (DinoscopeHistogramClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dinoscope_histogram_dispose;
  widget_class->measure = dinoscope_histogram_measure;
  widget_class->snapshot = dinoscope_histogram_snapshot;
  gtk_widget_class_set_css_name (widget_class, "dinoscope-histogram");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
  add_step (widget_class, GDK_KEY_Left, -1);
  add_step (widget_class, GDK_KEY_KP_Left, -1);
  add_step (widget_class, GDK_KEY_Right, 1);
  add_step (widget_class, GDK_KEY_KP_Right, 1);
}

static void
dinoscope_histogram_init (DinoscopeHistogram *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (drag_update_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), _ ("First component of all patches; click or drag to set the foreground threshold"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Foreground threshold"), -1);
}

GtkWidget *
dinoscope_histogram_new (DinoscopeOverlaySettings *settings)
{
  DinoscopeHistogram *self = g_object_new (DINOSCOPE_TYPE_HISTOGRAM, NULL);

  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "map-changed", G_CALLBACK (settings_changed_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

void
dinoscope_histogram_set_map (DinoscopeHistogram *self, DinoscopeMap *map)
{
  GVariant *details = map != NULL ? dinoscope_map_get_details (map) : NULL;

  g_return_if_fail (DINOSCOPE_IS_HISTOGRAM (self));
  g_clear_pointer (&self->counts, g_variant_unref);
  if (details != NULL && g_variant_lookup (details, "histogram-low", "d", &self->low) &&
      g_variant_lookup (details, "histogram-high", "d", &self->high) && self->low < self->high)
    self->counts = g_variant_lookup_value (details, "histogram", G_VARIANT_TYPE ("au"));
  gtk_widget_set_visible (GTK_WIDGET (self), self->counts != NULL);
  if (self->counts != NULL)
    settings_changed_cb (self);
}
