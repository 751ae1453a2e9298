/* A map turned into pixels: the same bytes in the window, on the command line and in eog. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/encoder/team.h"
#include "core/maps/colormap.h"
#include "core/maps/map.h"

enum dino_smooth
{
  DINO_SMOOTH_CELLS,    /* patches as cells */
  DINO_SMOOTH_BILINEAR, /* between patch centres */
  DINO_SMOOTH_GUIDED    /* joint bilateral, guided by the picture (Kopf et al. 2007) */
};

struct dino_map_style
{
  const struct dino_colormap *colormap;      /* NULL: the map's own suggestion */
  double                      opacity;       /* 0 … 1, the same for every drawn pixel */
  bool                        has_threshold; /* nothing is drawn where the value is under threshold */
  double                      threshold;
  bool                        has_range; /* low … high instead of the map's own range (one channel only) */
  double                      low, high;
  enum dino_smooth            smooth;
  int                         contours; /* lines of equal value, at equal steps of the range (one channel only): 0 … DINO_MAX_CONTOURS */
};

#define DINO_MAX_CONTOURS 10

/* Opaque defaults: opacity 0.5, cells, own range, no threshold. */
void dino_map_style_init (struct dino_map_style *style);

/* Draws the part of map that covers box (in pixels of the original) into
 * rgba [height, width, 4], premultiplied; transparent outside the map, where a
 * cell is invalid, and under the threshold. guide is the 8-bit grey picture
 * [guide_height, guide_width] of the whole original, needed for
 * DINO_SMOOTH_GUIDED only. Values are coloured after smoothing. Contours are
 * those of the bilinear field between the centres of cells, whatever the cells
 * are drawn as, and are opaque; there are none under the threshold. team (may be
 * NULL) shares the rows: the same bytes for any number of threads. */
bool dino_map_draw (const struct dino_map       *map,
                    const struct dino_map_style *style,
                    const uint8_t               *guide,
                    int                          guide_width,
                    int                          guide_height,
                    struct dino_box              box,
                    uint8_t                     *rgba,
                    int                          width,
                    int                          height,
                    struct dino_team            *team,
                    struct dino_error           *error);

/* The range that the colours cover: style's own or the map's. */
void dino_map_style_range (const struct dino_map_style *style, const struct dino_map *map, double *low, double *high);

/* The colour of one value of a one-channel map, as a cell has it before opacity;
 * false under the threshold, where nothing is drawn. */
bool dino_map_style_color (const struct dino_map_style *style, const struct dino_map *map, double value, uint8_t rgb[3]);

/* The colours of a map: the style's or those that the map suggests. Parts have
 * no order, so that no other colours suit them. */
const struct dino_colormap *dino_map_style_colormap (const struct dino_map_style *style, const struct dino_map *map);

/* How it is drawn: the style's choice, but parts have no values between them
 * and stay cells. */
enum dino_smooth dino_map_style_smooth (const struct dino_map_style *style, const struct dino_map *map);

const char *dino_smooth_name (enum dino_smooth smooth);
bool        dino_smooth_parse (const char *name, enum dino_smooth *smooth);
