/* A map: numbers over the patch grid. Data, not drawing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/picture/geometry.h"

/* Far more cells than any encoder's patches. */
#define DINO_MAP_MAX_SIDE 16384

/* The value of a token that has no place in the picture, such as CLS. */
struct dino_map_cell
{
  char  label[16]; /* "CLS", "R0" for the first register */
  float value;     /* in the map's unit */
};

/* A patch that a map points at. */
struct dino_map_mark
{
  int  row, column;
  char label[16]; /* "1" for the first pin, "87.3" for a norm; "": none */
};

/* Immutable once made, reference counted. */
struct dino_map
{
  int                   width, height; /* columns and rows of the grid */
  int                   channels;      /* 1: values; 3: red, green, blue components */
  float                *values;        /* [height, width, channels] */
  uint8_t              *valid;         /* [height, width], 0: transparent; NULL: all valid */
  struct dino_map_cell *cells;         /* [n_cells], drawn beside the map in its colours; they have no say in its range */
  int                   n_cells;
  struct dino_map_mark *marks; /* [n_marks], framed on the map */
  int                   n_marks;
  struct dino_box       seen;      /* rectangle covered, in pixels of the original */
  double                low, high; /* suggested range; for 3 channels the colours are scaled by low3 and high3 */
  double                low3[3], high3[3];
  bool                  is_signed; /* the range is symmetric about 0 */
  char                  unit[32];
  char                  title[128];
  char                  legend[512];            /* how it was made, one sentence or several lines */
  char                  colormap[32];           /* suggested, a name of core/maps/colormap.h */
  char                  component_names[3][16]; /* of 3 channels: "PC1 38.2 %" … */
  int                   references;             /* atomic; use dino_map_ref() */
};

/* Values are zero; no validity mask. Everything else is zero. */
struct dino_map *dino_map_new (int width, int height, int channels, struct dino_error *error);
struct dino_map *dino_map_ref (struct dino_map *map);
void             dino_map_unref (struct dino_map *map);

/* Makes room for n cells, empty; to be called at most once. */
bool dino_map_add_cells (struct dino_map *map, int n, struct dino_error *error);

/* Makes room for n marks, empty; to be called at most once. */
bool dino_map_add_marks (struct dino_map *map, int n, struct dino_error *error);

/* Sets low and high (and low3, high3) from the valid values; symmetric when
 * is_signed; 0 … 0 when no cell is valid. A non-finite valid value is an error, and so is a
 * token beside the map whose value is not finite. */
bool dino_map_measure (struct dino_map *map, struct dino_error *error);
