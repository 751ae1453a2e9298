/* Standard input and output of a reader's process. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What standard input, a file, has from its beginning. *problem is an errno: with
 * NULL, why there is nothing (EFBIG: it is longer than most); else why less came
 * than there is, or 0. Free with dino_free(). */
uint8_t *dino_standard_read (size_t most, size_t *length, int *problem);

/* False when nobody reads. */
bool dino_standard_write (const void *data, size_t length);
