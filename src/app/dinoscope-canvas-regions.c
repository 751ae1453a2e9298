/* DinoscopeCanvas: the tool that marks regions. */
#include "app/dinoscope-canvas-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Share of what can be seen that a region added by a key is wide and high. */
#define ADDED_SIZE 0.25

/* Device-independent pixels that an arrow moves by. */
#define KEY_STEP 4.0

static DinoscopeRegions *
get_regions (const DinoscopeCanvas *self)
{
  return self->regions.regions;
}

static int
get_selected (const DinoscopeCanvas *self)
{
  return get_regions (self) != NULL ? dinoscope_regions_get_selected (get_regions (self)) : -1;
}

static gboolean
can_mark (DinoscopeCanvas *self)
{
  return get_regions (self) != NULL && self->study != NULL && dinoscope_view_is_usable (&self->view);
}

static void
regions_changed_cb (DinoscopeCanvas *self)
{
  dinoscope_canvas_regions_update_mask (self);
  dinoscope_canvas_update_description (self);
  dinoscope_canvas_update_actions (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dinoscope_canvas_set_regions (DinoscopeCanvas *self, DinoscopeRegions *regions)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));
  g_return_if_fail (DINOSCOPE_IS_REGIONS (regions));
  g_return_if_fail (self->regions.regions == NULL);

  self->regions.regions = g_object_ref (regions);
  g_signal_connect_object (regions, "changed", G_CALLBACK (regions_changed_cb), self, G_CONNECT_SWAPPED);
  regions_changed_cb (self);
}

void
dinoscope_canvas_regions_clear (DinoscopeCanvas *self)
{
  if (self->regions.mask_cancellable != NULL)
    g_cancellable_cancel (self->regions.mask_cancellable);
  g_clear_object (&self->regions.mask_cancellable);
  g_clear_object (&self->regions.mask_texture);
  g_clear_pointer (&self->regions.mask, dino_picture_unref);
  g_clear_object (&self->regions.regions);
}

void
dinoscope_canvas_regions_set_tool (DinoscopeCanvas *self, DinoscopeRegionTool tool)
{
  if (self->regions.tool == tool)
    return;
  if (tool != DINOSCOPE_REGION_TOOL_NONE)
    g_object_set (self, "measuring", FALSE, "painting", FALSE, "rubbing-out", FALSE, NULL);
  self->regions.tool = tool;
  dinoscope_canvas_update_description (self);
  dinoscope_canvas_update_actions (self);
  dinoscope_canvas_update_cursor (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify (G_OBJECT (self), "marking-boxes");
  g_object_notify (G_OBJECT (self), "marking-ellipses");
}

static enum dino_shape
tool_shape (const DinoscopeCanvas *self)
{
  return self->regions.tool == DINOSCOPE_REGION_TOOL_ELLIPSE ? DINO_SHAPE_ELLIPSE : DINO_SHAPE_BOX;
}

/* The mouse. */

/* Takes hold of what is there, else begins a region. */
void
dinoscope_canvas_regions_press (DinoscopeCanvas *self, double widget_x, double widget_y)
{
  DinoscopeCanvasRegions *tool = &self->regions;
  double                  x, y;
  int                     index;

  if (!can_mark (self))
    return;
  dinoscope_view_to_picture (&self->view, widget_x, widget_y, &x, &y);
  index = dinoscope_region_find (&self->view, tool->regions, widget_x, widget_y, &tool->grip);
  dinoscope_regions_hold (tool->regions);
  if (index >= 0)
    {
      dinoscope_regions_select (tool->regions, index);
    }
  else
    {
      struct dino_box box = dinoscope_region_resized ((struct dino_box){ 0 }, DINOSCOPE_GRIP_CORNER_2, x, y, self->view.picture_width, self->view.picture_height);

      box = (struct dino_box){ box.x1, box.y1, box.x1, box.y1 };
      index = dinoscope_regions_add (tool->regions, tool_shape (self), box, NULL);
      tool->grip = DINOSCOPE_GRIP_CORNER_2;
    }
  tool->dragging = index >= 0;
  if (!tool->dragging)
    return;
  tool->before = dinoscope_regions_get (tool->regions, (guint) index)->box;
  tool->grip_x = x;
  tool->grip_y = y;
}

void
dinoscope_canvas_regions_drag (DinoscopeCanvas *self, double widget_x, double widget_y)
{
  DinoscopeCanvasRegions *tool = &self->regions;
  int                     index = get_selected (self);
  int                     width = self->view.picture_width, height = self->view.picture_height;
  double                  x, y, corner_x, corner_y;
  struct dino_box         box;

  if (!tool->dragging || index < 0)
    return;
  dinoscope_view_to_picture (&self->view, widget_x, widget_y, &x, &y);
  if (tool->grip == DINOSCOPE_GRIP_WHOLE)
    {
      box = dinoscope_region_shifted (tool->before, x - tool->grip_x, y - tool->grip_y, width, height);
    }
  else
    {
      dinoscope_region_corner (tool->before, tool->grip, &corner_x, &corner_y);
      box = dinoscope_region_resized (tool->before, tool->grip, corner_x + x - tool->grip_x, corner_y + y - tool->grip_y, width, height);
    }
  dinoscope_regions_set_box (tool->regions, (guint) index, box);
}

/* What was drawn without width or height is none. */
void
dinoscope_canvas_regions_release (DinoscopeCanvas *self)
{
  int index = get_selected (self);

  if (!self->regions.dragging)
    return;
  self->regions.dragging = FALSE;
  if (index >= 0)
    {
      struct dino_box box = dinoscope_regions_get (self->regions.regions, (guint) index)->box;

      if (!(box.x0 < box.x1 && box.y0 < box.y1))
        dinoscope_regions_remove (self->regions.regions, (guint) index);
    }
  dinoscope_regions_release (self->regions.regions);
}

void
dinoscope_canvas_regions_click (DinoscopeCanvas *self, double widget_x, double widget_y)
{
  if (can_mark (self))
    dinoscope_regions_select (get_regions (self), dinoscope_region_at (&self->view, get_regions (self), widget_x, widget_y));
}

/* What the pointer would do here: the name of a cursor. */
const char *
dinoscope_canvas_regions_cursor (DinoscopeCanvas *self)
{
  static const char *const corners[] = { "nw-resize", "ne-resize", "se-resize", "sw-resize" };
  DinoscopeGrip            grip;
  int                      turned;

  if (self->regions.dragging && self->regions.grip == DINOSCOPE_GRIP_WHOLE)
    return "grabbing";
  if (!can_mark (self) || dinoscope_region_find (&self->view, get_regions (self), self->pointer_x, self->pointer_y, &grip) < 0)
    return "crosshair";
  if (grip == DINOSCOPE_GRIP_WHOLE)
    return "grab";
  turned = ((int) grip + self->view.turns) % 4;
  return corners[self->view.flipped ? turned ^ 1 : turned];
}

/* The keyboard. */

void
dinoscope_canvas_regions_add (DinoscopeCanvas *self)
{
  struct dino_box visible = dinoscope_view_visible (&self->view);
  double          x = (visible.x0 + visible.x1) / 2, y = (visible.y0 + visible.y1) / 2;
  double          half_x = (visible.x1 - visible.x0) * ADDED_SIZE / 2, half_y = (visible.y1 - visible.y0) * ADDED_SIZE / 2;

  if (!can_mark (self))
    return;
  dinoscope_regions_add (get_regions (self), tool_shape (self),
                         (struct dino_box){ floor (x - half_x), floor (y - half_y), ceil (x + half_x), ceil (y + half_y) }, NULL);
}

/* Goes round all regions; without one there is a first one. */
void
dinoscope_canvas_regions_step (DinoscopeCanvas *self, int steps)
{
  int n = get_regions (self) != NULL ? (int) dinoscope_regions_get_n (get_regions (self)) : 0;
  int selected = get_selected (self);

  if (self->regions.tool == DINOSCOPE_REGION_TOOL_NONE)
    dinoscope_canvas_regions_set_tool (self, DINOSCOPE_REGION_TOOL_BOX);
  if (n == 0)
    {
      dinoscope_canvas_regions_add (self);
      return;
    }
  selected = selected < 0 && steps < 0 ? n - 1 : (selected + steps + n) % n;
  dinoscope_regions_select (get_regions (self), selected);
  dinoscope_view_reveal (&self->view, dinoscope_regions_get (get_regions (self), (guint) selected)->box);
  dinoscope_canvas_view_changed (self);
}

void
dinoscope_canvas_regions_remove (DinoscopeCanvas *self)
{
  int selected = get_selected (self);

  if (selected >= 0)
    dinoscope_regions_remove (get_regions (self), (guint) selected);
}

/* The corner that is at the right and below on the screen, for keys that resize. */
static DinoscopeGrip
lower_right (const DinoscopeView *view, struct dino_box box)
{
  DinoscopeGrip found = DINOSCOPE_GRIP_CORNER_0;
  double        best = -G_MAXDOUBLE;

  for (int corner = 0; corner < 4; corner++)
    {
      double x, y;

      dinoscope_region_corner (box, (DinoscopeGrip) corner, &x, &y);
      dinoscope_view_to_widget (view, x, y, &x, &y);
      if (x + y > best)
        {
          best = x + y;
          found = (DinoscopeGrip) corner;
        }
    }
  return found;
}

/* Resizing never makes it empty: no corner passes another. */
static gboolean
is_empty (struct dino_box box)
{
  return !(box.x0 < box.x1 && box.y0 < box.y1);
}

gboolean
dinoscope_canvas_regions_move (DinoscopeCanvas *self, int screen_x, int screen_y, gboolean resize)
{
  int             index = get_selected (self);
  int             width = self->view.picture_width, height = self->view.picture_height;
  double          step, corner_x, corner_y;
  struct dino_box box;
  DinoscopeGrip   corner;
  int             x, y;

  if (self->regions.tool == DINOSCOPE_REGION_TOOL_NONE || index < 0 || !can_mark (self))
    return FALSE;
  dinoscope_view_direction (&self->view, screen_x, screen_y, &x, &y);
  step = MAX (1, round (KEY_STEP / self->view.zoom));
  box = dinoscope_regions_get (get_regions (self), (guint) index)->box;
  if (resize)
    {
      struct dino_box before = box;

      corner = lower_right (&self->view, box);
      dinoscope_region_corner (box, corner, &corner_x, &corner_y);
      box = dinoscope_region_resized (box, corner, corner_x + x * step, corner_y + y * step, width, height);
      if (is_empty (box) || lower_right (&self->view, box) != corner ||
          (box.x0 != before.x0 && box.x1 != before.x1) || (box.y0 != before.y0 && box.y1 != before.y1))
        return TRUE;
    }
  else
    {
      box = dinoscope_region_shifted (box, x * step, y * step, width, height);
    }
  dinoscope_regions_set_box (get_regions (self), (guint) index, box);
  dinoscope_view_reveal (&self->view, box);
  dinoscope_canvas_view_changed (self);
  return TRUE;
}

/* Words. */

char *
dinoscope_canvas_regions_describe (DinoscopeCanvas *self)
{
  guint            n = get_regions (self) != NULL ? dinoscope_regions_get_n (get_regions (self)) : 0;
  int              selected = get_selected (self);
  g_autofree char *count = NULL;
  g_autofree char *title = NULL;

  if (n == 0)
    return self->regions.tool != DINOSCOPE_REGION_TOOL_NONE ? g_strdup (_ ("Marking: no region yet.")) : NULL;
  count = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u region is marked.", "%u regions are marked.", n), n);
  if (selected < 0)
    return g_steal_pointer (&count);
  title = dinoscope_regions_dup_title (get_regions (self), (guint) selected);
  return g_strdup_printf (_ ("%s Selected: %s."), count, title);
}

/* Actions. */

static void
step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_canvas_regions_step (DINOSCOPE_CANVAS (widget), g_str_equal (name, "view.region-next") ? 1 : -1);
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_canvas_regions_add (DINOSCOPE_CANVAS (widget));
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_canvas_regions_remove (DINOSCOPE_CANVAS (widget));
}

void
dinoscope_canvas_class_regions_init (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint           key;
    GdkModifierType modifiers;
    const char     *action;
  } keys[] = {
    { GDK_KEY_x, 0, "view.region-box" },
    { GDK_KEY_x, GDK_SHIFT_MASK, "view.region-ellipse" },
    { GDK_KEY_j, 0, "view.region-next" },
    { GDK_KEY_j, GDK_SHIFT_MASK, "view.region-previous" },
    { GDK_KEY_Insert, 0, "view.region-add" },
    { GDK_KEY_KP_Insert, 0, "view.region-add" },
    { GDK_KEY_Delete, 0, "view.region-remove" },
    { GDK_KEY_KP_Delete, 0, "view.region-remove" },
  };

  gtk_widget_class_install_property_action (widget_class, "view.region-box", "marking-boxes");
  gtk_widget_class_install_property_action (widget_class, "view.region-ellipse", "marking-ellipses");
  gtk_widget_class_install_action (widget_class, "view.region-next", NULL, step_action);
  gtk_widget_class_install_action (widget_class, "view.region-previous", NULL, step_action);
  gtk_widget_class_install_action (widget_class, "view.region-add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "view.region-remove", NULL, remove_action);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers, keys[i].action, NULL);
}

void
dinoscope_canvas_regions_update_actions (DinoscopeCanvas *self)
{
  static const char *const of_picture[] = { "view.region-box", "view.region-ellipse", "view.region-next", "view.region-previous" };
  gboolean                 marking = self->study != NULL && self->regions.tool != DINOSCOPE_REGION_TOOL_NONE;

  for (gsize i = 0; i < G_N_ELEMENTS (of_picture); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), of_picture[i], self->study != NULL && get_regions (self) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "view.region-add", marking);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "view.region-remove", marking && get_selected (self) >= 0);
}

gboolean
dinoscope_canvas_regions_is_chosen (DinoscopeCanvas *self)
{
  return self->study != NULL && self->regions.tool != DINOSCOPE_REGION_TOOL_NONE && get_selected (self) >= 0;
}
