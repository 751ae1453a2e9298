/* Tokens that have no place in the picture, beside the map. */
#include "app/dinoscope-canvas-private.h"

#include "render/cells.h"

/* Device-independent pixels. */
#define MARGIN 14.0
#define PADDING 5.0
#define WIDEST 360.0
#define NARROWEST 1.0 /* one cell a line */
#define CORNER 5.0f

static const GdkRGBA ground = { 0.11f, 0.11f, 0.12f, 0.85f };
static const double  text_rgb[3] = { 0.95, 0.95, 0.95 };

/* The letters' size in this widget, large text included. */
static double
font_size (DinoscopeCanvas *self)
{
  PangoContext         *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontDescription *font = pango_context_get_font_description (context);
  double                size = (double) pango_font_description_get_size (font) / PANGO_SCALE;

  if (!pango_font_description_get_size_is_absolute (font))
    size *= pango_cairo_context_get_resolution (context) / 72;
  return MAX (size, 9) * 0.85;
}

/* Width and height of the cells on their ground, when lines are at most so wide. */
static void
measure (DinoscopeCanvas *self, double widest, double *width, double *height)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
  cairo_t         *cr = cairo_create (surface);

  *height = dino_cells_draw (cr, dinoscope_map_get_core (self->map.map), &self->map.style, widest, font_size (self), text_rgb, width) + 2 * PADDING;
  *width += 2 * PADDING;
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* At the right of what the model saw where there is room, else above it, else
 * in its corner; notes of the window lie in the other corners. Returns how wide
 * a line may be. */
static double
place (DinoscopeCanvas *self, struct dino_box seen, struct dino_box *box)
{
  const DinoscopeView *view = &self->view;
  double               widest = MIN (WIDEST, view->width - 2 * (MARGIN + PADDING)), width, height, x, y;

  measure (self, NARROWEST, &width, &height);
  if (view->width - seen.x1 >= width + 2 * MARGIN)
    {
      x = MAX (seen.x1, 0) + MARGIN;
      y = MAX (MIN (seen.y0, view->height - height - MARGIN), MARGIN);
      widest = NARROWEST;
    }
  else
    {
      measure (self, widest, &width, &height);
      x = MAX (MIN (seen.x1, view->width) - MARGIN - width, MARGIN);
      y = seen.y0 >= height + 2 * MARGIN ? MIN (seen.y0, view->height) - MARGIN - height : MAX (seen.y0, 0) + MARGIN;
    }
  x = round (x);
  y = round (y);
  *box = (struct dino_box){ x, y, x + ceil (width), y + ceil (height) };
  return widest;
}

void
dinoscope_canvas_cells_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot)
{
  const struct dino_map *map = self->map.map != NULL ? dinoscope_map_get_core (self->map.map) : NULL;
  struct dino_box        box;
  graphene_rect_t        rect;
  GskRoundedRect         outline;
  cairo_t               *cr;
  double                 widest;

  if (map == NULL || !dino_cells_exist (map))
    return;

  widest = place (self, dinoscope_view_box_to_widget (&self->view, map->seen), &box);
  rect = GRAPHENE_RECT_INIT ((float) box.x0, (float) box.y0, (float) (box.x1 - box.x0), (float) (box.y1 - box.y0));
  gsk_rounded_rect_init_from_rect (&outline, &rect, CORNER);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &ground, &rect);
  gtk_snapshot_pop (snapshot);
  cr = gtk_snapshot_append_cairo (snapshot, &rect);
  cairo_translate (cr, box.x0 + PADDING, box.y0 + PADDING);
  dino_cells_draw (cr, map, &self->map.style, widest, font_size (self), text_rgb, NULL);
  cairo_destroy (cr);
}

int
dinoscope_canvas_find_cell (DinoscopeCanvas *self, double widget_x, double widget_y)
{
  const struct dino_map *map;
  struct dino_box        box;
  cairo_surface_t       *surface;
  cairo_t               *cr;
  double                 widest;
  int                    found;

  g_return_val_if_fail (DINOSCOPE_IS_CANVAS (self), -1);

  map = self->map_visible && !self->peeking && self->map.map != NULL ? dinoscope_map_get_core (self->map.map) : NULL;
  if (map == NULL || !dino_cells_exist (map) || !dinoscope_view_is_usable (&self->view))
    return -1;
  widest = place (self, dinoscope_view_box_to_widget (&self->view, map->seen), &box);
  surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
  cr = cairo_create (surface);
  found = dino_cells_find (cr, map, widest, font_size (self), widget_x - box.x0 - PADDING, widget_y - box.y0 - PADDING);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return found;
}
