/* Reading files that somebody else wrote. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/error.h"

/* As open(), ftruncate() and fsync(), which file systems over a network may break
 * off for a signal: that is tried again. mode counts where flags have O_CREAT. */
int dino_open (const char *path, int flags, mode_t mode);
int dino_truncate (int fd, off_t length);
int dino_sync (int fd);

/* Opens path for reading without blocking (O_NONBLOCK) and insists on a
 * regular file: a directory, FIFO, device or socket is refused by name.
 * Returns the descriptor (the caller closes it) or -1; *size is the length in
 * bytes. */
int dino_file_open (const char *path, uint64_t *size, struct dino_error *error);

/* The same; name stands for the file in messages. */
int dino_file_open_as (const char *path, const char *name, uint64_t *size, struct dino_error *error);

/* Reads exactly length bytes at offset; a short file is an error that names
 * path. Safe from several threads on one descriptor. */
bool dino_file_read_at (int fd, const char *path, void *buffer, size_t length, uint64_t offset, struct dino_error *error);

/* The whole file in memory (dino_free() it), refused when longer than limit
 * before anything is allocated. A NUL byte follows the data, not counted. */
uint8_t *dino_file_read (const char *path, size_t limit, size_t *length, struct dino_error *error);
