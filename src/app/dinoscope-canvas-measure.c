/* DinoscopeCanvas: distances that are drawn on the picture. */
#include "app/dinoscope-canvas-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Device-independent pixels. */
#define LABEL_DISTANCE 10.0
#define LABEL_MARGIN 4.0
#define HANDLE_RADIUS 4.0
#define SELECTED_RADIUS 5.5

/* Share of what can be seen that a line added by a key is long. */
#define ADDED_LENGTH 0.25

static const GdkRGBA dark_color = { 0, 0, 0, 0.75f };
static const GdkRGBA line_color = { 0.97f, 0.89f, 0.36f, 1 };
static const GdkRGBA label_color = { 1, 1, 1, 1 };

static DinoscopeDistance *
get_lines (const DinoscopeCanvas *self)
{
  return (DinoscopeDistance *) (gpointer) self->measure.lines->data;
}

static int
count_lines (const DinoscopeCanvas *self)
{
  return self->measure.lines != NULL ? (int) self->measure.lines->len : 0;
}

static DinoscopeDistance *
get_selected (const DinoscopeCanvas *self)
{
  return self->measure.selected >= 0 ? &get_lines (self)[self->measure.selected] : NULL;
}

static DinoscopeSpacing
get_spacing (const DinoscopeCanvas *self)
{
  return dinoscope_spacing_of (dinoscope_study_get_picture (self->study)->attributes);
}

static void
lines_changed (DinoscopeCanvas *self)
{
  dinoscope_canvas_update_description (self);
  dinoscope_canvas_update_actions (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  dinoscope_canvas_emit_measured (self);
}

static void
select_line (DinoscopeCanvas *self, int line, int end)
{
  self->measure.selected = line;
  self->measure.end = end;
  lines_changed (self);
}

static void
add_line (DinoscopeCanvas *self, double x0, double y0, double x1, double y1)
{
  DinoscopeDistance line = { { 0 }, { 0 } };

  dinoscope_distance_place_end (&line, 0, x0, y0, self->view.picture_width, self->view.picture_height);
  dinoscope_distance_place_end (&line, 1, x1, y1, self->view.picture_width, self->view.picture_height);
  g_array_append_val (self->measure.lines, line);
}

void
dinoscope_canvas_measure_init (DinoscopeCanvas *self)
{
  self->measure.selected = -1;
  self->measure.kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
}

void
dinoscope_canvas_measure_clear (DinoscopeCanvas *self)
{
  self->measure.lines = NULL;
  self->measure.selected = -1;
  g_clear_pointer (&self->measure.kept, g_hash_table_unref);
}

/* Lines stay with their picture: they are there again when it is. */
void
dinoscope_canvas_measure_set_study (DinoscopeCanvas *self, DinoscopeStudy *study)
{
  const char *key = study != NULL ? dinoscope_study_get_sha256 (study) : NULL;
  GArray     *lines = key != NULL ? g_hash_table_lookup (self->measure.kept, key) : NULL;

  if (key != NULL && lines == NULL)
    {
      lines = g_array_new (FALSE, FALSE, sizeof (DinoscopeDistance));
      g_hash_table_insert (self->measure.kept, g_strdup (key), lines);
    }
  if (self->measure.lines == lines)
    return;
  self->measure.lines = lines;
  self->measure.selected = -1;
  self->measure.dragging = FALSE;
  dinoscope_canvas_emit_measured (self);
}

/* The mouse. */

static int
find_line (DinoscopeCanvas *self, double widget_x, double widget_y, DinoscopeHit *part)
{
  return dinoscope_distance_find (&self->view, get_lines (self), count_lines (self), self->measure.selected, widget_x, widget_y, part);
}

/* Takes hold of what is there, else begins a line. */
void
dinoscope_canvas_measure_press (DinoscopeCanvas *self, double widget_x, double widget_y)
{
  DinoscopeCanvasMeasure *measure = &self->measure;
  int                     line;
  double                  x, y;

  if (measure->lines == NULL || !dinoscope_view_is_usable (&self->view))
    return;

  dinoscope_view_to_picture (&self->view, widget_x, widget_y, &x, &y);
  line = find_line (self, widget_x, widget_y, &measure->part);
  if (line < 0)
    {
      line = count_lines (self);
      measure->part = DINOSCOPE_HIT_SECOND_END;
      add_line (self, x, y, x, y);
    }
  measure->dragging = TRUE;
  measure->before = get_lines (self)[line];
  measure->grip_x = x;
  measure->grip_y = y;
  select_line (self, line, measure->part == DINOSCOPE_HIT_FIRST_END ? 0 : 1);
}

void
dinoscope_canvas_measure_drag (DinoscopeCanvas *self, double widget_x, double widget_y)
{
  const DinoscopeCanvasMeasure *measure = &self->measure;
  DinoscopeDistance            *line = get_selected (self);
  double                        x, y;
  int                           end = measure->end;

  if (!measure->dragging || line == NULL)
    return;

  dinoscope_view_to_picture (&self->view, widget_x, widget_y, &x, &y);
  *line = measure->before;
  if (measure->part == DINOSCOPE_HIT_LINE)
    dinoscope_distance_shift (line, x - measure->grip_x, y - measure->grip_y, self->view.picture_width, self->view.picture_height);
  else
    dinoscope_distance_place_end (line, end, line->x[end] + x - measure->grip_x, line->y[end] + y - measure->grip_y,
                                  self->view.picture_width, self->view.picture_height);
  lines_changed (self);
}

/* What was drawn back to where it began is none. */
void
dinoscope_canvas_measure_release (DinoscopeCanvas *self)
{
  const DinoscopeDistance *line = get_selected (self);

  if (self->measure.dragging && line != NULL && line->x[0] == line->x[1] && line->y[0] == line->y[1])
    dinoscope_canvas_measure_remove (self);
  self->measure.dragging = FALSE;
}

void
dinoscope_canvas_measure_click (DinoscopeCanvas *self, double widget_x, double widget_y)
{
  DinoscopeHit part;
  int          line;

  if (self->measure.lines == NULL)
    return;
  line = find_line (self, widget_x, widget_y, &part);
  select_line (self, line, part == DINOSCOPE_HIT_FIRST_END ? 0 : 1);
}

/* What the pointer would do here: the name of a cursor. */
const char *
dinoscope_canvas_measure_cursor (DinoscopeCanvas *self)
{
  DinoscopeHit part;

  if (self->measure.dragging)
    return "grabbing";
  return self->measure.lines != NULL && find_line (self, self->pointer_x, self->pointer_y, &part) >= 0 ? "grab" : "crosshair";
}

/* The keyboard. */

void
dinoscope_canvas_measure_add (DinoscopeCanvas *self)
{
  struct dino_box visible = dinoscope_view_visible (&self->view);
  double          x = (visible.x0 + visible.x1) / 2;
  double          y = (visible.y0 + visible.y1) / 2;
  double          x0, y0, x1, y1, half;

  if (self->measure.lines == NULL || !dinoscope_view_is_usable (&self->view))
    return;

  /* Level on the screen, however the picture is turned. */
  half = self->view.width * ADDED_LENGTH / 2;
  dinoscope_view_to_widget (&self->view, x, y, &x, &y);
  dinoscope_view_to_picture (&self->view, x - half, y, &x0, &y0);
  dinoscope_view_to_picture (&self->view, x + half, y, &x1, &y1);
  add_line (self, round (x0), round (y0), round (x1), round (y1));
  select_line (self, count_lines (self) - 1, 1);
}

/* Goes round all ends; without a line there is a first one. */
void
dinoscope_canvas_measure_next_end (DinoscopeCanvas *self)
{
  DinoscopeCanvasMeasure *measure = &self->measure;

  if (count_lines (self) == 0)
    dinoscope_canvas_measure_add (self);
  else if (measure->selected >= 0 && measure->end == 0)
    select_line (self, measure->selected, 1);
  else
    select_line (self, (measure->selected + 1) % count_lines (self), 0);
}

void
dinoscope_canvas_measure_remove (DinoscopeCanvas *self)
{
  int last;

  if (get_selected (self) == NULL)
    return;
  g_array_remove_index (self->measure.lines, (guint) self->measure.selected);
  last = count_lines (self) - 1;
  select_line (self, MIN (self->measure.selected, last), 1);
}

/* Moves the chosen end by steps on the screen: of a pixel of the picture, or
 * of the screen where that is coarser. */
gboolean
dinoscope_canvas_measure_move (DinoscopeCanvas *self, int screen_x, int screen_y)
{
  DinoscopeDistance *line = get_selected (self);
  int                end = self->measure.end;
  double             step = MAX (1, ceil (1 / dinoscope_view_resolution (&self->view)));
  int                x, y;

  if (!self->measure.active || line == NULL)
    return FALSE;

  dinoscope_view_direction (&self->view, screen_x, screen_y, &x, &y);
  dinoscope_distance_place_end (line, end, line->x[end] + x * step, line->y[end] + y * step, self->view.picture_width, self->view.picture_height);
  dinoscope_view_reveal (&self->view, (struct dino_box){ line->x[end], line->y[end], line->x[end], line->y[end] });
  lines_changed (self);
  dinoscope_canvas_view_changed (self);
  return TRUE;
}

/* Words. */

char *
dinoscope_canvas_dup_measured (DinoscopeCanvas *self)
{
  DinoscopeDistance *line;

  g_return_val_if_fail (DINOSCOPE_IS_CANVAS (self), NULL);

  line = get_selected (self);
  return line != NULL ? dinoscope_distance_describe (line, get_spacing (self)) : g_strdup ("");
}

char *
dinoscope_canvas_measure_describe (DinoscopeCanvas *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  int                 n = count_lines (self);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *length = dinoscope_distance_describe (&get_lines (self)[i], get_spacing (self));

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", length);
    }
  if (n == 0)
    return self->measure.active ? g_strdup (_ ("Measuring: no distance yet.")) : NULL;
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Distance: %s.", "Distances: %s.", (gulong) n), text->str);
}

/* Drawing. */

/* A box of the label's size beside the middle of the line, inside the viewport. */
static graphene_rect_t
place_label (const DinoscopeView *view, const double x[2], const double y[2], double width, double height)
{
  double length = hypot (x[1] - x[0], y[1] - y[0]);
  double across_x = length > 0 ? (y[1] - y[0]) / length : 0;
  double across_y = length > 0 ? -(x[1] - x[0]) / length : -1;
  double reach = LABEL_DISTANCE + (fabs (across_x) * width + fabs (across_y) * height) / 2;
  double sign = across_y > 0 ? -1 : 1; /* above rather than below */
  double left = (x[0] + x[1]) / 2 + sign * across_x * reach - width / 2;
  double top = (y[0] + y[1]) / 2 + sign * across_y * reach - height / 2;

  left = CLAMP (left, 0, MAX (view->width - width, 0));
  top = CLAMP (top, 0, MAX (view->height - height, 0));
  return GRAPHENE_RECT_INIT ((float) round (left), (float) round (top), (float) width, (float) height);
}

static void
append_label (DinoscopeCanvas *self, GtkSnapshot *snapshot, const DinoscopeDistance *line, const double x[2], const double y[2])
{
  g_autofree char          *text = dinoscope_distance_describe (line, get_spacing (self));
  g_autoptr (PangoLayout)   layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  graphene_rect_t           rect;
  GskRoundedRect            outline;
  int                       width, height;

  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum"));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_get_pixel_size (layout, &width, &height);
  rect = place_label (&self->view, x, y, width + 2 * LABEL_MARGIN, height + LABEL_MARGIN);
  gsk_rounded_rect_init_from_rect (&outline, &rect, 4);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &dark_color, &rect);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (rect.origin.x + (float) LABEL_MARGIN, rect.origin.y + (float) LABEL_MARGIN / 2));
  gtk_snapshot_append_layout (snapshot, layout, &label_color);
  gtk_snapshot_restore (snapshot);
}

static void
stroke_line (cairo_t *cr, const double x[2], const double y[2], gboolean selected, int end)
{
  cairo_move_to (cr, x[0], y[0]);
  cairo_line_to (cr, x[1], y[1]);
  for (int i = 0; i < 2; i++)
    {
      cairo_new_sub_path (cr);
      cairo_arc (cr, x[i], y[i], selected && i == end ? SELECTED_RADIUS : HANDLE_RADIUS, 0, 2 * G_PI);
    }
  gdk_cairo_set_source_rgba (cr, &dark_color);
  cairo_set_line_width (cr, selected ? 5 : 3.5);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &line_color);
  cairo_set_line_width (cr, selected ? 2 : 1.25);
  cairo_stroke (cr);
  if (selected)
    {
      cairo_arc (cr, x[end], y[end], SELECTED_RADIUS - 2.5, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

static void
append_line (DinoscopeCanvas *self, GtkSnapshot *snapshot, int index)
{
  const DinoscopeDistance *line = &get_lines (self)[index];
  const float              around = (float) SELECTED_RADIUS + 4;
  graphene_rect_t          viewport = GRAPHENE_RECT_INIT (0, 0, (float) self->view.width, (float) self->view.height);
  graphene_rect_t          bounds;
  double                   x[2], y[2];
  cairo_t                 *cr;

  for (int i = 0; i < 2; i++)
    dinoscope_view_to_widget (&self->view, line->x[i], line->y[i], &x[i], &y[i]);
  graphene_rect_init (&bounds, (float) MIN (x[0], x[1]), (float) MIN (y[0], y[1]), (float) fabs (x[1] - x[0]), (float) fabs (y[1] - y[0]));
  graphene_rect_inset (&bounds, -around, -around);
  if (!graphene_rect_intersection (&bounds, &viewport, &bounds))
    return;

  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  stroke_line (cr, x, y, self->measure.active && index == self->measure.selected, self->measure.end);
  cairo_destroy (cr);
  append_label (self, snapshot, line, x, y);
}

void
dinoscope_canvas_measure_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot)
{
  for (int i = 0; i < count_lines (self); i++)
    append_line (self, snapshot, i);
}
