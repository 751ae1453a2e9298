/* The map over eog's picture. */
#pragma once

#include <gtk/gtk.h>

#include <eog/eog-scroll-view.h>

#include "viewer/map.h"
#include "viewer/place.h"

G_BEGIN_DECLS

typedef struct overlay Overlay;

/* Lies over what view shows, under eog's own buttons; mouse and fingers pass through. */
Overlay *overlay_new (EogScrollView *view);
void     overlay_free (Overlay *self);

/* map stays the caller's; NULL: nothing is drawn. */
void overlay_set_map (Overlay *self, const Map *map);

/* How the picture lies on the screen: turned from the one that the map is of, and its size there. */
void overlay_set_picture (Overlay *self, struct turn turn, int width, int height);

void overlay_set_opacity (Overlay *self, double opacity);
void overlay_set_shown (Overlay *self, gboolean shown);

G_END_DECLS
