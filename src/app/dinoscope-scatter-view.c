#include "app/dinoscope-scatter-view-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "render/scatter.h"

#define MINIMUM_SIDE 200

/* Between the outermost points and the edge. */
#define MARGIN 24.0

enum
{
  PROP_LASSO = 1,
  N_PROPS
};

enum
{
  SIGNAL_ACTIVATED,
  SIGNAL_SELECTION_CHANGED,
  SIGNAL_LOOKED_AT,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (DinoscopeScatterView, dinoscope_scatter_view, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

static double
device_scale (DinoscopeScatterView *self)
{
  return gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

static void
draw_texture (DinoscopeScatterView *self)
{
  const gsize        length = (gsize) self->frame.width * (gsize) self->frame.height * 4;
  guint8            *pixels = g_malloc (length);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, length);

  dinoscope_scatter_raster (&self->points, &self->frame, pixels);
  g_clear_object (&self->texture);
  self->texture = gdk_memory_texture_new (self->frame.width, self->frame.height, GDK_MEMORY_R8G8B8A8_PREMULTIPLIED, bytes, (gsize) self->frame.width * 4);
  self->n_drawn++;
}

/* However many events there were since the frame before, points are drawn once. */
static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  DinoscopeScatterView *self = DINOSCOPE_SCATTER_VIEW (widget);

  self->tick = 0;
  if (self->points.n > 0 && self->frame.width > 0 && self->frame.height > 0)
    draw_texture (self);
  else
    g_clear_object (&self->texture);
  gtk_widget_queue_draw (widget);
  return G_SOURCE_REMOVE;
}

void
dinoscope_scatter_view_invalidate (DinoscopeScatterView *self)
{
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

void
dinoscope_scatter_view_fit (DinoscopeScatterView *self)
{
  self->fitted = TRUE;
  dinoscope_scatter_frame_fit (&self->frame, &self->points, self->frame.width, self->frame.height, MARGIN * device_scale (self));
  dinoscope_scatter_view_invalidate (self);
}

void
dinoscope_scatter_view_selection_changed (DinoscopeScatterView *self)
{
  self->points.selected = self->n_selected > 0 ? self->selected : NULL;
  dinoscope_scatter_view_invalidate (self);
  g_signal_emit (self, signals[SIGNAL_SELECTION_CHANGED], 0);
}

void
dinoscope_scatter_view_looked_at (DinoscopeScatterView *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[SIGNAL_LOOKED_AT], 0);
}

void
dinoscope_scatter_view_activate (DinoscopeScatterView *self, gsize row)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, (guint64) row);
}

static void
dinoscope_scatter_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = MINIMUM_SIDE;
}

static void
dinoscope_scatter_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  DinoscopeScatterView *self = DINOSCOPE_SCATTER_VIEW (widget);
  const double          scale = device_scale (self);

  self->frame.width = (int) (width * scale);
  self->frame.height = (int) (height * scale);
  self->frame.radius = dino_scatter_radius (self->points.n) * scale;
  if (self->fitted)
    dinoscope_scatter_view_fit (self);
  dinoscope_scatter_view_invalidate (self);
}

static void
draw_ring (DinoscopeScatterView *self, GtkSnapshot *snapshot, gssize row, float radius, float width, const GdkRGBA *color)
{
  const GdkRGBA  colors[4] = { *color, *color, *color, *color };
  const float    widths[4] = { width, width, width, width };
  GskRoundedRect outline;
  double         x, y;

  if (row < 0 || !dinoscope_scatter_view_get_place (self, (gsize) row, &x, &y))
    return;
  gsk_rounded_rect_init_from_rect (&outline, &GRAPHENE_RECT_INIT ((float) x - radius, (float) y - radius, 2 * radius, 2 * radius), radius);
  gtk_snapshot_append_border (snapshot, &outline, widths, colors);
}

static void
draw_lasso (DinoscopeScatterView *self, GtkSnapshot *snapshot, const GdkRGBA *color)
{
  const double *corners = (const double *) (void *) self->corners->data;
  cairo_t      *cr;

  if (!self->lassoing || self->corners->len < 4)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (GTK_WIDGET (self)), (float) gtk_widget_get_height (GTK_WIDGET (self))));
  for (guint i = 0; i + 1 < self->corners->len; i += 2)
    cairo_line_to (cr, corners[i], corners[i + 1]);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, (double) color->red, (double) color->green, (double) color->blue, 0.12);
  cairo_fill_preserve (cr);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
dinoscope_scatter_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DinoscopeScatterView *self = DINOSCOPE_SCATTER_VIEW (widget);
  const float           radius = (float) (self->frame.radius / device_scale (self));
  GdkRGBA               color;

  if (self->texture == NULL)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  gtk_snapshot_append_texture (snapshot, self->texture, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget), (float) gtk_widget_get_height (widget)));
  draw_ring (self, snapshot, self->current, radius + 6, 3, &color);
  draw_ring (self, snapshot, self->hover, radius + 3, 1.5f, &color);
  if (gtk_widget_has_visible_focus (widget))
    draw_ring (self, snapshot, self->cursor, radius + 4, 2, &color);
  draw_lasso (self, snapshot, &color);
}

static void
dinoscope_scatter_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_LASSO:
      g_value_set_boolean (value, DINOSCOPE_SCATTER_VIEW (object)->lasso);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_scatter_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_LASSO:
      DINOSCOPE_SCATTER_VIEW (object)->lasso = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_scatter_view_dispose (GObject *object)
{
  DinoscopeScatterView *self = DINOSCOPE_SCATTER_VIEW (object);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  g_clear_object (&self->texture);

  G_OBJECT_CLASS (dinoscope_scatter_view_parent_class)->dispose (object);
}

static void
dinoscope_scatter_view_finalize (GObject *object)
{
  DinoscopeScatterView *self = DINOSCOPE_SCATTER_VIEW (object);

  g_free (self->plane);
  g_free (self->colors);
  g_free (self->shapes);
  g_free (self->selected);
  g_array_unref (self->corners);

  G_OBJECT_CLASS (dinoscope_scatter_view_parent_class)->finalize (object);
}

static void
dinoscope_scatter_view_class_init (DinoscopeScatterViewClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = dinoscope_scatter_view_get_property;
  object_class->set_property = dinoscope_scatter_view_set_property;
  object_class->dispose = dinoscope_scatter_view_dispose;
  object_class->finalize = dinoscope_scatter_view_finalize;
  widget_class->measure = dinoscope_scatter_view_measure;
  widget_class->size_allocate = dinoscope_scatter_view_size_allocate;
  widget_class->snapshot = dinoscope_scatter_view_snapshot;

  properties[PROP_LASSO] = g_param_spec_boolean ("lasso", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
  signals[SIGNAL_SELECTION_CHANGED] = g_signal_new ("selection-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LOOKED_AT] = g_signal_new ("looked-at", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  dinoscope_scatter_view_class_input_init (widget_class);
  gtk_widget_class_set_css_name (widget_class, "dinoscope-scatter");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
dinoscope_scatter_view_init (DinoscopeScatterView *self)
{
  self->current = self->hover = self->cursor = -1;
  self->fitted = TRUE;
  self->corners = g_array_new (FALSE, FALSE, sizeof (double));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (gtk_widget_queue_resize), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Map of the collection"), -1);
  dinoscope_scatter_view_input_init (self);
}

static void
set_colors (DinoscopeScatterView *self, const struct dino_scatter_column *column)
{
  for (gsize i = 0; i < self->points.n; i++)
    {
      double rgb[3];

      dino_scatter_color (column, i, rgb);
      for (int c = 0; c < 3; c++)
        self->colors[3 * i + (gsize) c] = (guint8) (rgb[c] * 255 + 0.5);
      self->shapes[i] = (guint8) dino_scatter_shape (column, i);
    }
}

void
dinoscope_scatter_view_set_plane (DinoscopeScatterView *self, const float *plane, gsize n)
{
  n = plane != NULL ? n : 0;
  g_free (self->plane);
  g_free (self->colors);
  g_free (self->shapes);
  g_free (self->selected);
  self->plane = g_memdup2 (plane, n * 2 * sizeof *plane);
  self->colors = g_malloc (3 * n);
  self->shapes = g_malloc (n);
  self->selected = g_malloc0 (n);
  self->n_selected = 0;
  self->points = (DinoscopeScatterPoints){ .n = n, .plane = self->plane, .colors = self->colors, .shapes = self->shapes };
  self->hover = self->cursor = -1;
  if (self->current >= (gssize) n)
    self->current = -1;
  self->frame.radius = dino_scatter_radius (n) * device_scale (self);
  set_colors (self, NULL);
  dinoscope_scatter_view_fit (self);
  dinoscope_scatter_view_selection_changed (self);
  dinoscope_scatter_view_looked_at (self);
}

void
dinoscope_scatter_view_set_column (DinoscopeScatterView *self, const struct dino_scatter_column *column)
{
  g_return_if_fail (column == NULL || column->n == self->points.n);

  set_colors (self, column);
  dinoscope_scatter_view_invalidate (self);
}

void
dinoscope_scatter_view_set_current (DinoscopeScatterView *self, gssize row)
{
  self->current = row < (gssize) self->points.n ? row : -1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gssize
dinoscope_scatter_view_get_current (DinoscopeScatterView *self)
{
  return self->current;
}

gssize
dinoscope_scatter_view_get_looked_at (DinoscopeScatterView *self)
{
  return self->hover >= 0 ? self->hover : self->cursor;
}

void
dinoscope_scatter_view_set_cursor (DinoscopeScatterView *self, gssize row)
{
  self->cursor = row < (gssize) self->points.n ? row : -1;
  dinoscope_scatter_view_looked_at (self);
}

const guint8 *
dinoscope_scatter_view_get_selected (DinoscopeScatterView *self)
{
  return self->points.selected;
}

gsize
dinoscope_scatter_view_get_n_selected (DinoscopeScatterView *self)
{
  return self->n_selected;
}

void
dinoscope_scatter_view_select_rows (DinoscopeScatterView *self, const guint32 *rows, gsize n)
{
  if (self->points.n > 0)
    memset (self->selected, 0, self->points.n);
  self->n_selected = 0;
  for (gsize i = 0; i < n; i++)
    if (rows[i] < self->points.n && self->selected[rows[i]] == 0)
      {
        self->selected[rows[i]] = 1;
        self->n_selected++;
      }
  dinoscope_scatter_view_selection_changed (self);
}

void
dinoscope_scatter_view_select_enclosed (DinoscopeScatterView *self, const double *corners, gsize n_corners)
{
  g_autofree double *places = g_new (double, 2 * n_corners + 1);

  for (gsize i = 0; i < n_corners; i++)
    dinoscope_scatter_frame_to_plane (&self->frame, corners[2 * i] * device_scale (self), corners[2 * i + 1] * device_scale (self), &places[2 * i], &places[2 * i + 1]);
  self->n_selected = dinoscope_scatter_enclose (&self->points, places, n_corners, self->selected);
  dinoscope_scatter_view_selection_changed (self);
}

gboolean
dinoscope_scatter_view_get_place (DinoscopeScatterView *self, gsize row, double *x, double *y)
{
  if (row >= self->points.n)
    return FALSE;
  dinoscope_scatter_frame_to_pixels (&self->frame, (double) self->plane[2 * row], (double) self->plane[2 * row + 1], x, y);
  *x /= device_scale (self);
  *y /= device_scale (self);
  return TRUE;
}

void
dinoscope_scatter_view_zoom (DinoscopeScatterView *self, double factor, double x, double y)
{
  self->fitted = FALSE;
  dinoscope_scatter_frame_zoom (&self->frame, factor, x * device_scale (self), y * device_scale (self));
  dinoscope_scatter_view_invalidate (self);
}

void
dinoscope_scatter_view_move (DinoscopeScatterView *self, double dx, double dy)
{
  self->fitted = FALSE;
  self->frame.x -= dx * device_scale (self) / self->frame.scale;
  self->frame.y += dy * device_scale (self) / self->frame.scale;
  dinoscope_scatter_view_invalidate (self);
}

guint
dinoscope_scatter_view_get_n_drawn (DinoscopeScatterView *self)
{
  return self->n_drawn;
}
