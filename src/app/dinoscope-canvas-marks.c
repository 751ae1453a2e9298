#include "app/dinoscope-canvas-private.h"

#include <math.h>

/* Device-independent pixels. */
#define HATCH_DISTANCE 8.0
#define SMALLEST_GRID_CELL 10.0
#define SMALLEST_SELECTION 6.0

/* Nothing is drawn farther than this beyond the viewport: numbers stay small
 * at any zoom. */
#define BEYOND 16.0

static const GdkRGBA hatch_veil = { 0, 0, 0, 0.5f };
static const GdkRGBA hatch_line = { 1, 1, 1, 0.14f };
static const GdkRGBA dark_line = { 0, 0, 0, 0.75f };
static const GdkRGBA light_line = { 1, 1, 1, 1 };
static const GdkRGBA frame_line = { 1, 1, 1, 0.6f };
static const GdkRGBA grid_dark = { 0, 0, 0, 0.3f };
static const GdkRGBA grid_light = { 1, 1, 1, 0.3f };

static double
snap (const DinoscopeView *view, double value)
{
  return round (value * view->scale) / view->scale;
}

struct dino_box
dinoscope_canvas_shown_box (const DinoscopeView *view, struct dino_box box)
{
  struct dino_box shown = dinoscope_view_box_to_widget (view, box);

  shown.x0 = snap (view, CLAMP (shown.x0, -BEYOND, view->width + BEYOND));
  shown.y0 = snap (view, CLAMP (shown.y0, -BEYOND, view->height + BEYOND));
  shown.x1 = snap (view, CLAMP (shown.x1, -BEYOND, view->width + BEYOND));
  shown.y1 = snap (view, CLAMP (shown.y1, -BEYOND, view->height + BEYOND));
  return shown;
}

static graphene_rect_t
rect_of (struct dino_box box)
{
  return GRAPHENE_RECT_INIT ((float) box.x0, (float) box.y0, (float) (box.x1 - box.x0), (float) (box.y1 - box.y0));
}

void
dinoscope_canvas_append_ring (GtkSnapshot *snapshot, struct dino_box box, double distance, double width, const GdkRGBA *color)
{
  float           widths[4] = { (float) width, (float) width, (float) width, (float) width };
  GdkRGBA         colors[4] = { *color, *color, *color, *color };
  graphene_rect_t rect = rect_of (box);
  GskRoundedRect  outline;

  graphene_rect_inset (&rect, (float) -(distance + width), (float) -(distance + width));
  gsk_rounded_rect_init_from_rect (&outline, &rect, 0);
  gtk_snapshot_append_border (snapshot, &outline, widths, colors);
}

static void
add_rectangle (cairo_t *cr, struct dino_box box)
{
  cairo_rectangle (cr, box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0);
}

/* Veils and hatches one strip that the model did not see. Lines are counted
 * from the corner of the picture, so that they move with it. */
static void
append_hatching (GtkSnapshot *snapshot, const DinoscopeView *view, struct dino_box strip, double phase)
{
  struct dino_box viewport = { 0, 0, view->width, view->height };
  graphene_rect_t rect;
  cairo_t        *cr;
  double          height;

  strip = (struct dino_box){ MAX (strip.x0, viewport.x0), MAX (strip.y0, viewport.y0),
                             MIN (strip.x1, viewport.x1), MIN (strip.y1, viewport.y1) };
  if (strip.x1 <= strip.x0 || strip.y1 <= strip.y0)
    return;

  rect = rect_of (strip);
  cr = gtk_snapshot_append_cairo (snapshot, &rect);
  add_rectangle (cr, strip);
  cairo_clip (cr);
  gdk_cairo_set_source_rgba (cr, &hatch_veil);
  cairo_paint (cr);

  height = strip.y1 - strip.y0;
  for (double sum = phase + HATCH_DISTANCE * ceil ((strip.x0 + strip.y0 - phase) / HATCH_DISTANCE); sum < strip.x1 + strip.y1; sum += HATCH_DISTANCE)
    {
      cairo_move_to (cr, sum - strip.y0, strip.y0);
      cairo_rel_line_to (cr, -height, height);
    }
  cairo_set_line_width (cr, 1);
  gdk_cairo_set_source_rgba (cr, &hatch_line);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/* What lies in the picture and not in what the model saw: a strip a side. */
static void
append_unseen (GtkSnapshot *snapshot, const DinoscopeView *view, struct dino_box whole, struct dino_box seen)
{
  double x, y, phase;
  double y0 = CLAMP (seen.y0, whole.y0, whole.y1);
  double y1 = CLAMP (seen.y1, whole.y0, whole.y1);

  dinoscope_view_to_widget (view, 0, 0, &x, &y);
  phase = fmod (x + y, HATCH_DISTANCE);
  append_hatching (snapshot, view, (struct dino_box){ whole.x0, whole.y0, whole.x1, y0 }, phase);
  append_hatching (snapshot, view, (struct dino_box){ whole.x0, y1, whole.x1, whole.y1 }, phase);
  append_hatching (snapshot, view, (struct dino_box){ whole.x0, y0, MIN (seen.x0, whole.x1), y1 }, phase);
  append_hatching (snapshot, view, (struct dino_box){ MAX (seen.x1, whole.x0), y0, whole.x1, y1 }, phase);
}

static void
append_frame (GtkSnapshot *snapshot, const DinoscopeView *view, struct dino_box seen)
{
  double pixel = 1.0 / view->scale;

  dinoscope_canvas_append_ring (snapshot, seen, pixel, pixel, &dark_line);
  dinoscope_canvas_append_ring (snapshot, seen, 0, pixel, &frame_line);
}

/* A line of one light and one dark device pixel shows on any ground. */
static void
append_grid_line (GtkSnapshot *snapshot, const DinoscopeView *view, struct dino_box line)
{
  struct dino_box shown = dinoscope_canvas_shown_box (view, line);
  double          pixel = 1.0 / view->scale;
  gboolean        upright = shown.x1 - shown.x0 < shown.y1 - shown.y0;
  graphene_rect_t rect;

  if (upright)
    shown.x1 = shown.x0 + pixel;
  else
    shown.y1 = shown.y0 + pixel;
  rect = rect_of (shown);
  gtk_snapshot_append_color (snapshot, &grid_light, &rect);
  graphene_rect_offset (&rect, upright ? (float) -pixel : 0, upright ? 0 : (float) -pixel);
  gtk_snapshot_append_color (snapshot, &grid_dark, &rect);
}

static void
append_grid (GtkSnapshot *snapshot, const DinoscopeView *view, const struct dino_geometry *geometry)
{
  struct dino_box visible = dinoscope_view_visible (view);
  struct dino_box cell = dino_geometry_patch (geometry, 0, 0);
  struct dino_box seen = dino_geometry_seen (geometry);

  if (MIN (cell.x1 - cell.x0, cell.y1 - cell.y0) * view->zoom < SMALLEST_GRID_CELL)
    return;

  for (int column = 1; column < geometry->columns; column++)
    {
      double x = dino_geometry_patch (geometry, 0, column).x0;

      if (x >= visible.x0 && x <= visible.x1)
        append_grid_line (snapshot, view, (struct dino_box){ x, seen.y0, x, seen.y1 });
    }
  for (int row = 1; row < geometry->rows; row++)
    {
      double y = dino_geometry_patch (geometry, row, 0).y0;

      if (y >= visible.y0 && y <= visible.y1)
        append_grid_line (snapshot, view, (struct dino_box){ seen.x0, y, seen.x1, y });
    }
}

/* A light line between two dark ones shows on any ground. */
static void
append_selection (GtkSnapshot *snapshot, const DinoscopeView *view, struct dino_box patch)
{
  struct dino_box shown = dinoscope_canvas_shown_box (view, patch);
  double          grow_x = ceil (MAX (SMALLEST_SELECTION - (shown.x1 - shown.x0), 0) / 2);
  double          grow_y = ceil (MAX (SMALLEST_SELECTION - (shown.y1 - shown.y0), 0) / 2);

  shown = (struct dino_box){ shown.x0 - grow_x, shown.y0 - grow_y, shown.x1 + grow_x, shown.y1 + grow_y };
  dinoscope_canvas_append_ring (snapshot, shown, 2, 1, &dark_line);
  dinoscope_canvas_append_ring (snapshot, shown, 0, 2, &light_line);
  dinoscope_canvas_append_ring (snapshot, shown, -1, 1, &dark_line);
}

void
dinoscope_canvas_marks_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot)
{
  const DinoscopeView *view = &self->view;
  struct dino_box      whole, seen;

  if (!self->has_geometry)
    return;

  whole = dinoscope_canvas_shown_box (view, (struct dino_box){ 0, 0, view->picture_width, view->picture_height });
  seen = dinoscope_canvas_shown_box (view, dino_geometry_seen (&self->geometry));
  append_unseen (snapshot, view, whole, seen);
  if (self->grid_visible)
    append_grid (snapshot, view, &self->geometry);
  if (seen.x0 != whole.x0 || seen.y0 != whole.y0 || seen.x1 != whole.x1 || seen.y1 != whole.y1)
    append_frame (snapshot, view, seen);
  dinoscope_canvas_pins_snapshot (self, snapshot);
  if (self->selected_row >= 0)
    append_selection (snapshot, view, dino_geometry_patch (&self->geometry, self->selected_row, self->selected_column));
}
