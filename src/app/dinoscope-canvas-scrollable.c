#include "app/dinoscope-canvas-private.h"

static void
adjustment_changed_cb (DinoscopeCanvas *self)
{
  if (self->configuring)
    return;

  dinoscope_view_scroll_to (&self->view,
                            gtk_adjustment_get_value (self->adjustments[GTK_ORIENTATION_HORIZONTAL]),
                            gtk_adjustment_get_value (self->adjustments[GTK_ORIENTATION_VERTICAL]));
  dinoscope_canvas_view_changed (self);
}

static void
configure_adjustment (GtkAdjustment *adjustment, double content, double page, double value)
{
  /* A fitted picture may exceed its viewport by a rounding error. */
  double upper = content > page + 0.5 ? content : page;

  gtk_adjustment_configure (adjustment, MIN (value, upper - page), 0, upper, page / 10, page * 0.9, page);
}

void
dinoscope_canvas_configure_adjustments (DinoscopeCanvas *self)
{
  double width = 0, height = 0, left = 0, top = 0;

  if (self->adjustments[GTK_ORIENTATION_HORIZONTAL] == NULL || self->adjustments[GTK_ORIENTATION_VERTICAL] == NULL)
    return;

  if (dinoscope_view_is_usable (&self->view))
    dinoscope_view_content (&self->view, &width, &height, &left, &top);
  self->configuring = TRUE;
  configure_adjustment (self->adjustments[GTK_ORIENTATION_HORIZONTAL], width, self->view.width, left);
  configure_adjustment (self->adjustments[GTK_ORIENTATION_VERTICAL], height, self->view.height, top);
  self->configuring = FALSE;
}

void
dinoscope_canvas_set_adjustment (DinoscopeCanvas *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  GtkAdjustment **slot = &self->adjustments[orientation];

  if (adjustment != NULL && *slot == adjustment)
    return;

  if (*slot != NULL)
    g_signal_handlers_disconnect_by_data (*slot, self);
  g_clear_object (slot);
  *slot = g_object_ref_sink (adjustment != NULL ? adjustment : gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  g_signal_connect_object (*slot, "value-changed", G_CALLBACK (adjustment_changed_cb), self, G_CONNECT_SWAPPED);
  dinoscope_canvas_configure_adjustments (self);
  g_object_notify (G_OBJECT (self), orientation == GTK_ORIENTATION_HORIZONTAL ? "hadjustment" : "vadjustment");
}

void
dinoscope_canvas_set_policy (DinoscopeCanvas *self, GtkOrientation orientation, GtkScrollablePolicy policy)
{
  if (self->policies[orientation] == policy)
    return;

  self->policies[orientation] = policy;
  g_object_notify (G_OBJECT (self), orientation == GTK_ORIENTATION_HORIZONTAL ? "hscroll-policy" : "vscroll-policy");
}

void
dinoscope_canvas_clear_adjustments (DinoscopeCanvas *self)
{
  for (int i = 0; i < 2; i++)
    {
      if (self->adjustments[i] != NULL)
        g_signal_handlers_disconnect_by_data (self->adjustments[i], self);
      g_clear_object (&self->adjustments[i]);
    }
}
