/* DinoscopeCanvas: the view as a value, for the way back and for views that are kept. */
#include "app/dinoscope-canvas-private.h"

GVariant *
dinoscope_canvas_dup_state (DinoscopeCanvas *self)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_return_val_if_fail (DINOSCOPE_IS_CANVAS (self), NULL);

  if (self->view.fitted)
    g_variant_dict_insert (&dict, "fitted", "b", TRUE);
  else
    {
      g_variant_dict_insert (&dict, "zoom", "d", self->view.zoom);
      g_variant_dict_insert (&dict, "center", "(dd)", self->view.center_x, self->view.center_y);
    }
  g_variant_dict_insert (&dict, "turns", "i", self->view.turns);
  g_variant_dict_insert (&dict, "flipped", "b", (gboolean) self->view.flipped);
  g_variant_dict_insert (&dict, "grid", "b", self->grid_visible);
  g_variant_dict_insert (&dict, "model-view", "b", self->model_view.visible);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
restore_view (DinoscopeCanvas *self, GVariant *state)
{
  gboolean      value;
  int           turns;
  double        zoom, x, y;
  DinoscopeView view = self->view;

  if (g_variant_lookup (state, "turns", "i", &turns))
    view.turns = CLAMP (turns, 0, 3);
  if (g_variant_lookup (state, "flipped", "b", &value))
    view.flipped = value;
  if (g_variant_lookup (state, "fitted", "b", &value) && value)
    view.fitted = true;
  if (g_variant_lookup (state, "zoom", "d", &zoom) && g_variant_lookup (state, "center", "(dd)", &x, &y))
    {
      view.fitted = false;
      view.zoom = zoom;
      view.center_x = x;
      view.center_y = y;
    }
  self->view = view;
  dinoscope_canvas_view_changed (self);
}

void
dinoscope_canvas_restore (DinoscopeCanvas *self, GVariant *state)
{
  gboolean value;

  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));
  g_return_if_fail (g_variant_is_of_type (state, G_VARIANT_TYPE_VARDICT));

  restore_view (self, state);
  if (g_variant_lookup (state, "grid", "b", &value))
    g_object_set (self, "grid-visible", value, NULL);
  if (g_variant_lookup (state, "model-view", "b", &value))
    g_object_set (self, "model-view", value, NULL);
}
