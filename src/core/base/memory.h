/* Checked, aligned memory. Every size that comes from a file goes through here. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

/* Cache line and AVX-512 vector. */
#define DINO_ALIGNMENT 64

/* *result = a * b, false on overflow. */
bool dino_multiply (size_t a, size_t b, size_t *result);

/* *result = a + b, false on overflow. */
bool dino_add (size_t a, size_t b, size_t *result);

/* count * size bytes aligned to DINO_ALIGNMENT, not zeroed; NULL with error
 * set when the product overflows or memory cannot be had (never aborts).
 * Free with dino_free(). count 0 gives a valid pointer. */
void *dino_alloc (size_t count, size_t size, struct dino_error *error);

/* The same, zeroed. */
void *dino_alloc_zeroed (size_t count, size_t size, struct dino_error *error);

void dino_free (void *memory);

/* A copy of text; NULL with error set when memory cannot be had. Free with dino_free(). */
char *dino_strdup (const char *text, struct dino_error *error);
