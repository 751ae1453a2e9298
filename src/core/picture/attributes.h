/* What a file says of its picture besides the pixels, for people to read. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

/* What a millimetre of the pixel spacing is. On a projection radiograph the
 * spacing at the detector is larger than that in the patient. */
enum dino_spacing
{
  DINO_SPACING_UNKNOWN,    /* lengths are told in pixels */
  DINO_SPACING_DETECTOR,   /* at the detector's front (Imager Pixel Spacing) */
  DINO_SPACING_CALIBRATED, /* calibrated by an object of known size or by geometry */
  DINO_SPACING_PLANE       /* in the plane of the slice: not a projection */
};

struct dino_attribute
{
  char *keyword;  /* as in PS3.6: "ViewPosition"; owned */
  char *value;    /* UTF-8, several values joined by "\"; owned */
  bool  personal; /* may lead to a person: shown only when asked for, never written */
};

struct dino_attributes
{
  struct dino_attribute *items; /* [n], owned */
  size_t                 n;
  enum dino_spacing      spacing;
  double                 spacing_x, spacing_y; /* mm from column to column, from row to row; > 0 unless unknown */
};

#define DINO_ATTRIBUTES_MAX 128

/* Room for n attributes, zeroed; n at most DINO_ATTRIBUTES_MAX. */
struct dino_attributes *dino_attributes_new (size_t n, struct dino_error *error);
void                    dino_attributes_free (struct dino_attributes *attributes);

/* The value of one that is there, NULL otherwise; attributes may be NULL. */
const char *dino_attributes_find (const struct dino_attributes *attributes, const char *keyword);
