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
  int   *run_end;    /* [length] the pixel after the last one on the map with the same before */
  float *share;      /* [length] share of the next cell in what lies between their centres */
  float  cells_per_pixel;
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

/* The pixels of one axis: [box_begin, box_end) of the original becomes length
 * pixels, n_cells cells lie over [seen_begin, seen_end). To be cleared also
 * after failure. */
bool dino_draw_axis_init (struct dino_draw_axis *axis, double box_begin, double box_end, int length, double seen_begin, double seen_end, int n_cells, struct dino_error *error);
void dino_draw_axis_clear (struct dino_draw_axis *axis);

/* A value that is not finite is an error. The caller frees field->values, also
 * after failure. */
bool dino_draw_field_init (struct dino_draw_field *field, const struct dino_map *map, struct dino_error *error);

/* samples [channels, columns->length] of a row of cells, and of output row y
 * between the centres of cells; scratch is [channels + 1, width of the field],
 * then [columns->length]. Pixels off the map are left alone. */
void dino_draw_sample_cells (const struct dino_draw_field *field, const struct dino_draw_axis *columns, int row, float *samples);
void dino_draw_sample_bilinear (const struct dino_draw_field *field, const struct dino_draw_axis *columns, const struct dino_draw_axis *rows, int y, float *scratch, float *samples);

/* Cells around the one under a pixel that a guided pixel is made of, each way. */
#define DINO_DRAW_WINDOW 5

/* Columns of cells that are held for pixels that are done together. */
#define DINO_DRAW_LANES 8

/* What joint bilateral upsampling knows of some cells of a row of cells and
 * those around them; made by one thread as it goes. */
struct dino_draw_segment
{
  int   range_start[DINO_DRAW_WINDOW * DINO_DRAW_LANES]; /* range_weight of this cell and grey 0 */
  float values[3][DINO_DRAW_WINDOW * DINO_DRAW_LANES];   /* of up to three channels */
  float range_weights[256][DINO_DRAW_WINDOW * DINO_DRAW_LANES];
  float sums[256][DINO_DRAW_LANES][4]; /* of weights, then of weighted values, for the row of pixels in hand */
  int   summed_for[256];               /* that row; -1: range_weights are not there either */
};

/* range_start of a cell that has no weight. */
#define DINO_DRAW_NO_RANGE 511

/* What joint bilateral upsampling needs of the picture. */
struct dino_draw_guide
{
  const uint8_t            *picture; /* [height, width], the whole original */
  int                       width, height;
  uint8_t                  *cell_means;                             /* mean grey of the picture under each cell of the map */
  float                    *across;                                 /* [columns, window] spatial weights of every output column */
  float                    *down;                                   /* [rows, window] the same of every output row */
  float                     range_weight[DINO_DRAW_NO_RANGE + 256]; /* of the difference + 255, then zeros */
  struct dino_draw_segment *segments;                               /* [threads] */
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
                           struct dino_team            *team,
                           struct dino_error           *error);
void dino_draw_guide_clear (struct dino_draw_guide *guide);

/* samples [end - first, channels, columns->length] of output rows [first, end),
 * which lie on one row of cells, where their pixels lie on valid cells; the
 * others are left alone. */
void dino_draw_guide_rows (const struct dino_draw_guide *guide,
                           const struct dino_draw_field *field,
                           const struct dino_draw_axis  *columns,
                           const struct dino_draw_axis  *rows,
                           int                           first,
                           int                           end,
                           int                           thread,
                           float                        *samples);

/* Colours are looked up in steps of a sixteenth of a table entry. */
#define DINO_DRAW_LEVELS (255 * 16 + 1)

/* How values become pixels. */
struct dino_draw_painter
{
  int      channels;
  bool     has_threshold;
  float    threshold;
  double   low[3], high[3];
  double   scale[3]; /* levels per unit of value, 0 when the range is a point */
  uint8_t  alpha;
  uint32_t colors[DINO_DRAW_LEVELS + 1]; /* premultiplied, bytes in the order r, g, b, a */
  uint32_t shades[3][256];               /* the same of red with alpha, of green, of blue */
};

bool dino_draw_painter_init (struct dino_draw_painter *painter, const struct dino_map *map, const struct dino_map_style *style, struct dino_error *error);

/* samples is [channels, length]. Pixels off the map and, of a row whose valid
 * cells are given, those on invalid ones are transparent. levels is
 * scratch, [channels, length]. */
void dino_draw_paint_row (const struct dino_draw_painter *painter, const struct dino_draw_axis *columns, const uint8_t *valid, const float *samples, int32_t *levels, uint8_t *rgba);

/* Lines at low + step, low + 2 step, … */
struct dino_draw_contours
{
  int   count;
  float low, step;
  bool  has_threshold;
  float threshold;
  float across, down; /* cells a pixel */
};

/* count is 0 where a map has no contours. */
void dino_draw_contours_init (struct dino_draw_contours *contours, const struct dino_map *map, const struct dino_map_style *style, const struct dino_draw_axis *columns, const struct dino_draw_axis *rows);

/* Draws over output row y, which lies on the map and is painted. */
void dino_draw_contours_row (const struct dino_draw_contours *contours, const struct dino_draw_field *field, const struct dino_draw_axis *columns, const struct dino_draw_axis *rows, int y, uint8_t *rgba);
