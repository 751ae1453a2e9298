#include "eog/overlay.h"

#include "viewer/paint.h"

struct overlay
{
  EogScrollView *view;
  GtkWidget     *area;
  GtkAdjustment *across, *down;
  const Map     *map;
  struct turn    turn;
  int            width, height;
  double         opacity;
};

static void
redraw (Overlay *self)
{
  gtk_widget_queue_draw (self->area);
}

static struct view
current_view (Overlay *self)
{
  double zoom = eog_scroll_view_get_zoom (self->view);

  return (struct view){
    .zoom = zoom,
    .width = self->width,
    .height = self->height,
    .turn = self->turn,
    .x = view_begin (zoom, self->width, gtk_widget_get_allocated_width (self->area), (int) gtk_adjustment_get_value (self->across)),
    .y = view_begin (zoom, self->height, gtk_widget_get_allocated_height (self->area), (int) gtk_adjustment_get_value (self->down)),
    .scale = gtk_widget_get_scale_factor (self->area),
  };
}

static gboolean
draw_cb (GtkWidget *area, cairo_t *cr, Overlay *self)
{
  struct view view = current_view (self);

  if (self->map != NULL && self->width != 0 && gdk_cairo_get_clip_rectangle (cr, NULL))
    paint_map (cr, self->map, &view, self->opacity);
  return FALSE;
}

/* Passing through takes the area's window, if it has one of its own, and that
 * of GtkOverlay around it. */
static void
let_through (GtkWidget *area)
{
  GdkWindow      *window = gtk_widget_get_window (area);
  cairo_region_t *nothing = cairo_region_create ();

  gdk_window_set_pass_through (window, TRUE);
  gdk_window_input_shape_combine_region (window, nothing, 0, 0);
  cairo_region_destroy (nothing);
}

static void
realize_cb (GtkWidget *area, Overlay *self)
{
  let_through (area);
}

Overlay *
overlay_new (EogScrollView *view)
{
  Overlay *self = g_new0 (Overlay, 1);

  self->view = g_object_ref (view);
  self->turn = TURN_NONE;
  self->opacity = 0.5;
  self->across = g_object_ref (gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (view)));
  self->down = g_object_ref (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view)));
  self->area = g_object_ref_sink (gtk_drawing_area_new ());
  gtk_widget_set_name (self->area, "dinoscope-map");
  gtk_widget_set_has_window (self->area, FALSE);
  gtk_widget_set_can_focus (self->area, FALSE);
  g_signal_connect (self->area, "draw", G_CALLBACK (draw_cb), self);
  g_signal_connect_after (self->area, "realize", G_CALLBACK (realize_cb), self);
  g_signal_connect_swapped (view, "zoom-changed", G_CALLBACK (redraw), self);
  for (int i = 0; i < 2; i++)
    {
      g_signal_connect_swapped (i == 0 ? self->across : self->down, "value-changed", G_CALLBACK (redraw), self);
      g_signal_connect_swapped (i == 0 ? self->across : self->down, "changed", G_CALLBACK (redraw), self);
    }
  gtk_overlay_add_overlay (GTK_OVERLAY (view), self->area);
  gtk_overlay_set_overlay_pass_through (GTK_OVERLAY (view), self->area, TRUE);
  gtk_overlay_reorder_overlay (GTK_OVERLAY (view), self->area, 0);
  return self;
}

void
overlay_free (Overlay *self)
{
  g_signal_handlers_disconnect_by_data (self->view, self);
  g_signal_handlers_disconnect_by_data (self->across, self);
  g_signal_handlers_disconnect_by_data (self->down, self);
  g_signal_handlers_disconnect_by_data (self->area, self);
  gtk_widget_destroy (self->area);
  g_object_unref (self->area);
  g_object_unref (self->across);
  g_object_unref (self->down);
  g_object_unref (self->view);
  g_free (self);
}

void
overlay_set_map (Overlay *self, const Map *map)
{
  self->map = map;
  redraw (self);
}

void
overlay_set_picture (Overlay *self, struct turn turn, int width, int height)
{
  self->turn = turn;
  self->width = width;
  self->height = height;
  redraw (self);
}

void
overlay_set_opacity (Overlay *self, double opacity)
{
  self->opacity = opacity;
  redraw (self);
}

/* Not even a window of its own lies over the picture while there is nothing to show. */
void
overlay_set_shown (Overlay *self, gboolean shown)
{
  gtk_widget_set_visible (self->area, shown);
}
