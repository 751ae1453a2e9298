/* The header of a .npy file, a Python dictionary. Private to io. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "io/npy.h"

struct dino_npy_header
{
  bool   half;
  bool   fortran_order;
  size_t shape[DINO_NPY_MAX_RANK];
  int    rank;
};

/* text is the dictionary with its padding; path is for messages. */
bool dino_npy_header_parse (const char *text, size_t length, const char *path, struct dino_npy_header *header, struct dino_error *error);

/* Reads and checks everything before the values of a file of size bytes, and
 * that as many values follow as the shape says; *offset is where they start,
 * *count their number. path is for messages. */
bool dino_npy_header_read (int fd, const char *path, uint64_t size, struct dino_npy_header *header, uint64_t *offset, size_t *count, struct dino_error *error);
