/* DinoscopeCanvas: pinned patches, patches found to be similar, and those that the map points at. */
#include "app/dinoscope-canvas-private.h"

#include <math.h>

/* Device-independent pixels. */
#define TAG_PADDING 3.0
#define TAG_RADIUS 3.0f
#define SMALLEST_LABELLED 20.0

/* Colours that are told apart with any vision (Okabe and Ito 2008). */
static const GdkRGBA pin_color = { 0.90f, 0.62f, 0, 1 };
static const GdkRGBA similar_color = { 0.34f, 0.71f, 0.91f, 1 };
static const GdkRGBA dark = { 0, 0, 0, 0.8f };
static const GdkRGBA ink = { 0, 0, 0, 1 };

static const GdkRGBA marked_color = { 1, 1, 1, 1 };

/* A text on a plate of the ring's colour, at the corner of box, inside the viewport. */
static void
append_tag (DinoscopeCanvas *self, GtkSnapshot *snapshot, struct dino_box box, const char *text, const GdkRGBA *color)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  graphene_rect_t         plate;
  GskRoundedRect          outline;
  int                     width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  plate = GRAPHENE_RECT_INIT ((float) floor (MAX (box.x0 - width - 2 * TAG_PADDING, 0)), (float) floor (MAX (box.y0 - height, 0)),
                              (float) (width + 2 * TAG_PADDING), (float) height);
  gsk_rounded_rect_init_from_rect (&outline, &plate, TAG_RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, color, &plate);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (plate.origin.x + (float) TAG_PADDING, plate.origin.y));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
}

/* A ring outside of the patch, so that its colour stays to be seen. */
static void
append_patch (DinoscopeCanvas *self, GtkSnapshot *snapshot, DinoscopePatch patch, const char *text, const GdkRGBA *color)
{
  struct dino_box box = dinoscope_canvas_shown_box (&self->view, dino_geometry_patch (&self->geometry, patch.row, patch.column));

  if (box.x1 < 0 || box.y1 < 0 || box.x0 > self->view.width || box.y0 > self->view.height)
    return;
  dinoscope_canvas_append_ring (snapshot, box, 2, 1, &dark);
  dinoscope_canvas_append_ring (snapshot, box, 0, 2, color);
  if (*text != '\0')
    append_tag (self, snapshot, box, text, color);
}

static void
append_numbered (DinoscopeCanvas *self, GtkSnapshot *snapshot, DinoscopePatch patch, guint index, const GdkRGBA *color)
{
  g_autofree char *text = g_strdup_printf ("%u", index + 1);

  append_patch (self, snapshot, patch, text, color);
}

/* Patches that are pinned or chosen have their own marks. */
static gboolean
is_marked (DinoscopeCanvas *self, int row, int column)
{
  return (self->selected_row == row && self->selected_column == column) ||
         (self->marks != NULL && dinoscope_marks_find_pin (self->marks, row, column) >= 0);
}

/* Labels of neighbours would lie on each other while cells are small. */
static void
append_map_marks (DinoscopeCanvas *self, GtkSnapshot *snapshot)
{
  const struct dino_box  cell = dino_geometry_patch (&self->geometry, 0, 0);
  const gboolean         labelled = (cell.y1 - cell.y0) * self->view.zoom >= SMALLEST_LABELLED;
  const struct dino_map *map = self->map.map != NULL && self->map_visible ? dinoscope_map_get_core (self->map.map) : NULL;

  if (map == NULL || map->height != self->geometry.rows || map->width != self->geometry.columns)
    return;
  for (int i = 0; i < map->n_marks; i++)
    if (!is_marked (self, map->marks[i].row, map->marks[i].column))
      append_patch (self, snapshot, (DinoscopePatch){ map->marks[i].row, map->marks[i].column }, labelled ? map->marks[i].label : "", &marked_color);
}

void
dinoscope_canvas_pins_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot)
{
  if (!self->has_geometry)
    return;
  append_map_marks (self, snapshot);
  if (self->marks == NULL)
    return;
  for (guint i = 0; i < dinoscope_marks_get_n_similar (self->marks); i++)
    append_numbered (self, snapshot, dinoscope_marks_get_similar (self->marks, i).patch, i, &similar_color);
  for (guint i = 0; i < dinoscope_marks_get_n_pins (self->marks); i++)
    append_numbered (self, snapshot, dinoscope_marks_get_pin (self->marks, i), i, &pin_color);
}

static void
cursor_changed_cb (DinoscopeCanvas *self)
{
  DinoscopePatch cursor;

  dinoscope_marks_get_cursor (self->marks, &cursor);
  dinoscope_canvas_select_patch (self, cursor.row, cursor.column);
}

static void
marks_changed_cb (DinoscopeCanvas *self)
{
  dinoscope_canvas_update_description (self);
  dinoscope_canvas_update_actions (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dinoscope_canvas_set_marks (DinoscopeCanvas *self, DinoscopeMarks *marks)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));
  g_return_if_fail (DINOSCOPE_IS_MARKS (marks));
  g_return_if_fail (self->marks == NULL);

  self->marks = g_object_ref (marks);
  g_signal_connect_object (marks, "cursor-changed", G_CALLBACK (cursor_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (marks, "pins-changed", G_CALLBACK (marks_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (marks, "similar-changed", G_CALLBACK (marks_changed_cb), self, G_CONNECT_SWAPPED);
}

void
dinoscope_canvas_reveal_patch (DinoscopeCanvas *self, int row, int column)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));

  if (!self->has_geometry)
    return;
  dinoscope_view_reveal (&self->view, dino_geometry_patch (&self->geometry, row, column));
  dinoscope_canvas_view_changed (self);
}

static void
pin_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeCanvas *self = DINOSCOPE_CANVAS (widget);

  if (self->selected_row >= 0)
    dinoscope_marks_toggle_pin (self->marks, self->selected_row, self->selected_column);
}

static void
clear_pins_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_marks_clear_pins (DINOSCOPE_CANVAS (widget)->marks);
}

void
dinoscope_canvas_class_pins_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "view.pin", NULL, pin_action);
  gtk_widget_class_install_action (widget_class, "view.clear-pins", NULL, clear_pins_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, 0, "view.pin", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, GDK_SHIFT_MASK, "view.clear-pins", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, 0, "win.find-similar", NULL);
}

void
dinoscope_canvas_pins_update_actions (DinoscopeCanvas *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_action_set_enabled (widget, "view.pin", self->marks != NULL && self->has_geometry);
  gtk_widget_action_set_enabled (widget, "view.clear-pins", self->marks != NULL && dinoscope_marks_get_n_pins (self->marks) > 0);
}
