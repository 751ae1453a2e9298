/* Files mapped for reading, that may shrink meanwhile. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct dino_mapping;

/* Maps size bytes of a regular file, shared with whoever else maps it. NULL
 * with error set when the file is not of that size.
 *
 * A read beyond the end of a file that was cut short is answered with SIGBUS.
 * A handler, put in place once for the process, gives zeros there instead and
 * remembers it; signals elsewhere go to the handler that was there before. */
struct dino_mapping *dino_mapping_new (const char *path, struct dino_error *error);
void                 dino_mapping_free (struct dino_mapping *mapping);

const void *dino_mapping_data (const struct dino_mapping *mapping);
size_t      dino_mapping_size (const struct dino_mapping *mapping);

/* Whether zeros were given for what the file no longer has. */
bool dino_mapping_is_damaged (const struct dino_mapping *mapping);
