/* DinoscopeCanvas: the tensor in the place of the picture. */
#include "app/dinoscope-canvas-private.h"

#include "app/dinoscope-model-raster.h"

/* Where there is a picture that the model did not get. */
static const GdkRGBA away = { 0, 0, 0, 1 };

gboolean
dinoscope_canvas_model_is_shown (DinoscopeCanvas *self)
{
  return self->model_view.visible && self->model_view.input != NULL && !self->peeking;
}

void
dinoscope_canvas_model_clear (DinoscopeCanvas *self)
{
  g_clear_object (&self->model_view.input);
  g_clear_object (&self->model_view.texture);
}

void
dinoscope_canvas_set_model_input (DinoscopeCanvas *self, DinoscopeModelInput *input)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));
  g_return_if_fail (input == NULL || DINOSCOPE_IS_MODEL_INPUT (input));

  if (!g_set_object (&self->model_view.input, input))
    return;
  dinoscope_canvas_model_update (self);
  dinoscope_canvas_update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* To be called when the view, the tensor, or whether it is shown, has changed. */
void
dinoscope_canvas_model_update (DinoscopeCanvas *self)
{
  DinoscopeCanvasModel *model = &self->model_view;
  g_autoptr (GBytes)    pixels = NULL;
  int                   width, height;

  g_clear_object (&model->texture);
  if (!dinoscope_canvas_model_is_shown (self) || !dinoscope_view_is_usable (&self->view))
    return;

  pixels = dinoscope_model_raster_draw (&self->view,
                                        dinoscope_model_input_get_geometry (model->input),
                                        g_bytes_get_data (dinoscope_model_input_get_greys (model->input), NULL),
                                        &model->x, &model->y, &width, &height);
  if (pixels != NULL)
    model->texture = gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8, pixels, (gsize) width * 3);
}

void
dinoscope_canvas_model_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot)
{
  const DinoscopeCanvasModel *model = &self->model_view;
  const DinoscopeView        *view = &self->view;
  struct dino_box             whole = dinoscope_view_box_to_widget (view, dinoscope_view_visible (view));
  float                       scale = (float) view->scale;

  gtk_snapshot_append_color (snapshot, &away, &GRAPHENE_RECT_INIT ((float) whole.x0, (float) whole.y0, (float) (whole.x1 - whole.x0), (float) (whole.y1 - whole.y0)));
  if (model->texture != NULL)
    gtk_snapshot_append_texture (snapshot, model->texture,
                                 &GRAPHENE_RECT_INIT ((float) model->x / scale, (float) model->y / scale,
                                                      (float) gdk_texture_get_width (model->texture) / scale,
                                                      (float) gdk_texture_get_height (model->texture) / scale));
}
