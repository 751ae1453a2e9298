/* DinoscopeCanvas: the same view of another picture. */
#include "app/dinoscope-canvas-private.h"

#include <math.h>

/* Views that are nearer than this, relatively, are the same. */
#define SAME 1e-9

gboolean
dinoscope_canvas_get_relative_view (DinoscopeCanvas *self, DinoscopeRelativeView *view)
{
  const DinoscopeView *own;

  g_return_val_if_fail (DINOSCOPE_IS_CANVAS (self), FALSE);

  own = &self->view;
  if (!dinoscope_view_is_usable (own))
    return FALSE;
  *view = (DinoscopeRelativeView){
    .fitted = own->fitted,
    .zoom = own->zoom / dinoscope_view_fit_zoom (own),
    .x = own->center_x / own->picture_width,
    .y = own->center_y / own->picture_height,
    .turns = own->turns,
    .flipped = own->flipped,
  };
  return TRUE;
}

static gboolean
is_same (const DinoscopeRelativeView *one, const DinoscopeRelativeView *other)
{
  if (one->turns != other->turns || !one->flipped != !other->flipped || !one->fitted != !other->fitted)
    return FALSE;
  return one->fitted || (fabs (one->zoom - other->zoom) <= SAME * one->zoom && fabs (one->x - other->x) <= SAME && fabs (one->y - other->y) <= SAME);
}

void
dinoscope_canvas_follow (DinoscopeCanvas *self, const DinoscopeRelativeView *view)
{
  DinoscopeRelativeView now;
  DinoscopeView        *own;

  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));

  own = &self->view;
  if (!dinoscope_canvas_get_relative_view (self, &now) || is_same (&now, view))
    return;
  own->turns = view->turns;
  own->flipped = view->flipped;
  own->fitted = view->fitted;
  if (!view->fitted)
    {
      own->zoom = view->zoom * dinoscope_view_fit_zoom (own);
      own->center_x = view->x * own->picture_width;
      own->center_y = view->y * own->picture_height;
    }
  dinoscope_canvas_view_changed (self);
}
