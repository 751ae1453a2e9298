#include "core/maps/draw.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/maps/draw-private.h"
#include "core/encoder/loop.h"

/* Places are rounded to this fraction of a pixel of the original, so that a
 * picture drawn in tiles finds its cells where the whole finds them, whatever
 * the last bits of the sums. */
#define SUBPIXELS 65536.0

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

const struct dino_colormap *
dino_map_style_colormap (const struct dino_map_style *style, const struct dino_map *map)
{
  const struct dino_colormap *suggested = dino_colormap_find (map->colormap);
  const struct dino_colormap *colormap = style->colormap != NULL && (suggested == NULL || suggested->n_parts == 0) ? style->colormap : suggested;

  return colormap != NULL ? colormap : dino_colormap_at (0);
}

bool
dino_map_style_color (const struct dino_map_style *style, const struct dino_map *map, double value, uint8_t rgb[3])
{
  double low, high, t;

  if (style->has_threshold && (float) value < (float) style->threshold)
    return false;
  dino_map_style_range (style, map, &low, &high);
  if (high > low)
    t = (value - low) / (high - low);
  else
    t = value == low ? 0.5 : value > low;
  dino_colormap_lookup (dino_map_style_colormap (style, map), t, rgb);
  return true;
}

static void
axis_clear (struct dino_draw_axis *axis)
{
  dino_free (axis->cell);
  dino_free (axis->pixel);
  dino_free (axis->position);
  dino_free (axis->before);
  dino_free (axis->run_end);
  dino_free (axis->share);
}

/* Pixel i of the axis, at place in the original, position in cells. */
static void
axis_set (struct dino_draw_axis *axis, int i, double place, double position, bool on_map)
{
  double before = floor (position - 0.5);

  axis->cell[i] = -1;
  axis->pixel[i] = fabs (place) < 1e9 ? (int) floor (place) : -1;
  axis->position[i] = (float) position;
  axis->before[i] = 0;
  axis->share[i] = 0;
  if (!on_map)
    return;
  axis->cell[i] = position < axis->n_cells ? (int) position : axis->n_cells - 1;
  if (before >= 0)
    {
      axis->before[i] = before < axis->n_cells ? (int) before : axis->n_cells - 1;
      axis->share[i] = (float) (position - 0.5 - before);
    }
  if (axis->end == 0)
    axis->begin = i;
  axis->end = i + 1;
}

static bool
axis_init (struct dino_draw_axis *axis, double box_begin, double box_end, int length, double seen_begin, double seen_end, int n_cells, struct dino_error *error)
{
  double step = (box_end - box_begin) / length;
  double per_pixel = n_cells / (seen_end - seen_begin);

  axis->cells_per_pixel = (float) (floor (step * per_pixel * SUBPIXELS + 0.5) / SUBPIXELS);
  axis->length = length;
  axis->n_cells = n_cells;
  axis->cell = dino_alloc ((size_t) length, sizeof *axis->cell, error);
  axis->pixel = dino_alloc ((size_t) length, sizeof *axis->pixel, error);
  axis->position = dino_alloc ((size_t) length, sizeof *axis->position, error);
  axis->before = dino_alloc ((size_t) length, sizeof *axis->before, error);
  axis->run_end = dino_alloc ((size_t) length, sizeof *axis->run_end, error);
  axis->share = dino_alloc ((size_t) length, sizeof *axis->share, error);
  if (axis->cell == NULL || axis->pixel == NULL || axis->position == NULL || axis->before == NULL || axis->run_end == NULL || axis->share == NULL)
    return false;
  for (int i = 0; i < length; i++)
    {
      double place = floor ((box_begin + (i + 0.5) * step) * SUBPIXELS + 0.5) / SUBPIXELS;

      axis_set (axis, i, place, (place - seen_begin) * per_pixel, place >= seen_begin && place < seen_end);
    }
  for (int i = axis->end - 1; i >= axis->begin; i--)
    axis->run_end[i] = i + 1 < axis->end && axis->before[i + 1] == axis->before[i] ? axis->run_end[i + 1] : i + 1;
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

      for (int x = columns->begin; x < columns->end; x++)
        samples[x] = values[columns->cell[x]];
    }
}

/* The two rows of cells around output row y, blended: values [channels, width]
 * and weights [width], the valid share of each. */
static void
blend_rows (const struct dino_draw_field *field, const struct dino_draw_axis *rows, int y, float *values, float *weights)
{
  size_t      width = (size_t) field->width;
  const int   around[2] = { rows->before[y], dino_draw_axis_after (rows, y) };
  const float shares[2] = { 1 - rows->share[y], rows->share[y] };

  memset (values, 0, width * (size_t) field->channels * sizeof *values);
  memset (weights, 0, width * sizeof *weights);
  for (int i = 0; i < 2; i++)
    {
      const uint8_t *valid = field->valid != NULL ? field->valid + (size_t) around[i] * width : NULL;

      for (size_t x = 0; x < width; x++)
        weights[x] += valid == NULL || valid[x] != 0 ? shares[i] : 0;
      for (int c = 0; c < field->channels; c++)
        {
          const float *plane = field->values + ((size_t) c * (size_t) field->height + (size_t) around[i]) * width;

          for (size_t x = 0; x < width; x++)
            values[(size_t) c * width + x] += shares[i] * plane[x];
        }
    }
}

/* blended = between the two cells around each pixel; pixels between the same
 * two are done in one loop. */
static void
blend_columns (const float *restrict values, const struct dino_draw_axis *columns, float *restrict blended)
{
  const float *restrict share = columns->share;

  for (int x = columns->begin, end; x < columns->end; x = end)
    {
      const float left = values[columns->before[x]], right = values[dino_draw_axis_after (columns, x)];

      end = columns->run_end[x];
      for (int i = x; i < end; i++)
        blended[i] = (1 - share[i]) * left + share[i] * right;
    }
}

/* scratch is [channels + 1, width of the field], then [length]. Invalid cells
 * have no share: the others' shares are brought to 1. */
static void
sample_bilinear (const struct dino_draw_field *field, const struct dino_draw_axis *columns, const struct dino_draw_axis *rows, int y, float *scratch, float *samples)
{
  size_t width = (size_t) field->width;
  float *weights = scratch + (size_t) field->channels * width, *totals = weights + width;

  blend_rows (field, rows, y, scratch, weights);
  if (field->valid != NULL)
    blend_columns (weights, columns, totals);
  for (int c = 0; c < field->channels; c++, samples += columns->length)
    {
      blend_columns (scratch + (size_t) c * width, columns, samples);
      if (field->valid != NULL)
        for (int x = columns->begin; x < columns->end; x++)
          samples[x] = totals[x] > 0 ? samples[x] / totals[x] : 0;
    }
}

/* Rows that a thread draws at once. */
#define BAND 16

/* Everything that drawing needs besides the map and the style; canvas_clear()
 * frees it at any stage of its making. */
struct canvas
{
  struct dino_draw_field    field;
  struct dino_draw_axis     columns, rows;
  struct dino_draw_guide    guide;
  struct dino_draw_painter *painter;
  struct dino_draw_contours contours;
  size_t                    n_samples, n_scratch; /* of a row; of a thread */
  size_t                    rows_at_once;         /* that samples holds */
  float                    *samples;              /* [threads; rows_at_once, channels, width] */
  float                    *scratch;              /* bilinear: [threads; channels + 1, field width, then width] */
  int32_t                  *levels;               /* [threads; channels, width] */
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
  dino_free (canvas->levels);
}

static bool
canvas_init (struct canvas *canvas, const struct dino_map *map, const struct dino_map_style *style, struct dino_box box, int width, int height, size_t threads, struct dino_error *error)
{
  canvas->n_samples = (size_t) width * (size_t) map->channels;
  canvas->n_scratch = (size_t) map->width * (size_t) (map->channels + 1) + (size_t) width;
  canvas->painter = dino_alloc (1, sizeof *canvas->painter, error);
  canvas->rows_at_once = style->smooth == DINO_SMOOTH_GUIDED ? BAND : 1;
  canvas->samples = dino_alloc_zeroed (threads * canvas->rows_at_once, canvas->n_samples * sizeof (float), error);
  canvas->scratch = dino_alloc (threads, canvas->n_scratch * sizeof (float), error);
  canvas->levels = dino_alloc (threads, canvas->n_samples * sizeof *canvas->levels, error);
  return canvas->painter != NULL && canvas->samples != NULL && canvas->scratch != NULL && canvas->levels != NULL &&
         dino_draw_painter_init (canvas->painter, map, style, error) &&
         field_init (&canvas->field, map, error) &&
         axis_init (&canvas->columns, box.x0, box.x1, width, map->seen.x0, map->seen.x1, map->width, error) &&
         axis_init (&canvas->rows, box.y0, box.y1, height, map->seen.y0, map->seen.y1, map->height, error);
}

/* samples of the first row of a run of rows on one row of cells; for GUIDED, of all. */
static void
sample_rows (const struct canvas *canvas, enum dino_smooth smooth, int first, int end, int thread, float *samples)
{
  switch (smooth)
    {
    case DINO_SMOOTH_CELLS:
      sample_cells (&canvas->field, &canvas->columns, canvas->rows.cell[first], samples);
      break;
    case DINO_SMOOTH_BILINEAR:
      sample_bilinear (&canvas->field, &canvas->columns, &canvas->rows, first, canvas->scratch + (size_t) thread * canvas->n_scratch, samples);
      break;
    case DINO_SMOOTH_GUIDED:
      dino_draw_guide_rows (&canvas->guide, &canvas->field, &canvas->columns, &canvas->rows, first, end, thread, samples);
      break;
    }
}

/* Output rows [first, end), which lie on one row of cells. */
static void
draw_run (const struct canvas *canvas, enum dino_smooth smooth, int first, int end, int thread, uint8_t *rgba)
{
  const size_t   row_bytes = 4 * (size_t) canvas->columns.length;
  const uint8_t *valid = canvas->field.valid;
  float         *samples = canvas->samples + (size_t) thread * canvas->rows_at_once * canvas->n_samples;
  int32_t       *levels = canvas->levels + (size_t) thread * canvas->n_samples;

  if (valid != NULL)
    valid += (size_t) canvas->rows.cell[first] * (size_t) canvas->field.width;
  for (int y = first; y < end; y++, rgba += row_bytes)
    {
      if (y > first && smooth == DINO_SMOOTH_CELLS)
        {
          memcpy (rgba, rgba - row_bytes, row_bytes);
          continue;
        }
      if (y == first || smooth == DINO_SMOOTH_BILINEAR)
        sample_rows (canvas, smooth, y, end, thread, samples);
      else
        samples += canvas->n_samples;
      dino_draw_paint_row (canvas->painter, &canvas->columns, valid, samples, levels, rgba);
    }
}

struct band_loop
{
  const struct canvas *canvas;
  enum dino_smooth     smooth;
  uint8_t             *rgba;
  int                  width, height;
};

static void
draw_band (void *data, size_t item, int thread)
{
  const struct band_loop *loop = data;
  const int              *cells = loop->canvas->rows.cell;
  const size_t            row_bytes = 4 * (size_t) loop->width;
  const int               first = (int) item * BAND, end = loop->height - first < BAND ? loop->height : first + BAND;
  uint8_t                *rgba = loop->rgba + (size_t) first * row_bytes;

  for (int y = first, run_end; y < end; y = run_end)
    {
      for (run_end = y + 1; run_end < end && cells[run_end] == cells[y]; run_end++)
        ;
      if (cells[y] < 0)
        memset (rgba, 0, (size_t) (run_end - y) * row_bytes);
      else
        draw_run (loop->canvas, loop->smooth, y, run_end, thread, rgba);
      for (int i = y; loop->canvas->contours.count > 0 && cells[y] >= 0 && i < run_end; i++)
        dino_draw_contours_row (&loop->canvas->contours, &loop->canvas->field, &loop->canvas->columns, &loop->canvas->rows, i, rgba + (size_t) (i - y) * row_bytes);
      rgba += (size_t) (run_end - y) * row_bytes;
    }
}

static void
draw_rows (const struct canvas *canvas, enum dino_smooth smooth, uint8_t *rgba, int width, int height, struct dino_team *team)
{
  struct band_loop loop = { canvas, smooth, rgba, width, height };
  const size_t     n_bands = ((size_t) height + BAND - 1) / BAND;

  dino_loop_run (team, n_bands, draw_band, &loop);
}

static bool
box_is_usable (struct dino_box box)
{
  return isfinite (box.x0) && isfinite (box.y0) && isfinite (box.x1) && isfinite (box.y1) && box.x1 > box.x0 && box.y1 > box.y0;
}

enum dino_smooth
dino_map_style_smooth (const struct dino_map_style *style, const struct dino_map *map)
{
  return dino_map_style_colormap (style, map)->n_parts > 0 ? DINO_SMOOTH_CELLS : style->smooth;
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
               struct dino_team            *team,
               struct dino_error           *error)
{
  struct canvas         canvas = { 0 };
  struct dino_map_style own;
  bool                  drawn;

  if (width < 1 || height < 1 || !box_is_usable (box) || !box_is_usable (map->seen))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A map cannot be drawn into an empty rectangle."));
  if (!(style->opacity >= 0 && style->opacity <= 1))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The opacity is not between 0 and 1."));
  if (style->contours < 0 || style->contours > DINO_MAX_CONTOURS)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The number of contour lines is not between 0 and %d."), DINO_MAX_CONTOURS);
  if (style->smooth == DINO_SMOOTH_GUIDED && (guide == NULL || guide_width < 1 || guide_height < 1))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Smoothing guided by the picture needs the picture."));
  own = *style;
  own.smooth = dino_map_style_smooth (style, map);
  drawn = canvas_init (&canvas, map, &own, box, width, height, dino_loop_threads (team), error);
  if (drawn && own.smooth == DINO_SMOOTH_GUIDED)
    drawn = dino_draw_guide_init (&canvas.guide, guide, guide_width, guide_height, map, &canvas.columns, &canvas.rows, team, error);
  if (drawn)
    dino_draw_contours_init (&canvas.contours, map, style, &canvas.columns, &canvas.rows);
  if (drawn)
    draw_rows (&canvas, own.smooth, rgba, width, height, team);
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
