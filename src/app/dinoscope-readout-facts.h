#pragma once

#include "app/dinoscope-facts.h"
#include "app/dinoscope-readout.h"

G_BEGIN_DECLS

/* All numbers of a patch, one a fact; what is not known is left out. map is the
 * one that was read, or NULL. */
void dinoscope_facts_of_readout (const DinoscopeReadout *readout, DinoscopeMap *map, DinoscopeFactFunc func, gpointer user_data);

G_END_DECLS
