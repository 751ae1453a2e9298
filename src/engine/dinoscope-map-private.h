#pragma once

#include "engine/dinoscope-map.h"

G_BEGIN_DECLS

/* From here on the map is everybody's, and the functions that describe it refuse. */
void dinoscope_map_seal (DinoscopeMap *self);

G_END_DECLS
