/* What the decoders share: refusing a picture by its header. Private to io. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

/* Is a picture that claims this size one that is decoded? Asked before
 * anything of that size is allocated; name stands for the file. */
bool dino_limits_check (uint64_t width, uint64_t height, const char *name, struct dino_error *error);
