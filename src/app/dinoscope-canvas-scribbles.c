/* DinoscopeCanvas: the brush that paints classes on the picture. */
#include "app/dinoscope-canvas-private.h"

#include <glib/gi18n-lib.h>

static gboolean
can_paint (DinoscopeCanvas *self)
{
  return self->scribbles.scribbles != NULL && self->scribbles.kit != NULL && self->study != NULL && dinoscope_view_is_usable (&self->view);
}

static void
scribbles_changed_cb (DinoscopeCanvas *self)
{
  dinoscope_canvas_update_description (self);
  dinoscope_canvas_update_actions (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dinoscope_canvas_set_scribbles (DinoscopeCanvas *self, DinoscopeScribbles *scribbles)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));
  g_return_if_fail (DINOSCOPE_IS_SCRIBBLES (scribbles));
  g_return_if_fail (self->scribbles.scribbles == NULL);

  self->scribbles.scribbles = g_object_ref (scribbles);
  g_signal_connect_object (scribbles, "changed", G_CALLBACK (scribbles_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (scribbles, "mask-changed", G_CALLBACK (dinoscope_canvas_scribbles_update_mask), self, G_CONNECT_SWAPPED);
  dinoscope_canvas_scribbles_update_mask (self);
  scribbles_changed_cb (self);
}

/* The colours of a mask are the kit's. */
static void
kit_changed_cb (DinoscopeCanvas *self)
{
  dinoscope_canvas_scribbles_update_mask (self);
  scribbles_changed_cb (self);
}

void
dinoscope_canvas_set_scribble_kit (DinoscopeCanvas *self, DinoscopeScribbleKit *kit)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));
  g_return_if_fail (DINOSCOPE_IS_SCRIBBLE_KIT (kit));

  if (self->scribbles.kit == kit)
    return;
  if (self->scribbles.kit != NULL)
    g_signal_handlers_disconnect_by_data (self->scribbles.kit, self);
  g_set_object (&self->scribbles.kit, kit);
  g_signal_connect_object (kit, "changed", G_CALLBACK (kit_changed_cb), self, G_CONNECT_SWAPPED);
  kit_changed_cb (self);
}

void
dinoscope_canvas_scribbles_clear (DinoscopeCanvas *self)
{
  if (self->scribbles.mask_cancellable != NULL)
    g_cancellable_cancel (self->scribbles.mask_cancellable);
  g_clear_object (&self->scribbles.mask_cancellable);
  g_clear_object (&self->scribbles.mask_texture);
  g_clear_pointer (&self->scribbles.mask, g_bytes_unref);
  g_clear_object (&self->scribbles.kit);
  g_clear_object (&self->scribbles.scribbles);
}

void
dinoscope_canvas_scribbles_set_tool (DinoscopeCanvas *self, DinoscopeScribbleTool tool)
{
  if (self->scribbles.tool == tool)
    return;
  if (tool != DINOSCOPE_SCRIBBLE_TOOL_NONE)
    {
      g_object_set (self, "measuring", FALSE, NULL);
      dinoscope_canvas_regions_set_tool (self, DINOSCOPE_REGION_TOOL_NONE);
    }
  self->scribbles.tool = tool;
  scribbles_changed_cb (self);
  dinoscope_canvas_update_cursor (self);
  g_object_notify (G_OBJECT (self), "painting");
  g_object_notify (G_OBJECT (self), "rubbing-out");
}

/* The class in the brush, or none. */
static guint
get_number (DinoscopeCanvas *self, gboolean rubs_out)
{
  DinoscopeScribbleKit *kit = self->scribbles.kit;

  return rubs_out ? DINOSCOPE_SCRIBBLE_RUBS_OUT : dinoscope_scribble_kit_get (kit, dinoscope_scribble_kit_get_current (kit))->number;
}

/* The mouse. */

void
dinoscope_canvas_scribbles_press (DinoscopeCanvas *self, double widget_x, double widget_y)
{
  double x, y;

  if (!can_paint (self))
    return;
  dinoscope_view_to_picture (&self->view, widget_x, widget_y, &x, &y);
  dinoscope_scribbles_begin (self->scribbles.scribbles, get_number (self, self->scribbles.tool == DINOSCOPE_SCRIBBLE_TOOL_RUB_OUT),
                             dinoscope_scribble_kit_get_brush (self->scribbles.kit) / 2, x, y);
  self->scribbles.dragging = TRUE;
}

void
dinoscope_canvas_scribbles_drag (DinoscopeCanvas *self, double widget_x, double widget_y)
{
  double x, y;

  dinoscope_view_to_picture (&self->view, widget_x, widget_y, &x, &y);
  dinoscope_scribbles_extend (self->scribbles.scribbles, x, y);
}

void
dinoscope_canvas_scribbles_release (DinoscopeCanvas *self)
{
  if (!self->scribbles.dragging)
    return;
  self->scribbles.dragging = FALSE;
  dinoscope_scribbles_end (self->scribbles.scribbles);
}

void
dinoscope_canvas_scribbles_click (DinoscopeCanvas *self, double widget_x, double widget_y)
{
  dinoscope_canvas_scribbles_press (self, widget_x, widget_y);
  dinoscope_canvas_scribbles_release (self);
}

void
dinoscope_canvas_scribbles_pointer_moved (DinoscopeCanvas *self)
{
  if (self->scribbles.tool != DINOSCOPE_SCRIBBLE_TOOL_NONE)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The keyboard: patches at the cursor. */

void
dinoscope_canvas_scribbles_paint_patch (DinoscopeCanvas *self, gboolean rubs_out)
{
  struct dino_box box;

  if (!can_paint (self) || !self->has_geometry || self->selected_row < 0)
    return;
  box = dino_geometry_patch (&self->geometry, self->selected_row, self->selected_column);
  dinoscope_scribbles_begin (self->scribbles.scribbles, get_number (self, rubs_out), MIN (box.x1 - box.x0, box.y1 - box.y0) / 2,
                             (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2);
  dinoscope_scribbles_end (self->scribbles.scribbles);
}

/* Words. */

char *
dinoscope_canvas_scribbles_describe (DinoscopeCanvas *self)
{
  guint                         n = self->scribbles.scribbles != NULL ? dinoscope_scribbles_get_n (self->scribbles.scribbles) : 0;
  const DinoscopeScribbleClass *current;
  g_autofree char              *count = NULL;

  if (self->scribbles.tool == DINOSCOPE_SCRIBBLE_TOOL_NONE || self->scribbles.kit == NULL)
    return NULL;
  count = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u stroke is painted.", "%u strokes are painted.", n), n);
  if (self->scribbles.tool == DINOSCOPE_SCRIBBLE_TOOL_RUB_OUT)
    return g_strdup_printf (_ ("%s The brush rubs out."), count);
  current = dinoscope_scribble_kit_get (self->scribbles.kit, dinoscope_scribble_kit_get_current (self->scribbles.kit));
  return g_strdup_printf (_ ("%s The brush paints %s."), count, current->name);
}

/* Actions. */

static void
patch_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_canvas_scribbles_paint_patch (DINOSCOPE_CANVAS (widget), g_str_equal (name, "view.rub-out-patch"));
}

static void
class_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeScribbleKit *kit = DINOSCOPE_CANVAS (widget)->scribbles.kit;
  guint                 n = dinoscope_scribble_kit_get_n (kit);
  guint                 step = g_str_equal (name, "view.paint-class-next") ? 1 : n - 1;

  dinoscope_scribble_kit_set_current (kit, (dinoscope_scribble_kit_get_current (kit) + step) % n);
}

void
dinoscope_canvas_class_scribbles_init (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint           key;
    GdkModifierType modifiers;
    const char     *action;
  } keys[] = {
    { GDK_KEY_t, 0, "view.paint" },
    { GDK_KEY_t, GDK_SHIFT_MASK, "view.rub-out" },
    { GDK_KEY_k, 0, "view.paint-class-next" },
    { GDK_KEY_k, GDK_SHIFT_MASK, "view.paint-class-previous" },
    { GDK_KEY_Insert, 0, "view.paint-patch" },
    { GDK_KEY_KP_Insert, 0, "view.paint-patch" },
    { GDK_KEY_Delete, 0, "view.rub-out-patch" },
    { GDK_KEY_KP_Delete, 0, "view.rub-out-patch" },
  };

  gtk_widget_class_install_property_action (widget_class, "view.paint", "painting");
  gtk_widget_class_install_property_action (widget_class, "view.rub-out", "rubbing-out");
  gtk_widget_class_install_action (widget_class, "view.paint-class-next", NULL, class_action);
  gtk_widget_class_install_action (widget_class, "view.paint-class-previous", NULL, class_action);
  gtk_widget_class_install_action (widget_class, "view.paint-patch", NULL, patch_action);
  gtk_widget_class_install_action (widget_class, "view.rub-out-patch", NULL, patch_action);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers, keys[i].action, NULL);
}

void
dinoscope_canvas_scribbles_update_actions (DinoscopeCanvas *self)
{
  static const char *const of_brush[] = { "view.paint-class-next", "view.paint-class-previous", "view.paint-patch", "view.rub-out-patch" };
  gboolean                 there = self->study != NULL && self->scribbles.scribbles != NULL && self->scribbles.kit != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "view.paint", there);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "view.rub-out", there);
  for (gsize i = 0; i < G_N_ELEMENTS (of_brush); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), of_brush[i], there && self->scribbles.tool != DINOSCOPE_SCRIBBLE_TOOL_NONE);
}
