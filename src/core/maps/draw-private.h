/* What the files of drawing share. */
#pragma once

#include "core/maps/draw.h"

/* Where the pixels of one output axis fall. Those on the map are one run. */
struct dino_draw_axis
{
  int    length;     /* output pixels */
  int    n_cells;    /* of the map */
  int    begin, end; /* pixels [begin, end) lie on the map */
  int   *cell;       /* [length] the map's cell under a pixel's centre, -1 outside */
  int   *pixel;      /* [length] the original's pixel there, may be outside of it */
  float *position;   /* [length] the same place in cells: 0.5 is the centre of cell 0 */
  int   *before;     /* [length] the last cell whose centre is not after it, or cell 0 */
  float *share;      /* [length] share of the next cell in what lies between their centres */
};

/* The cell after axis->before[i]: the last one has none. */
static inline int
dino_draw_axis_after (const struct dino_draw_axis *axis, int i)
{
  return axis->before[i] + 1 < axis->n_cells ? axis->before[i] + 1 : axis->before[i];
}

/* A map ready for sampling: one plane a channel, 0 where a cell is invalid. */
struct dino_draw_field
{
  int            width, height, channels;
  const uint8_t *valid;  /* [height, width] or NULL */
  float         *values; /* [channels, height, width] */
};

/* What joint bilateral upsampling needs of the picture. */
struct dino_draw_guide
{
  const uint8_t *picture; /* [height, width], the whole original */
  int            width, height;
  uint8_t       *cell_means; /* mean grey of the picture under each cell of the map */
  float         *across;     /* [columns, window] spatial weights of every output column */
  float          range_weight[256];
};

/* Means are made for the cells that a drawing on columns and rows can reach.
 * To be cleared also after failure. */
bool dino_draw_guide_init (struct dino_draw_guide      *guide,
                           const uint8_t               *picture,
                           int                          width,
                           int                          height,
                           const struct dino_map       *map,
                           const struct dino_draw_axis *columns,
                           const struct dino_draw_axis *rows,
                           struct dino_error           *error);
void dino_draw_guide_clear (struct dino_draw_guide *guide);

/* samples [channels, columns->length] of output row y, which lies on the map,
 * where its pixels lie on valid cells; the others are left alone. */
void dino_draw_guide_row (const struct dino_draw_guide *guide,
                          const struct dino_draw_field *field,
                          const struct dino_draw_axis  *columns,
                          const struct dino_draw_axis  *rows,
                          int                           y,
                          float                        *samples);
