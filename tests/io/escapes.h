/* What a reader's process tries in place of reading: the file says what. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Tries what data names. Returns, where nothing stopped it, what came of it:
 * "held" when the system refused as it should. */
const char *try_escape (const uint8_t *data, size_t length);
