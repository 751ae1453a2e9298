#pragma once

#include "engine/dinoscope-map.h"

G_BEGIN_DECLS

/* A map in words, for those who do not see it: what it is, its range, where
 * it is strongest, and how much of it is in how few patches. (transfer full) */
char *dinoscope_map_describe (DinoscopeMap *map);

G_END_DECLS
