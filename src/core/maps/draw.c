#include "core/maps/draw.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/maps/draw-private.h"

/* Colours are looked up in steps of a sixteenth of a table entry. */
#define N_LEVELS (255 * 16 + 1)

/* Places are rounded to this fraction of a pixel of the original, so that a
 * picture drawn in tiles finds its cells where the whole finds them, whatever
 * the last bits of the sums. */
#define SUBPIXELS 65536.0

/* How values become pixels. */
struct painter
{
  int      channels;
  bool     has_threshold;
  float    threshold;
  double   low[3], high[3];
  double   scale[3]; /* levels per unit of value, 0 when the range is a point */
  uint8_t  alpha;
  uint32_t colors[N_LEVELS]; /* premultiplied, bytes in the order r, g, b, a */
};

void
dino_map_style_init (struct dino_map_style *style)
{
  *style = (struct dino_map_style){ .opacity = 0.5, .smooth = DINO_SMOOTH_CELLS };
}

void
dino_map_style_range (const struct dino_map_style *style, const struct dino_map *map, double *low, double *high)
{
  bool own = style->has_range && map->channels == 1;

  *low = own ? style->low : map->low;
  *high = own ? style->high : map->high;
}

static uint32_t
premultiply (const uint8_t rgb[3], uint8_t alpha)
{
  uint8_t  bytes[4] = { 0, 0, 0, alpha };
  uint32_t color;

  for (int c = 0; c < 3; c++)
    bytes[c] = (uint8_t) ((rgb[c] * alpha + 127) / 255);
  memcpy (&color, bytes, sizeof color);
  return color;
}

static bool
painter_init (struct painter *painter, const struct dino_map *map, const struct dino_map_style *style, struct dino_error *error)
{
  const struct dino_colormap *colormap = style->colormap;
  int                         top = map->channels == 3 ? 255 : N_LEVELS - 1;

  if (colormap == NULL)
    colormap = dino_colormap_find (map->colormap);
  if (colormap == NULL)
    colormap = dino_colormap_at (0);
  painter->channels = map->channels;
  painter->has_threshold = style->has_threshold && map->channels == 1;
  painter->threshold = (float) style->threshold;
  painter->alpha = (uint8_t) (style->opacity * 255 + 0.5);
  memcpy (painter->low, map->low3, sizeof painter->low);
  memcpy (painter->high, map->high3, sizeof painter->high);
  if (map->channels == 1)
    dino_map_style_range (style, map, &painter->low[0], &painter->high[0]);
  for (int c = 0; c < map->channels; c++)
    {
      double span = painter->high[c] - painter->low[c];

      if (!isfinite (span) || span < 0)
        return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The range of the colours does not run from a smaller to a larger number."));
      painter->scale[c] = span > 0 ? top / span : 0;
    }
  for (int level = 0; level < N_LEVELS; level++)
    {
      uint8_t rgb[3];

      dino_colormap_lookup (colormap, level / (double) (N_LEVELS - 1), rgb);
      painter->colors[level] = premultiply (rgb, painter->alpha);
    }
  return true;
}

/* 0 … top; the middle where the range is a point and value lies on it. */
static inline int
scale_value (const struct painter *painter, int channel, float value, int top)
{
  double offset = value - painter->low[channel];
  double level = offset * painter->scale[channel];

  if (value >= painter->high[channel])
    return painter->scale[channel] > 0 || value > painter->high[channel] ? top : (top + 1) / 2;
  return level > 0 ? (int) (level + 0.5) : 0;
}

static inline uint32_t
paint_value (const struct painter *painter, float value)
{
  if (painter->has_threshold && value < painter->threshold)
    return 0;
  return painter->colors[scale_value (painter, 0, value, N_LEVELS - 1)];
}

/* samples is [channels, length]; pixels off the map or on an invalid cell stay transparent. */
static void
paint_row (const struct painter *painter, const struct dino_draw_axis *columns, const uint8_t *valid, const float *samples, uint8_t *rgba)
{
  size_t length = (size_t) columns->length;

  for (size_t x = 0; x < length; x++)
    {
      int      cell = columns->cell[x];
      uint32_t color = 0;

      if (cell >= 0 && (valid == NULL || valid[cell] != 0))
        {
          if (painter->channels == 1)
            color = paint_value (painter, samples[x]);
          else
            {
              uint8_t rgb[3];

              for (int c = 0; c < 3; c++)
                rgb[c] = (uint8_t) scale_value (painter, c, samples[(size_t) c * length + x], 255);
              color = premultiply (rgb, painter->alpha);
            }
        }
      memcpy (rgba + 4 * x, &color, sizeof color);
    }
}

static void
axis_clear (struct dino_draw_axis *axis)
{
  dino_free (axis->cell);
  dino_free (axis->pixel);
  dino_free (axis->position);
}

static bool
axis_init (struct dino_draw_axis *axis, double box_begin, double box_end, int length, double seen_begin, double seen_end, int n_cells, struct dino_error *error)
{
  double step = (box_end - box_begin) / length;
  double per_pixel = n_cells / (seen_end - seen_begin);

  axis->length = length;
  axis->n_cells = n_cells;
  axis->cell = dino_alloc ((size_t) length, sizeof *axis->cell, error);
  axis->pixel = dino_alloc ((size_t) length, sizeof *axis->pixel, error);
  axis->position = dino_alloc ((size_t) length, sizeof *axis->position, error);
  if (axis->cell == NULL || axis->pixel == NULL || axis->position == NULL)
    return false;
  for (int i = 0; i < length; i++)
    {
      double place = floor ((box_begin + (i + 0.5) * step) * SUBPIXELS + 0.5) / SUBPIXELS;
      double position = (place - seen_begin) * per_pixel;

      axis->cell[i] = -1;
      axis->pixel[i] = fabs (place) < 1e9 ? (int) floor (place) : -1;
      axis->position[i] = (float) position;
      if (place >= seen_begin && place < seen_end)
        axis->cell[i] = position < n_cells ? (int) position : n_cells - 1;
    }
  return true;
}

static bool
field_init (struct dino_draw_field *field, const struct dino_map *map, struct dino_error *error)
{
  size_t n_cells = (size_t) map->width * (size_t) map->height;

  *field = (struct dino_draw_field){ map->width, map->height, map->channels, map->valid, NULL };
  field->values = dino_alloc_zeroed (n_cells * (size_t) map->channels, sizeof (float), error);
  if (field->values == NULL)
    return false;
  for (int c = 0; c < map->channels; c++)
    for (size_t i = 0; i < n_cells; i++)
      {
        float value = map->values[i * (size_t) map->channels + (size_t) c];

        if (map->valid != NULL && map->valid[i] == 0)
          continue;
        if (!isfinite (value))
          return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A map has a value that is not a finite number."));
        field->values[(size_t) c * n_cells + i] = value;
      }
  return true;
}

static void
sample_cells (const struct dino_draw_field *field, const struct dino_draw_axis *columns, int row, float *samples)
{
  for (int c = 0; c < field->channels; c++, samples += columns->length)
    {
      const float *values = field->values + ((size_t) c * (size_t) field->height + (size_t) row) * (size_t) field->width;

      for (int x = 0; x < columns->length; x++)
        if (columns->cell[x] >= 0)
          samples[x] = values[columns->cell[x]];
    }
}

/* The two cells whose centres enclose position, and the share of the second. */
static inline void
neighbors (float position, int n_cells, int *first, int *second, float *share)
{
  float before = floorf (position - 0.5f);

  *share = position - 0.5f - before;
  *first = before > 0 ? (int) before : 0;
  *second = before + 1 < (float) n_cells ? (int) before + 1 : n_cells - 1;
}

/* Rows blended downwards: values [channels, width] and weights [width], the
 * valid share of each. */
static void
blend_rows (const struct dino_draw_field *field, float position, float *values, float *weights)
{
  size_t width = (size_t) field->width;
  int    rows[2];
  float  shares[2];

  neighbors (position, field->height, &rows[0], &rows[1], &shares[1]);
  shares[0] = 1 - shares[1];
  memset (values, 0, width * (size_t) field->channels * sizeof *values);
  memset (weights, 0, width * sizeof *weights);
  for (int i = 0; i < 2; i++)
    {
      const uint8_t *valid = field->valid != NULL ? field->valid + (size_t) rows[i] * width : NULL;

      for (size_t x = 0; x < width; x++)
        weights[x] += valid == NULL || valid[x] != 0 ? shares[i] : 0;
      for (int c = 0; c < field->channels; c++)
        {
          const float *plane = field->values + ((size_t) c * (size_t) field->height + (size_t) rows[i]) * width;

          for (size_t x = 0; x < width; x++)
            values[(size_t) c * width + x] += shares[i] * plane[x];
        }
    }
}

/* scratch is [channels + 1, width of the field]. Invalid cells have no share:
 * the others' shares are brought to 1. */
static void
sample_bilinear (const struct dino_draw_field *field, const struct dino_draw_axis *columns, float row_position, float *scratch, float *samples)
{
  size_t width = (size_t) field->width;
  float *weights = scratch + (size_t) field->channels * width;

  blend_rows (field, row_position, scratch, weights);
  for (int c = 0; c < field->channels; c++, samples += columns->length)
    {
      const float *values = scratch + (size_t) c * width;

      for (int x = 0; x < columns->length; x++)
        {
          int   first, second;
          float share;

          if (columns->cell[x] < 0)
            continue;
          neighbors (columns->position[x], field->width, &first, &second, &share);
          samples[x] = (1 - share) * values[first] + share * values[second];
          if (field->valid != NULL)
            samples[x] /= (1 - share) * weights[first] + share * weights[second];
        }
    }
}

/* Everything that drawing needs besides the map and the style; canvas_clear()
 * frees it at any stage of its making. */
struct canvas
{
  struct dino_draw_field field;
  struct dino_draw_axis  columns, rows;
  struct dino_draw_guide guide;
  struct painter        *painter;
  float                 *samples; /* [channels, width] of one row */
  float                 *scratch; /* bilinear: [channels + 1, field width] */
};

static void
canvas_clear (struct canvas *canvas)
{
  dino_free (canvas->field.values);
  axis_clear (&canvas->columns);
  axis_clear (&canvas->rows);
  dino_draw_guide_clear (&canvas->guide);
  dino_free (canvas->painter);
  dino_free (canvas->samples);
  dino_free (canvas->scratch);
}

static bool
canvas_init (struct canvas *canvas, const struct dino_map *map, const struct dino_map_style *style, struct dino_box box, int width, int height, struct dino_error *error)
{
  canvas->painter = dino_alloc (1, sizeof *canvas->painter, error);
  canvas->samples = dino_alloc_zeroed ((size_t) width, (size_t) map->channels * sizeof (float), error);
  canvas->scratch = dino_alloc ((size_t) map->width, (size_t) (map->channels + 1) * sizeof (float), error);
  return canvas->painter != NULL && canvas->samples != NULL && canvas->scratch != NULL &&
         painter_init (canvas->painter, map, style, error) &&
         field_init (&canvas->field, map, error) &&
         axis_init (&canvas->columns, box.x0, box.x1, width, map->seen.x0, map->seen.x1, map->width, error) &&
         axis_init (&canvas->rows, box.y0, box.y1, height, map->seen.y0, map->seen.y1, map->height, error);
}

static void
draw_row (struct canvas *canvas, enum dino_smooth smooth, int y, uint8_t *rgba)
{
  int            row = canvas->rows.cell[y];
  const uint8_t *valid = canvas->field.valid;

  switch (smooth)
    {
    case DINO_SMOOTH_CELLS:
      sample_cells (&canvas->field, &canvas->columns, row, canvas->samples);
      break;
    case DINO_SMOOTH_BILINEAR:
      sample_bilinear (&canvas->field, &canvas->columns, canvas->rows.position[y], canvas->scratch, canvas->samples);
      break;
    case DINO_SMOOTH_GUIDED:
      dino_draw_guide_row (&canvas->guide, &canvas->field, &canvas->columns, &canvas->rows, y, canvas->samples);
      break;
    }
  if (valid != NULL)
    valid += (size_t) row * (size_t) canvas->field.width;
  paint_row (canvas->painter, &canvas->columns, valid, canvas->samples, rgba);
}

static void
draw_rows (struct canvas *canvas, enum dino_smooth smooth, uint8_t *rgba, int width, int height)
{
  size_t row_bytes = 4 * (size_t) width;

  for (int y = 0; y < height; y++, rgba += row_bytes)
    {
      int row = canvas->rows.cell[y];

      if (row < 0)
        memset (rgba, 0, row_bytes);
      else if (smooth == DINO_SMOOTH_CELLS && y > 0 && row == canvas->rows.cell[y - 1])
        memcpy (rgba, rgba - row_bytes, row_bytes);
      else
        draw_row (canvas, smooth, y, rgba);
    }
}

static bool
box_is_usable (struct dino_box box)
{
  return isfinite (box.x0) && isfinite (box.y0) && isfinite (box.x1) && isfinite (box.y1) && box.x1 > box.x0 && box.y1 > box.y0;
}

bool
dino_map_draw (const struct dino_map       *map,
               const struct dino_map_style *style,
               const uint8_t               *guide,
               int                          guide_width,
               int                          guide_height,
               struct dino_box              box,
               uint8_t                     *rgba,
               int                          width,
               int                          height,
               struct dino_error           *error)
{
  struct canvas canvas = { 0 };
  bool          drawn;

  if (width < 1 || height < 1 || !box_is_usable (box) || !box_is_usable (map->seen))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A map cannot be drawn into an empty rectangle."));
  if (!(style->opacity >= 0 && style->opacity <= 1))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The opacity is not between 0 and 1."));
  if (style->smooth == DINO_SMOOTH_GUIDED && (guide == NULL || guide_width < 1 || guide_height < 1))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Smoothing guided by the picture needs the picture."));
  drawn = canvas_init (&canvas, map, style, box, width, height, error);
  if (drawn && style->smooth == DINO_SMOOTH_GUIDED)
    drawn = dino_draw_guide_init (&canvas.guide, guide, guide_width, guide_height, map, &canvas.columns, &canvas.rows, error);
  if (drawn)
    draw_rows (&canvas, style->smooth, rgba, width, height);
  canvas_clear (&canvas);
  return drawn;
}

static const char *const smooth_names[] = {
  [DINO_SMOOTH_CELLS] = "cells",
  [DINO_SMOOTH_BILINEAR] = "bilinear",
  [DINO_SMOOTH_GUIDED] = "guided",
};

const char *
dino_smooth_name (enum dino_smooth smooth)
{
  return smooth_names[smooth];
}

bool
dino_smooth_parse (const char *name, enum dino_smooth *smooth)
{
  for (size_t i = 0; i < sizeof smooth_names / sizeof *smooth_names; i++)
    if (strcmp (name, smooth_names[i]) == 0)
      {
        *smooth = (enum dino_smooth) i;
        return true;
      }
  return false;
}
