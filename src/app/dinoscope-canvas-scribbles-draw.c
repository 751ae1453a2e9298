/* DinoscopeCanvas: strokes, the brush, and masks in their colours. */
#include "app/dinoscope-canvas-private.h"

#include <string.h>

/* How strokes cover the picture, which stays to be seen. */
#define STROKE_OPACITY 0.6

/* The mask. */

/* A mask and its colours, on their way to a texture. */
typedef struct
{
  GBytes *mask;
  int     width, height;
  guint32 colors[256]; /* R8G8B8A8 in memory */
} MaskRequest;

static void
mask_request_free (gpointer data)
{
  MaskRequest *request = data;

  g_bytes_unref (request->mask);
  g_free (request);
}

static void
draw_mask (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const MaskRequest *request = data;
  gsize              n = (gsize) request->width * (gsize) request->height;
  const guint8      *mask = g_bytes_get_data (request->mask, NULL);
  guint32           *pixels = g_try_malloc_n (n, sizeof *pixels);
  g_autoptr (GBytes) bytes = NULL;

  if (pixels == NULL)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  for (gsize i = 0; i < n; i++)
    pixels[i] = request->colors[mask[i]];
  bytes = g_bytes_new_take (pixels, n * sizeof *pixels);
  g_task_return_pointer (task, gdk_memory_texture_new (request->width, request->height, GDK_MEMORY_R8G8B8A8_PREMULTIPLIED, bytes, (gsize) request->width * sizeof *pixels), g_object_unref);
}

static void
mask_drawn_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  DinoscopeCanvas       *self = DINOSCOPE_CANVAS (source);
  g_autoptr (GdkTexture) texture = g_task_propagate_pointer (G_TASK (result), NULL);

  if (texture == NULL)
    return;
  g_clear_object (&self->scribbles.mask_cancellable);
  g_set_object (&self->scribbles.mask_texture, texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* What lies around is transparent, and so is what was not seen. */
static void
choose_colors (DinoscopeCanvas *self, guint32 colors[256])
{
  const struct dino_classes *classes = dinoscope_scribbles_get_mask_classes (self->scribbles.scribbles);

  memset (colors, 0, 256 * sizeof *colors);
  for (int i = 1; i < classes->n; i++)
    {
      const guint8 *rgb = classes->list[i].rgb;
      guint8        rgba[4];

      if ((guint) i < dinoscope_scribble_kit_get_n (self->scribbles.kit))
        rgb = dinoscope_scribble_kit_get (self->scribbles.kit, (guint) i)->rgb;
      memcpy (rgba, rgb, 3);
      rgba[3] = 255;
      memcpy (&colors[i], rgba, sizeof rgba);
    }
}

/* Millions of pixels are coloured elsewhere, when mask or colours are others. */
void
dinoscope_canvas_scribbles_update_mask (DinoscopeCanvas *self)
{
  DinoscopeCanvasScribbles *scribbles = &self->scribbles;
  GBytes                   *mask = scribbles->scribbles != NULL && scribbles->kit != NULL ? dinoscope_scribbles_get_mask (scribbles->scribbles) : NULL;
  guint32                   colors[256] = { 0 };
  MaskRequest              *request;
  g_autoptr (GTask)         task = NULL;

  if (mask != NULL)
    choose_colors (self, colors);
  if (scribbles->mask == mask && memcmp (scribbles->colors, colors, sizeof colors) == 0)
    return;
  if (scribbles->mask_cancellable != NULL)
    g_cancellable_cancel (scribbles->mask_cancellable);
  g_clear_object (&scribbles->mask_cancellable);
  if (scribbles->mask != mask)
    g_clear_object (&scribbles->mask_texture);
  g_clear_pointer (&scribbles->mask, g_bytes_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (mask == NULL)
    return;
  scribbles->mask = g_bytes_ref (mask);
  memcpy (scribbles->colors, colors, sizeof colors);
  request = g_new0 (MaskRequest, 1);
  request->mask = g_bytes_ref (mask);
  request->width = dinoscope_study_get_picture (self->study)->width;
  request->height = dinoscope_study_get_picture (self->study)->height;
  memcpy (request->colors, colors, sizeof colors);
  scribbles->mask_cancellable = g_cancellable_new ();
  task = g_task_new (self, scribbles->mask_cancellable, mask_drawn_cb, NULL);
  g_task_set_task_data (task, request, mask_request_free);
  g_task_run_in_thread (task, draw_mask);
}

/* Strokes. */

static void
trace_stroke (cairo_t *cr, const DinoscopeView *view, const DinoscopeScribbleStroke *stroke)
{
  const double *places = (const double *) (gpointer) stroke->places->data;

  cairo_new_path (cr);
  for (guint i = 0; i + 1 < stroke->places->len; i += 2)
    {
      double x, y;

      dinoscope_view_to_widget (view, places[i], places[i + 1], &x, &y);
      cairo_line_to (cr, x, y);
    }
  /* A line of no length is a dot, with round ends. */
  if (stroke->places->len == 2)
    cairo_close_path (cr);
  cairo_set_line_width (cr, MAX (2 * stroke->radius * view->zoom, 1));
  cairo_stroke (cr);
}

static void
paint_strokes (DinoscopeCanvas *self, cairo_t *cr)
{
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_push_group (cr);
  for (guint i = 0; i < dinoscope_scribbles_get_n (self->scribbles.scribbles); i++)
    {
      const DinoscopeScribbleStroke *stroke = dinoscope_scribbles_get (self->scribbles.scribbles, i);
      const DinoscopeScribbleClass  *of = stroke->number != DINOSCOPE_SCRIBBLE_RUBS_OUT ? dinoscope_scribble_kit_find (self->scribbles.kit, stroke->number) : NULL;

      if (of == NULL && stroke->number != DINOSCOPE_SCRIBBLE_RUBS_OUT)
        continue;
      cairo_set_operator (cr, of != NULL ? CAIRO_OPERATOR_OVER : CAIRO_OPERATOR_CLEAR);
      if (of != NULL)
        cairo_set_source_rgb (cr, of->rgb[0] / 255.0, of->rgb[1] / 255.0, of->rgb[2] / 255.0);
      trace_stroke (cr, &self->view, stroke);
    }
  cairo_pop_group_to_source (cr);
  cairo_paint_with_alpha (cr, STROKE_OPACITY);
}

/* A ring as large as the brush: light in dark, so that it is seen everywhere. */
static void
paint_brush (DinoscopeCanvas *self, cairo_t *cr)
{
  double radius = MAX (dinoscope_scribble_kit_get_brush (self->scribbles.kit) / 2 * self->view.zoom, 1);

  cairo_new_path (cr);
  cairo_arc (cr, self->pointer_x, self->pointer_y, radius, 0, 2 * G_PI);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.75);
  cairo_set_line_width (cr, 3);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

void
dinoscope_canvas_scribbles_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot)
{
  struct dino_box whole = { 0, 0, self->view.picture_width, self->view.picture_height };
  graphene_rect_t viewport = GRAPHENE_RECT_INIT (0, 0, (float) self->view.width, (float) self->view.height);
  gboolean        active = self->scribbles.tool != DINOSCOPE_SCRIBBLE_TOOL_NONE;
  cairo_t        *cr;

  if (self->scribbles.scribbles == NULL || self->scribbles.kit == NULL)
    return;
  if (self->scribbles.mask_texture != NULL && dinoscope_scribble_kit_get_mask_visible (self->scribbles.kit))
    {
      gtk_snapshot_push_opacity (snapshot, dinoscope_scribble_kit_get_opacity (self->scribbles.kit));
      dinoscope_canvas_append_texture (snapshot, &self->view, self->scribbles.mask_texture, whole, FALSE);
      gtk_snapshot_pop (snapshot);
    }
  if (dinoscope_scribbles_get_n (self->scribbles.scribbles) == 0 && !(active && self->pointer_inside))
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &viewport);
  if (dinoscope_scribbles_get_n (self->scribbles.scribbles) > 0)
    paint_strokes (self, cr);
  if (active && self->pointer_inside)
    paint_brush (self, cr);
  cairo_destroy (cr);
}
