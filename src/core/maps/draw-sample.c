/* Where output pixels fall among the cells of a map, and what lies between
 * their centres. */
#include "core/maps/draw-private.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

/* Places are rounded to this fraction of a pixel of the original, so that a
 * picture drawn in tiles finds its cells where the whole finds them, whatever
 * the last bits of the sums. */
#define SUBPIXELS 65536.0

void
dino_draw_axis_clear (struct dino_draw_axis *axis)
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

bool
dino_draw_axis_init (struct dino_draw_axis *axis, double box_begin, double box_end, int length, double seen_begin, double seen_end, int n_cells, struct dino_error *error)
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

bool
dino_draw_field_init (struct dino_draw_field *field, const struct dino_map *map, struct dino_error *error)
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

void
dino_draw_sample_cells (const struct dino_draw_field *field, const struct dino_draw_axis *columns, int row, float *samples)
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

/* Invalid cells have no share: the others' shares are brought to 1. */
void
dino_draw_sample_bilinear (const struct dino_draw_field *field, const struct dino_draw_axis *columns, const struct dino_draw_axis *rows, int y, float *scratch, float *samples)
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
