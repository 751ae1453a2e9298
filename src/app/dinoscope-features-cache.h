#pragma once

#include "engine/dinoscope.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_FEATURES_CACHE (dinoscope_features_cache_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeFeaturesCache, dinoscope_features_cache, DINOSCOPE, FEATURES_CACHE, GObject)

/* Features of recent pictures under a budget of bytes; the least recently used go first. */

DinoscopeFeaturesCache *dinoscope_features_cache_new (gsize budget);

void  dinoscope_features_cache_set_budget (DinoscopeFeaturesCache *self, gsize budget);
gsize dinoscope_features_cache_get_memory (DinoscopeFeaturesCache *self);
guint dinoscope_features_cache_get_n_features (DinoscopeFeaturesCache *self);

/* Forgets all. */
void dinoscope_features_cache_clear (DinoscopeFeaturesCache *self);

/* Forgets what model made, whose weights would stay in memory for it. */
void dinoscope_features_cache_remove_model (DinoscopeFeaturesCache *self, DinoscopeModel *model);

/* (transfer full), NULL when not there; counts as a use. */
DinoscopeFeatures *dinoscope_features_cache_lookup (DinoscopeFeaturesCache *self, const char *key);

/* Features larger than the whole budget are not kept. */
void dinoscope_features_cache_insert (DinoscopeFeaturesCache *self, const char *key, DinoscopeFeatures *features);

/* What identifies features: the pixels, the model, and how the one was prepared for the
 * other. NULL when the picture does not fit the model. */
char *dinoscope_features_cache_key (DinoscopeStudy *study, DinoscopeModel *model);

G_END_DECLS
