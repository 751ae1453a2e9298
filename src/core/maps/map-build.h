/* What the makers of maps share. */
#pragma once

#include "core/base/error.h"
#include "core/encoder/features.h"
#include "core/maps/map.h"
#include "core/picture/geometry.h"

#define DINO_PERCENT_LENGTH 16

/* A new map over the patch grid of these features, placed by geometry. */
struct dino_map *dino_map_for (const struct dino_features *features, const struct dino_geometry *geometry, int channels, struct dino_error *error);

/* Adds a sentence to the legend, whole or not at all. */
void dino_map_add_sentence (struct dino_map *map, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/* A share as percent with one decimal, whatever the locale: "38.2". */
const char *dino_format_percent (char buffer[DINO_PERCENT_LENGTH], double share);
