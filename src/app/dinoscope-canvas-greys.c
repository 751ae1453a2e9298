/* DinoscopeCanvas: window and level. The greys that a person chose are drawn by
 * the engine for what can be seen; the study's own need no drawing. */
#include "app/dinoscope-canvas-private.h"

#include <math.h>

/* Share of the viewport that is drawn beyond its edges when no hand is waiting. */
#define MARGIN 0.5

/* Wait before a request is repeated that another one took the place of. */
#define RETRY_MILLISECONDS 50

/* Steps of a key. */
#define KEY_STEPS 8.0

typedef struct
{
  DinoscopeCanvas *self;
  DinoscopePart    part;
  guint            serial;
  GCancellable    *cancellable;
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->self);
  g_object_unref (request->cancellable);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
drop_drawn (DinoscopeCanvasGreys *greys)
{
  g_clear_pointer (&greys->level, dinoscope_canvas_level_free);
  g_clear_pointer (&greys->pixels, cairo_surface_destroy);
}

void
dinoscope_canvas_greys_clear (DinoscopeCanvas *self)
{
  DinoscopeCanvasGreys *greys = &self->greys;

  greys->serial++;
  g_cancellable_cancel (greys->cancellable);
  g_clear_object (&greys->cancellable);
  g_clear_handle_id (&greys->retry_source, g_source_remove);
  drop_drawn (greys);
}

/* Greys belong to a study; for a moment the canvas may have the next one already. */
static gboolean
is_wanted (DinoscopeCanvas *self)
{
  DinoscopeCanvasGreys *greys = &self->greys;

  return greys->greys != NULL && self->engine != NULL && self->study != NULL && dinoscope_view_is_usable (&self->view) &&
         dinoscope_greys_get_study (greys->greys) == self->study && !dinoscope_greys_is_default (greys->greys);
}

/* The visible part of the level that suits the zoom, widened by margin. */
static void
wanted_part (DinoscopeCanvas *self, double margin, DinoscopePart *part)
{
  const DinoscopeView *view = &self->view;
  struct dino_box      visible = dinoscope_view_visible (view);
  double               room_x = margin * (visible.x1 - visible.x0);
  double               room_y = margin * (visible.y1 - visible.y0);
  int                  width, height;

  part->level = dinoscope_canvas_shows_squares (view) ? 0 : dinoscope_canvas_picture_choose_level (&self->picture, view);
  dinoscope_study_get_level (self->study, part->level, &width, &height);
  part->x = CLAMP ((int) floor ((visible.x0 - room_x) * width / view->picture_width) - 1, 0, width - 1);
  part->y = CLAMP ((int) floor ((visible.y0 - room_y) * height / view->picture_height) - 1, 0, height - 1);
  part->width = CLAMP ((int) ceil ((visible.x1 + room_x) * width / view->picture_width) + 1, part->x + 1, width) - part->x;
  part->height = CLAMP ((int) ceil ((visible.y1 + room_y) * height / view->picture_height) + 1, part->y + 1, height) - part->y;
}

static gboolean
part_contains (const DinoscopePart *outer, const DinoscopePart *inner)
{
  return outer->level == inner->level && outer->x <= inner->x && outer->y <= inner->y &&
         outer->x + outer->width >= inner->x + inner->width && outer->y + outer->height >= inner->y + inner->height;
}

static gboolean
has_drawn (const DinoscopeCanvasGreys *greys)
{
  return greys->level != NULL || greys->pixels != NULL;
}

static gboolean
needs_drawing (DinoscopeCanvas *self)
{
  const DinoscopeCanvasGreys *greys = &self->greys;
  DinoscopePart               part;

  if (!is_wanted (self) || greys->failed_serial == greys->serial)
    return FALSE;
  wanted_part (self, 0, &part);
  return !has_drawn (greys) || greys->drawn_serial != greys->serial || !part_contains (&greys->drawn, &part) ||
         dinoscope_canvas_shows_squares (&self->view) != (greys->pixels != NULL);
}

gboolean
dinoscope_canvas_greys_is_settled (DinoscopeCanvas *self)
{
  return self->greys.cancellable == NULL && !needs_drawing (self);
}

/* Cairo reads the engine's bytes as they are. */
static cairo_surface_t *
surface_new (GBytes *bytes, const DinoscopePart *part)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, part->width, part->height);
  const guint8    *from = g_bytes_get_data (bytes, NULL);

  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      return NULL;
    }
  cairo_surface_flush (surface);
  for (int y = 0; y < part->height; y++)
    memcpy (cairo_image_surface_get_data (surface) + (gsize) y * (gsize) cairo_image_surface_get_stride (surface),
            from + (gsize) y * (gsize) part->width * 4, (gsize) part->width * 4);
  cairo_surface_mark_dirty (surface);
  return surface;
}

static void
take_drawn (DinoscopeCanvas *self, const Request *request, GBytes *bytes)
{
  DinoscopeCanvasGreys *greys = &self->greys;
  int                   width, height;

  drop_drawn (greys);
  greys->drawn = request->part;
  greys->drawn_serial = request->serial;
  if (dinoscope_canvas_shows_squares (&self->view) && request->part.level == 0)
    greys->pixels = surface_new (bytes, &request->part);
  if (greys->pixels == NULL)
    {
      dinoscope_study_get_level (self->study, request->part.level, &width, &height);
      greys->level = dinoscope_canvas_level_new_part (bytes, &request->part, width, height);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
retry_cb (gpointer user_data)
{
  DinoscopeCanvas *self = user_data;

  self->greys.retry_source = 0;
  dinoscope_canvas_greys_update (self);
  return G_SOURCE_REMOVE;
}

static void
draw_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request)   request = user_data;
  g_autoptr (GError)    error = NULL;
  g_autoptr (GBytes)    bytes = dinoscope_engine_draw_greys_finish (DINOSCOPE_ENGINE (object), result, &error);
  DinoscopeCanvas      *self = request->self;
  DinoscopeCanvasGreys *greys = &self->greys;

  /* Another picture came meanwhile. */
  if (greys->cancellable != request->cancellable)
    return;
  g_clear_object (&greys->cancellable);
  if (bytes != NULL)
    {
      /* The study's own greys may be back. */
      if (is_wanted (self))
        take_drawn (self, request, bytes);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      /* Somebody else's request took its place. */
      greys->retry_source = g_timeout_add (RETRY_MILLISECONDS, retry_cb, self);
      return;
    }
  else
    {
      greys->failed_serial = request->serial;
      dinoscope_canvas_emit_map_failed (self, error->message);
    }
  dinoscope_canvas_greys_update (self);
}

/* One request at a time, so that a hand that never rests still sees what it
 * does; when it is done, the newest values are drawn next. */
void
dinoscope_canvas_greys_update (DinoscopeCanvas *self)
{
  DinoscopeCanvasGreys *greys = &self->greys;
  Request              *request;

  if (greys->cancellable != NULL || greys->retry_source != 0 || !needs_drawing (self))
    return;

  greys->cancellable = g_cancellable_new ();
  request = g_new0 (Request, 1);
  request->self = g_object_ref (self);
  request->serial = greys->serial;
  request->cancellable = g_object_ref (greys->cancellable);
  wanted_part (self, dinoscope_greys_is_held (greys->greys) ? 0 : MARGIN, &request->part);
  dinoscope_engine_draw_greys_async (self->engine, self->study, dinoscope_greys_get_display (greys->greys),
                                     dinoscope_greys_get_inverted (greys->greys), &request->part, request->cancellable, draw_cb, request);
}

gboolean
dinoscope_canvas_greys_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot)
{
  const DinoscopeCanvasGreys *greys = &self->greys;

  if (!is_wanted (self) || !has_drawn (greys))
    return FALSE;
  if (greys->pixels != NULL)
    dinoscope_canvas_pixels_snapshot (greys->pixels, greys->drawn.x, greys->drawn.y, &self->view, snapshot);
  else
    dinoscope_canvas_level_snapshot (greys->level, &self->view, snapshot);
  return TRUE;
}

static void
greys_changed_cb (DinoscopeCanvas *self)
{
  self->greys.serial++;
  if (!is_wanted (self))
    drop_drawn (&self->greys);
  dinoscope_canvas_greys_update (self);
  dinoscope_canvas_greys_update_actions (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dinoscope_canvas_set_greys (DinoscopeCanvas *self, DinoscopeGreys *greys)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));
  g_return_if_fail (self->greys.greys == NULL && DINOSCOPE_IS_GREYS (greys));

  self->greys.greys = g_object_ref (greys);
  g_signal_connect_object (greys, "changed", G_CALLBACK (greys_changed_cb), self, G_CONNECT_SWAPPED);
  greys_changed_cb (self);
}

/* A hand. */

void
dinoscope_canvas_greys_drag_begin (DinoscopeCanvas *self)
{
  if (self->greys.greys == NULL)
    return;
  self->greys.drag_x = self->greys.drag_y = 0;
  dinoscope_greys_hold (self->greys.greys);
}

/* Ctrl may come and go during a drag: each movement counts by itself. */
void
dinoscope_canvas_greys_drag (DinoscopeCanvas *self, double dx, double dy, gboolean fine)
{
  DinoscopeCanvasGreys *greys = &self->greys;
  double                factor = fine ? DINO_WINDOW_FINE : 1;

  if (greys->greys == NULL)
    return;
  dinoscope_greys_move (greys->greys, factor * (dx - greys->drag_x), -factor * (dy - greys->drag_y));
  greys->drag_x = dx;
  greys->drag_y = dy;
}

void
dinoscope_canvas_greys_drag_end (DinoscopeCanvas *self)
{
  if (self->greys.greys != NULL)
    dinoscope_greys_release (self->greys.greys);
}

/* Actions. */

static void
preset_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeCanvas    *self = DINOSCOPE_CANVAS (widget);
  struct dino_display display = { .kind = DINO_DISPLAY_FILE, .voi = g_variant_get_int32 (parameter) };

  if ((guint) display.voi < dinoscope_greys_get_n_presets (self->greys.greys))
    dinoscope_greys_set_display (self->greys.greys, &display);
}

static void
range_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const struct dino_display display = { .kind = g_str_equal (name, "view.window-full") ? DINO_DISPLAY_FULL : DINO_DISPLAY_PERCENTILE };

  dinoscope_greys_set_display (DINOSCOPE_CANVAS (widget)->greys.greys, &display);
}

static void
reset_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_greys_reset (DINOSCOPE_CANVAS (widget)->greys.greys);
}

static void
invert_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeGreys *greys = DINOSCOPE_CANVAS (widget)->greys.greys;

  dinoscope_greys_set_exchanged (greys, !dinoscope_greys_get_exchanged (greys));
}

/* view.window-move (wider, brighter), in steps of a key. */
static void
move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  double wider, brighter;

  g_variant_get (parameter, "(dd)", &wider, &brighter);
  dinoscope_greys_move (DINOSCOPE_CANVAS (widget)->greys.greys, KEY_STEPS * wider, KEY_STEPS * brighter);
}

static void
bind_presets (GtkWidgetClass *widget_class)
{
  for (int i = 0; i < 9; i++)
    {
      gtk_widget_class_add_binding_action (widget_class, GDK_KEY_1 + (guint) i, 0, "view.window-preset", "i", i);
      gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_1 + (guint) i, 0, "view.window-preset", "i", i);
    }
}

static void
bind_movements (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint  key;
    double wider, brighter;
  } keys[] = {
    { GDK_KEY_w, 1, 0 },
    { GDK_KEY_b, 0, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      double wider = keys[i].wider, brighter = keys[i].brighter;

      gtk_widget_class_add_binding_action (widget_class, keys[i].key, 0, "view.window-move", "(dd)", wider, brighter);
      gtk_widget_class_add_binding_action (widget_class, keys[i].key, GDK_SHIFT_MASK, "view.window-move", "(dd)", -wider, -brighter);
      gtk_widget_class_add_binding_action (widget_class, keys[i].key, GDK_ALT_MASK, "view.window-move", "(dd)", wider * DINO_WINDOW_FINE, brighter * DINO_WINDOW_FINE);
      gtk_widget_class_add_binding_action (widget_class, keys[i].key, GDK_ALT_MASK | GDK_SHIFT_MASK, "view.window-move", "(dd)", -wider * DINO_WINDOW_FINE, -brighter * DINO_WINDOW_FINE);
    }
}

void
dinoscope_canvas_class_greys_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "view.window-preset", "i", preset_action);
  gtk_widget_class_install_action (widget_class, "view.window-move", "(dd)", move_action);
  gtk_widget_class_install_action (widget_class, "view.window-auto", NULL, range_action);
  gtk_widget_class_install_action (widget_class, "view.window-full", NULL, range_action);
  gtk_widget_class_install_action (widget_class, "view.window-reset", NULL, reset_action);
  gtk_widget_class_install_action (widget_class, "view.invert", NULL, invert_action);
  bind_presets (widget_class);
  bind_movements (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0, 0, "view.window-reset", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_0, 0, "view.window-reset", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, 0, "view.window-auto", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_SHIFT_MASK, "view.window-full", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_i, 0, "view.invert", NULL);
}

void
dinoscope_canvas_greys_update_actions (DinoscopeCanvas *self)
{
  static const char *const of_windows[] = { "view.window-move", "view.window-auto", "view.window-full" };
  GtkWidget               *widget = GTK_WIDGET (self);
  DinoscopeGreys          *greys = self->greys.greys;
  gboolean                 shown = greys != NULL && self->study != NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (of_windows); i++)
    gtk_widget_action_set_enabled (widget, of_windows[i], shown && dinoscope_greys_has_windows (greys));
  gtk_widget_action_set_enabled (widget, "view.window-preset", shown && dinoscope_greys_get_n_presets (greys) > 0);
  gtk_widget_action_set_enabled (widget, "view.window-reset", shown && !dinoscope_greys_is_default (greys));
  gtk_widget_action_set_enabled (widget, "view.invert", shown);
}
