#pragma once

#include <glib-object.h>

#include "core/maps/map.h"
#include "engine/dinoscope-features.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MAP (dinoscope_map_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeMap, dinoscope_map, DINOSCOPE, MAP, GObject)

/* Numbers over the patch grid with range, unit and legend. Immutable. */

/* Takes the reference on core. What is wrong with it (sizes, non-finite valid cells)
 * is reported by dinoscope_overlay_provider_compute(). */
DinoscopeMap *dinoscope_map_new (struct dino_map *core);

const struct dino_map *dinoscope_map_get_core (DinoscopeMap *self);

/* What was used and found, for sidecars and the recipe: a{sv}, e.g.
 * "variance-ratio" ad, "basis-sha256" s. Sunk by the map; NULL allowed. */
void      dinoscope_map_set_details (DinoscopeMap *self, GVariant *details);
GVariant *dinoscope_map_get_details (DinoscopeMap *self);

/* What an overlay compared the picture with. */
typedef struct
{
  DinoscopeModel *model;
  char           *pixels_sha256, *grey_sha256;
  char           *preparation; /* as dinoscope_features_get_preparation() has it */
} DinoscopeMapReference;

/* The references of the context that the map was computed with, in their
 * order; their features are not kept. (transfer none) */
void                         dinoscope_map_add_reference (DinoscopeMap *self, DinoscopeFeatures *features);
guint                        dinoscope_map_get_n_references (DinoscopeMap *self);
const DinoscopeMapReference *dinoscope_map_get_reference (DinoscopeMap *self, guint index);

int         dinoscope_map_get_width (DinoscopeMap *self);
int         dinoscope_map_get_height (DinoscopeMap *self);
int         dinoscope_map_get_channels (DinoscopeMap *self);
GBytes     *dinoscope_map_dup_values (DinoscopeMap *self);
const char *dinoscope_map_get_title (DinoscopeMap *self);
const char *dinoscope_map_get_legend (DinoscopeMap *self);
const char *dinoscope_map_get_unit (DinoscopeMap *self);

G_END_DECLS
