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

/* The view of a box that somebody asked for, until the picture is moved by hand. */

static gboolean
is_same_place (const DinoscopeView *one, const DinoscopeView *other)
{
  return one->picture_width == other->picture_width && one->picture_height == other->picture_height && one->turns == other->turns &&
         one->flipped == other->flipped && one->fitted == other->fitted && one->zoom == other->zoom && one->center_x == other->center_x &&
         one->center_y == other->center_y;
}

static void
fit_box (DinoscopeView *view, struct dino_box box)
{
  gboolean on_its_side = view->turns % 2 != 0;
  double   width = on_its_side ? box.y1 - box.y0 : box.x1 - box.x0;
  double   height = on_its_side ? box.x1 - box.x0 : box.y1 - box.y0;

  view->fitted = FALSE;
  view->zoom = MIN (view->width / width, view->height / height);
  view->center_x = (box.x0 + box.x1) / 2;
  view->center_y = (box.y0 + box.y1) / 2;
}

/* Before the view is laid out in a viewport that may be another one. */
void
dinoscope_canvas_follow_box (DinoscopeCanvas *self)
{
  if (!self->follows_box)
    return;
  self->follows_box = is_same_place (&self->view, &self->box_view);
  if (self->follows_box && dinoscope_view_is_usable (&self->view))
    fit_box (&self->view, self->box);
}

void
dinoscope_canvas_box_followed (DinoscopeCanvas *self)
{
  self->box_view = self->view;
}

gboolean
dinoscope_canvas_get_seen (DinoscopeCanvas *self, struct dino_box *box, int *turns, gboolean *flipped)
{
  g_return_val_if_fail (DINOSCOPE_IS_CANVAS (self), FALSE);

  *turns = self->view.turns;
  *flipped = self->view.flipped;
  if (self->follows_box)
    *box = self->box;
  else if (self->view.fitted || !dinoscope_view_is_usable (&self->view))
    *box = (struct dino_box){ 0, 0, self->view.picture_width, self->view.picture_height };
  else
    *box = dinoscope_view_visible (&self->view);
  return self->follows_box || !self->view.fitted || *turns != 0 || *flipped;
}

void
dinoscope_canvas_show_box (DinoscopeCanvas *self, struct dino_box box, int turns, gboolean flipped)
{
  gboolean whole;

  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));
  g_return_if_fail (box.x0 < box.x1 && box.y0 < box.y1);

  whole = box.x0 <= 0 && box.y0 <= 0 && box.x1 >= self->view.picture_width && box.y1 >= self->view.picture_height;
  self->view.turns = CLAMP (turns, 0, 3);
  self->view.flipped = flipped;
  self->view.fitted = whole;
  self->box = box;
  self->follows_box = !whole;
  dinoscope_canvas_box_followed (self);
  dinoscope_canvas_view_changed (self);
}
