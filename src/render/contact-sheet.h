/* Many small pictures on one page, with a line or two below each. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/picture/thumbnail.h"

struct dino_contact
{
  const struct dino_thumbnail *picture; /* NULL where there is none to be had */
  const char                  *title, *detail;
  bool                         framed; /* what the others are compared with; begins a row */
};

/* Long side of the pictures on a sheet, in pixels. */
#define DINO_CONTACT_SIDE 220

/* [height, width, 3] with the contacts in rows of columns, a framed one at the
 * beginning of a row, a heading, and who may use it; dino_free() it. Refused when it would be larger than a picture
 * may be. */
uint8_t *dino_contact_sheet_draw (const struct dino_contact *contacts, size_t n, size_t columns, const char *heading, int *width, int *height, struct dino_error *error);
