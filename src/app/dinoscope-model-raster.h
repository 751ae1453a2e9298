/* The tensor's pixels on the screen: arithmetic, no widgets. */
#pragma once

#include <glib.h>

#include "app/dinoscope-view.h"

G_BEGIN_DECLS

/* Draws greys ([input_height, input_width, 3], of geometry) into the device
 * pixels of the viewport that lie in the box the model saw: the pixel that a
 * device pixel's middle falls on, or the mean of those that it covers. The
 * result is R8G8B8, *width x *height device pixels whose corner is at (*x, *y)
 * of the viewport; NULL when nothing of the box is to be seen. */
GBytes *dinoscope_model_raster_draw (const DinoscopeView *view, const struct dino_geometry *geometry, const guint8 *greys, int *x, int *y, int *width, int *height);

G_END_DECLS
