#pragma once

#include <gtk/gtk.h>

#include "engine/dinoscope.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_STRIP_CELL (dinoscope_strip_cell_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeStripCell, dinoscope_strip_cell, DINOSCOPE, STRIP_CELL, GtkWidget)

/* A small map of a strip, with its name below; empty until the map is there.
 *
 * Signals:
 *   "activated": by a click, Enter or Space
 */

/* value (sunk) is what the parameter of the strip has for this map. */
GtkWidget *dinoscope_strip_cell_new (const char *title, GVariant *value);

GVariant     *dinoscope_strip_cell_get_value (DinoscopeStripCell *self);
DinoscopeMap *dinoscope_strip_cell_get_map (DinoscopeStripCell *self);
gboolean      dinoscope_strip_cell_is_chosen (DinoscopeStripCell *self);

void dinoscope_strip_cell_set_map (DinoscopeStripCell *self, DinoscopeMap *map);
void dinoscope_strip_cell_set_chosen (DinoscopeStripCell *self, gboolean chosen);

/* Why there is no map; NULL: it is not there yet. */
void dinoscope_strip_cell_set_problem (DinoscopeStripCell *self, const char *problem);

/* Draws the map anew. range, which may be NULL, is told below the name. */
void dinoscope_strip_cell_draw (DinoscopeStripCell *self, const struct dino_map_style *style, const char *range);

G_END_DECLS
