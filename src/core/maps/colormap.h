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
  const uint8_t (*table)[3]; /* [256][3] sRGB */
};

/* All of them, in the order of a menu; NULL past the end. */
const struct dino_colormap *dino_colormap_at (size_t index);

/* NULL when there is none of that name. */
const struct dino_colormap *dino_colormap_find (const char *name);

/* Colour at t, clamped to 0 … 1, interpolated linearly between entries and rounded. */
void dino_colormap_lookup (const struct dino_colormap *colormap, double t, uint8_t rgb[3]);
