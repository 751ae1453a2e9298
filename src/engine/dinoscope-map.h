#pragma once

#include <glib-object.h>

#include "dinoscope-features.h"

#ifdef DINOSCOPE_INTERNAL
#include "core/maps/map.h"
#endif

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MAP (dinoscope_map_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeMap, dinoscope_map, DINOSCOPE, MAP, GObject)

/**
 * DinoscopeMap:
 *
 * Numbers over the patch grid with range, unit and legend. Immutable.
 *
 * Made by [method@Dinoscope.Engine.compute_map], and by overlays. What an
 * overlay says of a new map is said before it returns it; later the functions
 * that describe it refuse. Texts are cut to what the map has room for: 127
 * bytes of title, 511 of legend, 31 of unit, 31 of a colour map's name, 15 of a
 * mark's label.
 */

#ifdef DINOSCOPE_INTERNAL
/* Takes the reference on core. What is wrong with it (sizes, non-finite valid cells)
 * is reported by dinoscope_overlay_provider_compute(). */
DinoscopeMap *dinoscope_map_new (struct dino_map *core);

const struct dino_map *dinoscope_map_get_core (DinoscopeMap *self);

/* FALSE for what g_object_new() made, as bindings can: there is nothing in it. */
static inline gboolean
dinoscope_map_has_contents (DinoscopeMap *self)
{
  return DINOSCOPE_IS_MAP (self) && dinoscope_map_get_core (self) != NULL;
}
#endif

/**
 * dinoscope_map_new_for_features:
 * @features: the picture's features
 * @channels: 1 or 3
 * @values: [rows, columns, channels], float32 in host order, row-major; copied
 * @error: return location for an error
 *
 * Makes a map for who makes maps outside of the library. It lies over what the
 * encoder saw, its range is that of its values, its colours are "viridis".
 *
 * Returns: (transfer full): the map; %NULL with @error set when the number of values is another one
 */
DinoscopeMap *dinoscope_map_new_for_features (DinoscopeFeatures *features, guint channels, GBytes *values, GError **error);

/**
 * dinoscope_map_new_from_values:
 * @width: columns
 * @height: rows
 * @channels: 1 or 3
 * @values: [height, width, channels], float32 in host order, row-major; copied
 * @error: return location for an error
 *
 * The same for any grid; where it lies is [method@Dinoscope.Map.set_place]'s. An
 * overlay has to return one over the patch grid.
 *
 * Returns: (transfer full): the map; %NULL with @error set when the number of values is another one
 */
DinoscopeMap *dinoscope_map_new_from_values (guint width, guint height, guint channels, GBytes *values, GError **error);

/**
 * dinoscope_map_set_validity:
 * @self: a new map
 * @valid: one byte a cell, [height, width]; 0: not valid, shown as transparent
 *
 * Says which cells have a value.
 *
 * Returns: %FALSE when the number of bytes is not that of the cells
 */
gboolean dinoscope_map_set_validity (DinoscopeMap *self, GBytes *valid);

/**
 * dinoscope_map_set_place:
 * @self: a new map
 * @x0: left edge, pixels of the original
 * @y0: upper edge
 * @x1: right edge
 * @y1: lower edge
 *
 * Says which rectangle of the picture the map covers.
 */
void dinoscope_map_set_place (DinoscopeMap *self, double x0, double y0, double x1, double y1);

/**
 * dinoscope_map_set_signed:
 * @self: a new map
 * @is_signed: whether values mean something on both sides of 0
 *
 * Makes the range symmetric about 0.
 */
void dinoscope_map_set_signed (DinoscopeMap *self, gboolean is_signed);

/**
 * dinoscope_map_set_range:
 * @self: a new map
 * @low: the value of the first colour
 * @high: the value of the last colour
 *
 * Suggests a range instead of that of the values. After
 * [method@Dinoscope.Map.set_validity] and [method@Dinoscope.Map.set_signed].
 */
void dinoscope_map_set_range (DinoscopeMap *self, double low, double high);

/**
 * dinoscope_map_set_texts:
 * @self: a new map
 * @title: what it is called
 * @legend: how it was made, a sentence or several lines
 * @unit: the values' unit; may be ""
 *
 * Says what people are told of the map.
 */
void dinoscope_map_set_texts (DinoscopeMap *self, const char *title, const char *legend, const char *unit);

/**
 * dinoscope_map_set_colormap:
 * @self: a new map
 * @name: "viridis", "vik": one of those that "dinoscope-cli map --list" prints
 *
 * Suggests colours.
 */
void dinoscope_map_set_colormap (DinoscopeMap *self, const char *name);

/**
 * dinoscope_map_add_mark:
 * @self: a new map
 * @row: the patch's row
 * @column: the patch's column
 * @label: what stands beside it; may be ""
 *
 * Adds a patch that the map points at.
 *
 * Returns: %FALSE when memory cannot be had
 */
gboolean dinoscope_map_add_mark (DinoscopeMap *self, guint row, guint column, const char *label);

/**
 * dinoscope_map_set_details:
 * @self: a map
 * @details: (nullable): a{sv}; sunk by the map
 *
 * Says what was used and found, for sidecars and the recipe: e.g.
 * "variance-ratio" ad, "basis-sha256" s.
 */
void dinoscope_map_set_details (DinoscopeMap *self, GVariant *details);

/**
 * dinoscope_map_get_details:
 * @self: a map
 *
 * Gets what was used and found.
 *
 * Returns: (transfer none) (nullable): a{sv}
 */
GVariant *dinoscope_map_get_details (DinoscopeMap *self);

/**
 * dinoscope_map_get_width:
 * @self: a map
 *
 * Gets the width of the grid.
 *
 * Returns: columns
 */
int dinoscope_map_get_width (DinoscopeMap *self);

/**
 * dinoscope_map_get_height:
 * @self: a map
 *
 * Gets the height of the grid.
 *
 * Returns: rows
 */
int dinoscope_map_get_height (DinoscopeMap *self);

/**
 * dinoscope_map_get_channels:
 * @self: a map
 *
 * Gets the numbers of a cell.
 *
 * Returns: 1: a value; 3: red, green and blue
 */
int dinoscope_map_get_channels (DinoscopeMap *self);

/**
 * dinoscope_map_dup_values:
 * @self: a map
 *
 * Gets the values, [height, width, channels], float32 in host order, row-major.
 *
 * Returns: (transfer full): the numbers, sharing the map's memory
 */
GBytes *dinoscope_map_dup_values (DinoscopeMap *self);

/**
 * dinoscope_map_dup_validity:
 * @self: a map
 *
 * Gets which cells have a value, one byte a cell, [height, width]; 0: not valid.
 *
 * Returns: (transfer full) (nullable): the bytes, sharing the map's memory; %NULL: all are valid
 */
GBytes *dinoscope_map_dup_validity (DinoscopeMap *self);

/**
 * dinoscope_map_get_place:
 * @self: a map
 * @x0: (out): left edge, pixels of the original
 * @y0: (out): upper edge
 * @x1: (out): right edge
 * @y1: (out): lower edge
 *
 * Gets the rectangle of the picture that the map covers; it sticks out of a
 * picture that was padded.
 */
void dinoscope_map_get_place (DinoscopeMap *self, double *x0, double *y0, double *x1, double *y1);

/**
 * dinoscope_map_get_range:
 * @self: a map
 * @channel: 0 … channels - 1
 * @low: (out): the value of the first colour
 * @high: (out): the value of the last colour
 *
 * Gets the range that is suggested for a channel.
 */
void dinoscope_map_get_range (DinoscopeMap *self, guint channel, double *low, double *high);

/**
 * dinoscope_map_is_signed:
 * @self: a map
 *
 * Tells whether values mean something on both sides of 0.
 *
 * Returns: %TRUE when they do
 */
gboolean dinoscope_map_is_signed (DinoscopeMap *self);

/**
 * dinoscope_map_get_colormap:
 * @self: a map
 *
 * Gets the name of the colours that are suggested.
 *
 * Returns: (transfer none): "viridis"; "" of maps whose cells are colours
 */
const char *dinoscope_map_get_colormap (DinoscopeMap *self);

/**
 * dinoscope_map_get_n_cells:
 * @self: a map
 *
 * Gets the number of values that have no place in the picture, those of CLS and registers.
 *
 * Returns: values beside the map
 */
guint dinoscope_map_get_n_cells (DinoscopeMap *self);

/**
 * dinoscope_map_get_cell:
 * @self: a map
 * @index: 0 … number of such values - 1
 * @value: (out): in the map's unit
 *
 * Gets a value that has no place in the picture; it has no say in the range.
 *
 * Returns: (transfer none): whose it is: "CLS", "R0" for the first register
 */
const char *dinoscope_map_get_cell (DinoscopeMap *self, guint index, double *value);

/**
 * dinoscope_map_get_n_marks:
 * @self: a map
 *
 * Gets the number of patches that the map points at.
 *
 * Returns: marks
 */
guint dinoscope_map_get_n_marks (DinoscopeMap *self);

/**
 * dinoscope_map_get_mark:
 * @self: a map
 * @index: 0 … number of marks - 1
 * @row: (out): the patch's row
 * @column: (out): the patch's column
 *
 * Gets a patch that the map points at.
 *
 * Returns: (transfer none): what stands beside it; may be ""
 */
const char *dinoscope_map_get_mark (DinoscopeMap *self, guint index, guint *row, guint *column);

/**
 * dinoscope_map_get_title:
 * @self: a map
 *
 * Gets what it is called, translated.
 *
 * Returns: (transfer none): the title
 */
const char *dinoscope_map_get_title (DinoscopeMap *self);

/**
 * dinoscope_map_get_legend:
 * @self: a map
 *
 * Says how it was made, a sentence or several lines, translated.
 *
 * Returns: (transfer none): the legend
 */
const char *dinoscope_map_get_legend (DinoscopeMap *self);

/**
 * dinoscope_map_get_unit:
 * @self: a map
 *
 * Gets the values' unit.
 *
 * Returns: (transfer none): the unit; may be ""
 */
const char *dinoscope_map_get_unit (DinoscopeMap *self);

G_END_DECLS
