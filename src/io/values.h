/* Numbers to and from the bytes of files, little-endian on every machine. Private to io. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "io/output.h"

/* count values as float32, or float16 when half. */
bool dino_values_write (struct dino_output *output, const float *values, size_t count, bool half, struct dino_error *error);

/* The same number of values from an open file; path is for messages. */
bool dino_values_read (int fd, const char *path, uint64_t offset, float *values, size_t count, bool half, struct dino_error *error);
