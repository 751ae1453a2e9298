#pragma once

#include <glib-object.h>

#include "dinoscope-enums.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MAP_STYLE (dinoscope_map_style_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeMapStyle, dinoscope_map_style, DINOSCOPE, MAP_STYLE, GObject)

/**
 * DinoscopeMapStyle:
 *
 * How a map is drawn. Immutable.
 *
 * Made by g_object_new() with its properties; those that are left out are as
 * on the command line.
 */

/**
 * DinoscopeMapStyle:colormap:
 *
 * Name of the colours, one that "dinoscope-cli map --list" prints ("viridis");
 * %NULL: what the map suggests.
 */

/**
 * DinoscopeMapStyle:opacity:
 *
 * Opacity of what is drawn, 0 … 1.
 */

/**
 * DinoscopeMapStyle:threshold:
 *
 * Nothing is drawn where the value is less; -%G_MAXDOUBLE leaves nothing out.
 */

/**
 * DinoscopeMapStyle:low:
 *
 * The value that has the first colour. Maps of one channel only; counts when it
 * is less than [property@Dinoscope.MapStyle:high], else the map's own range does.
 */

/**
 * DinoscopeMapStyle:high:
 *
 * The value that has the last colour.
 */

/**
 * DinoscopeMapStyle:smooth:
 *
 * What is drawn between the centres of patches.
 */

/**
 * DinoscopeMapStyle:contours:
 *
 * Lines of equal value at equal steps of the range, 0 … 10. Maps of one channel only.
 */

G_END_DECLS
