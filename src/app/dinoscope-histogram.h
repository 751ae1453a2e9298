#pragma once

#include <gtk/gtk.h>

#include "app/dinoscope-overlay-settings.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_HISTOGRAM (dinoscope_histogram_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeHistogram, dinoscope_histogram, DINOSCOPE, HISTOGRAM, GtkWidget)

/* The histogram that a map's details hold, with the parameter "foreground" of
 * settings as a line in it: a click, a drag and the arrow keys set that. */

GtkWidget *dinoscope_histogram_new (DinoscopeOverlaySettings *settings);

/* Hides itself where map is NULL or has no histogram. */
void dinoscope_histogram_set_map (DinoscopeHistogram *self, DinoscopeMap *map);

G_END_DECLS
