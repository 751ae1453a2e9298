#pragma once

#include <gtk/gtk.h>

#include "core/maps/draw.h"
#include "engine/dinoscope.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_COLOR_BAR (dinoscope_color_bar_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeColorBar, dinoscope_color_bar, DINOSCOPE, COLOR_BAR, GtkWidget)

/* The colours of a map with their numbers, drawn as exports draw them. CSS
 * decides background and colour of the text (node name "dinoscope-color-bar"). */

GtkWidget *dinoscope_color_bar_new (void);

/* style is copied and may be NULL when map is; without a map the bar hides itself. */
void dinoscope_color_bar_set_map (DinoscopeColorBar *self, DinoscopeMap *map, const struct dino_map_style *style);

G_END_DECLS
