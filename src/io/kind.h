/* What a file is, by its first bytes. Private to io. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/* As many first bytes as dino_kind_of() looks at. */
#define DINO_KIND_HEAD 1024

enum dino_kind
{
  DINO_KIND_PNG,
  DINO_KIND_JPEG,
  DINO_KIND_DICOM,
  DINO_KIND_OTHER
};

enum dino_kind dino_kind_of (const uint8_t *head, size_t length);

/* Says why a file of kind DINO_KIND_OTHER is not read; returns false. */
bool dino_kind_refuse (const uint8_t *head, size_t length, const char *name, struct dino_error *error);
