#pragma once

#include "engine/dinoscope.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MAP_CACHE (dinoscope_map_cache_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeMapCache, dinoscope_map_cache, DINOSCOPE, MAP_CACHE, GObject)

/* Maps that were computed, the least recently used ones going first. A map is
 * known by the features that it was made of, its overlay and its parameters;
 * what was made while a picture was encoded serves when it is done. Features
 * are not kept alive: maps go when features do. For the main thread. */

/* budget: how many maps are kept. */
DinoscopeMapCache *dinoscope_map_cache_new (guint budget);

/* parameters are complete, as dinoscope_parameters_complete() makes them.
 * (transfer full); NULL when there is no such map. */
DinoscopeMap *dinoscope_map_cache_lookup (DinoscopeMapCache *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters);

/* Takes the place of a map made of the same. */
void dinoscope_map_cache_insert (DinoscopeMapCache *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, DinoscopeMap *map);

/* The maps that features made serve other features of the same run, even when
 * the former go away: for those who let partial features go. */
void dinoscope_map_cache_track (DinoscopeMapCache *self, DinoscopeFeatures *features);

guint dinoscope_map_cache_get_n_maps (DinoscopeMapCache *self);

G_END_DECLS
