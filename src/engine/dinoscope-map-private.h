#pragma once

#include "engine/dinoscope-cover.h"
#include "engine/dinoscope-map.h"

G_BEGIN_DECLS

/* From here on the map is everybody's, and the functions that describe it refuse. */
void dinoscope_map_seal (DinoscopeMap *self);

/* What an overlay compared the picture with. */
typedef struct
{
  DinoscopeModel *model;
  char           *pixels_sha256, *grey_sha256;
  char           *preparation; /* as dinoscope_features_get_preparation() has it */
  DinoscopeCover  cover;
} DinoscopeMapReference;

/* The references of the context that the map was computed with, in their
 * order; their features are not kept. (transfer none) */
void                         dinoscope_map_add_reference (DinoscopeMap *self, DinoscopeFeatures *features);
guint                        dinoscope_map_get_n_references (DinoscopeMap *self);
const DinoscopeMapReference *dinoscope_map_get_reference (DinoscopeMap *self, guint index);

G_END_DECLS
