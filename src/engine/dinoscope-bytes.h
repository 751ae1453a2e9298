#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * dinoscope_bytes_get_address:
 * @bytes: an array that this library returned, or any other one
 *
 * Gets the address of the first byte as a number.
 *
 * For languages whose bindings copy what a [struct@GLib.Bytes] holds, Python
 * among them: with it numpy looks at the memory itself. What is there is not to
 * be changed, and is valid as long as @bytes is.
 *
 * Returns: the address; 0 when there are no bytes
 */
gsize dinoscope_bytes_get_address (GBytes *bytes);

G_END_DECLS
