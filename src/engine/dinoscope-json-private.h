/* Between GVariant, JSON and text. */
#pragma once

#include <gio/gio.h>
#include <jansson.h>

#include "core/base/error.h"

G_BEGIN_DECLS

/* Numbers, strings and booleans, arrays and tuples of them, dictionaries with
 * string keys; what is not a finite number becomes null. */
json_t *dinoscope_json_from_variant (GVariant *value);

/* b, i, d, s, (ii) from two whole numbers, a(ii) from an array of those. NULL
 * for anything else. Floating. */
GVariant *dinoscope_json_to_variant (const json_t *value);

/* Indented text that ends in a line break: keys in the order in which they
 * were set, numbers with a decimal point in every locale, as short as they
 * come back exactly. NULL with error set when memory was lacking while value
 * was made in this thread. */
char *dinoscope_json_to_text (const json_t *value, struct dino_error *error);

G_END_DECLS
