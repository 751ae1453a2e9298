/* SHA-256 (FIPS 180-4), by libcrypto. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/progress.h"

/* 64 lower-case hexadecimal digits and a NUL. */
#define DINO_SHA256_LENGTH 65

struct dino_sha256;

struct dino_sha256 *dino_sha256_new (struct dino_error *error);
void                dino_sha256_update (struct dino_sha256 *sum, const void *data, size_t length);

/* Ends and frees sum (NULL allowed: frees nothing, *text is empty). */
void dino_sha256_finish (struct dino_sha256 *sum, char text[DINO_SHA256_LENGTH]);

/* Of length bytes in memory. */
bool dino_sha256_memory (const void *data, size_t length, char text[DINO_SHA256_LENGTH], struct dino_error *error);

/* Of the first size bytes of an open file; name stands for it in messages. */
bool dino_sha256_open_file (int fd, const char *name, uint64_t size, char text[DINO_SHA256_LENGTH], const struct dino_progress *progress, struct dino_error *error);

/* HMAC-SHA256 (RFC 2104) of data, by which nobody can test a guess of data who
 * has not the key. */
bool dino_hmac_sha256 (const void *key, size_t key_length, const void *data, size_t length, char text[DINO_SHA256_LENGTH], struct dino_error *error);

/* The hash of a whole regular file. Progress counts MiB. */
bool dino_sha256_file (const char *path, char text[DINO_SHA256_LENGTH], const struct dino_progress *progress, struct dino_error *error);
