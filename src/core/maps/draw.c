#include "core/maps/draw.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/maps/draw-private.h"
#include "core/encoder/loop.h"

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
  dino_draw_axis_clear (&canvas->columns);
  dino_draw_axis_clear (&canvas->rows);
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
         dino_draw_field_init (&canvas->field, map, error) &&
         dino_draw_axis_init (&canvas->columns, box.x0, box.x1, width, map->seen.x0, map->seen.x1, map->width, error) &&
         dino_draw_axis_init (&canvas->rows, box.y0, box.y1, height, map->seen.y0, map->seen.y1, map->height, error);
}

/* samples of the first row of a run of rows on one row of cells; for GUIDED, of all. */
static void
sample_rows (const struct canvas *canvas, enum dino_smooth smooth, int first, int end, int thread, float *samples)
{
  switch (smooth)
    {
    case DINO_SMOOTH_CELLS:
      dino_draw_sample_cells (&canvas->field, &canvas->columns, canvas->rows.cell[first], samples);
      break;
    case DINO_SMOOTH_BILINEAR:
      dino_draw_sample_bilinear (&canvas->field, &canvas->columns, &canvas->rows, first, canvas->scratch + (size_t) thread * canvas->n_scratch, samples);
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
