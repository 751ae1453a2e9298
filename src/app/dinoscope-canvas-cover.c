/* DinoscopeCanvas: a part of the picture that is covered on trial. */
#include "app/dinoscope-canvas-private.h"

static const GdkRGBA dark_color = { 0, 0, 0, 0.8f };
static const GdkRGBA line_color = { 1, 0.65f, 0.2f, 1 };

/* Device-independent pixels of a dash and of a gap. */
#define DASH 6.0

void
dinoscope_canvas_set_cover (DinoscopeCanvas *self, GdkTexture *texture, struct dino_box box)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));
  g_return_if_fail (texture == NULL || GDK_IS_TEXTURE (texture));

  g_set_object (&self->cover.texture, texture);
  self->cover.box = box;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dinoscope_canvas_set_covered_patches (DinoscopeCanvas *self, const struct dino_box *patches)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));

  self->cover.has_patches = patches != NULL;
  if (patches != NULL)
    self->cover.patches = *patches;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dinoscope_canvas_cover_clear (DinoscopeCanvas *self)
{
  g_clear_object (&self->cover.texture);
  self->cover.has_patches = FALSE;
}

/* In the place of the picture's own pixels. */
void
dinoscope_canvas_cover_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot)
{
  if (self->cover.texture != NULL)
    dinoscope_canvas_append_texture (snapshot, &self->view, self->cover.texture, self->cover.box, FALSE);
}

void
dinoscope_canvas_cover_snapshot_frame (DinoscopeCanvas *self, GtkSnapshot *snapshot)
{
  const double    dashes[] = { DASH, DASH };
  struct dino_box box;
  graphene_rect_t bounds, viewport = GRAPHENE_RECT_INIT (0, 0, (float) self->view.width, (float) self->view.height);
  cairo_t        *cr;

  if (!self->cover.has_patches)
    return;
  box = dinoscope_view_box_to_widget (&self->view, self->cover.patches);
  graphene_rect_init (&bounds, (float) box.x0, (float) box.y0, (float) (box.x1 - box.x0), (float) (box.y1 - box.y0));
  graphene_rect_inset (&bounds, -3, -3);
  if (!graphene_rect_intersection (&bounds, &viewport, &bounds))
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_rectangle (cr, box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0);
  gdk_cairo_set_source_rgba (cr, &dark_color);
  cairo_set_line_width (cr, 3.5);
  cairo_stroke_preserve (cr);
  cairo_set_dash (cr, dashes, 2, 0);
  gdk_cairo_set_source_rgba (cr, &line_color);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
  cairo_destroy (cr);
}
