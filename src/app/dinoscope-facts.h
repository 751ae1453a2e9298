#pragma once

#include "engine/dinoscope.h"

G_BEGIN_DECLS

/* Called for each fact in order; title and value are only lent. */
typedef void (*DinoscopeFactFunc) (const char *title, const char *value, gpointer user_data);

/* How a map was made: its legend, range, and what the overlay tells besides. */
void dinoscope_facts_of_map (DinoscopeMap *map, DinoscopeFactFunc func, gpointer user_data);

/* An encoder: name, dimensions, how it computes, and the hashes that are known. */
void dinoscope_facts_of_model (DinoscopeModel *model, DinoscopeFactFunc func, gpointer user_data);

/* value with three significant digits and a true minus sign. (transfer full) */
char *dinoscope_format_value (double value);

G_END_DECLS
