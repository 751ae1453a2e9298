/* SHA-256 (FIPS 180-4), by libcrypto. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/progress.h"

/* 64 lower-case hexadecimal digits and a NUL. */
#define DINO_SHA256_LENGTH 65

struct dino_sha256;

struct dino_sha256 *dino_sha256_new (struct dino_error *error);
void                dino_sha256_update (struct dino_sha256 *sum, const void *data, size_t length);

/* Ends and frees sum (NULL allowed: frees nothing, *text is empty). */
void dino_sha256_finish (struct dino_sha256 *sum, char text[DINO_SHA256_LENGTH]);

/* The hash of a whole regular file. Progress counts MiB. */
bool dino_sha256_file (const char *path, char text[DINO_SHA256_LENGTH], const struct dino_progress *progress, struct dino_error *error);
