#pragma once

#include <glib-object.h>

#include "dinoscope-features.h"

#ifdef DINOSCOPE_INTERNAL
#include "core/maps/map.h"
#endif

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MAP (dinoscope_map_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeMap, dinoscope_map, DINOSCOPE, MAP, GObject)

/* Numbers over the patch grid with range, unit and legend. Immutable. */

#ifdef DINOSCOPE_INTERNAL
/* Takes the reference on core. What is wrong with it (sizes, non-finite valid cells)
 * is reported by dinoscope_overlay_provider_compute(). */
DinoscopeMap *dinoscope_map_new (struct dino_map *core);

const struct dino_map *dinoscope_map_get_core (DinoscopeMap *self);
#endif

/* For who makes maps outside of the library: values are float32 in host order,
 * row-major, [rows, columns, channels], with 1 or 3 channels, and copied. The
 * map lies over what the encoder saw, its range is that of its values, its
 * colours are "viridis". */
DinoscopeMap *dinoscope_map_new_for_features (DinoscopeFeatures *features, guint channels, GBytes *values, GError **error);

/* The same for any grid; where it lies is dinoscope_map_set_place()'s. An
 * overlay has to return one over the patch grid. */
DinoscopeMap *dinoscope_map_new_from_values (guint width, guint height, guint channels, GBytes *values, GError **error);

/* What these say of a new map is said before an overlay returns it; later they
 * refuse. Texts are cut to what the map has room for: 127 bytes of title, 511 of
 * legend, 31 of unit, 31 of a colour map's name, 15 of a mark's label. */

/* One byte a cell, 0: not valid, shown as transparent. FALSE when their number is not that of the cells. */
gboolean dinoscope_map_set_validity (DinoscopeMap *self, GBytes *valid);

/* The rectangle that the map covers, in pixels of the original. */
void dinoscope_map_set_place (DinoscopeMap *self, double x0, double y0, double x1, double y1);

/* Values that mean something on both sides of 0: the range is symmetric about it. */
void dinoscope_map_set_signed (DinoscopeMap *self, gboolean is_signed);

/* The range that is suggested, instead of that of the values. After the two above. */
void dinoscope_map_set_range (DinoscopeMap *self, double low, double high);

/* legend: how the map was made, a sentence or several lines; unit may be "". */
void dinoscope_map_set_texts (DinoscopeMap *self, const char *title, const char *legend, const char *unit);

/* "viridis", "vik": one of those that "dinoscope-cli map --list" prints. */
void dinoscope_map_set_colormap (DinoscopeMap *self, const char *name);

/* A patch that the map points at; FALSE when memory cannot be had. */
gboolean dinoscope_map_add_mark (DinoscopeMap *self, guint row, guint column, const char *label);

/* What was used and found, for sidecars and the recipe: a{sv}, e.g.
 * "variance-ratio" ad, "basis-sha256" s. Sunk by the map; NULL allowed. */
void      dinoscope_map_set_details (DinoscopeMap *self, GVariant *details);
GVariant *dinoscope_map_get_details (DinoscopeMap *self);

int         dinoscope_map_get_width (DinoscopeMap *self);
int         dinoscope_map_get_height (DinoscopeMap *self);
int         dinoscope_map_get_channels (DinoscopeMap *self);
GBytes     *dinoscope_map_dup_values (DinoscopeMap *self);
const char *dinoscope_map_get_title (DinoscopeMap *self);
const char *dinoscope_map_get_legend (DinoscopeMap *self);
const char *dinoscope_map_get_unit (DinoscopeMap *self);

G_END_DECLS
