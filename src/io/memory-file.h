/* A file that has no name: bytes that another process is given as a descriptor.
 * Private to io. */
#pragma once

#include <stddef.h>

#include "core/base/error.h"

/* Its descriptor, which the caller closes; -1 when memory cannot be had. */
int dino_memory_file_new (const void *data, size_t length, struct dino_error *error);
