/* Colour maps of 256 entries, one table for picture and colour bar. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dino_colormap
{
  const char *name;  /* "viridis" */
  const char *title; /* for people, untranslated msgid */
  bool        diverging;
  int         n_parts;       /* 0, or the number of colours that stand for parts and have no order */
  const uint8_t (*table)[3]; /* [256][3] sRGB; of parts [n_parts][3] */
};

/* Parts that have a colour each. */
#define DINO_PARTS_MIN 2
#define DINO_PARTS_MAX 16

/* Those for values, in the order of a menu; NULL past the end. */
const struct dino_colormap *dino_colormap_at (size_t index);

/* Those for parts as well: "parts-2" … "parts-16". NULL when there is none of that name. */
const struct dino_colormap *dino_colormap_find (const char *name);

/* Colour at t, clamped to 0 … 1, interpolated linearly between entries and
 * rounded; of parts the n_parts-th of that range that t lies in. */
void dino_colormap_lookup (const struct dino_colormap *colormap, double t, uint8_t rgb[3]);
