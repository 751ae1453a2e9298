/* The header of a .npy file, a Python dictionary. Private to io. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

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
