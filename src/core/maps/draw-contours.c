/* Contour lines of a map: where the field between the centres of its cells has
 * certain values. */
#include "core/maps/draw-private.h"

#include <math.h>

/* Half widths in pixels: of the dark line, and of the light one that it lies on. */
#define DARK 0.6f
#define LIGHT 1.7f

#define DARK_ALPHA 230
#define LIGHT_ALPHA 150

void
dino_draw_contours_init (struct dino_draw_contours *contours, const struct dino_map *map, const struct dino_map_style *style, const struct dino_draw_axis *columns, const struct dino_draw_axis *rows)
{
  double low, high;

  dino_map_style_range (style, map, &low, &high);
  *contours = (struct dino_draw_contours){ 0 };
  if (map->channels != 1 || !(high > low) || dino_map_style_colormap (style, map)->n_parts > 0)
    return;
  contours->count = style->contours;
  contours->low = (float) low;
  contours->step = (float) ((high - low) / (style->contours + 1));
  contours->has_threshold = style->has_threshold;
  contours->threshold = (float) style->threshold;
  contours->across = columns->cells_per_pixel;
  contours->down = rows->cells_per_pixel;
}

/* Lays a grey of some alpha (0 … 255) over a premultiplied pixel. */
static void
lay_over (uint8_t *rgba, int grey, int alpha)
{
  for (int c = 0; c < 4; c++)
    {
      int source = c < 3 ? grey * alpha / 255 : alpha;

      rgba[c] = (uint8_t) (source + (rgba[c] * (255 - alpha) + 127) / 255);
    }
}

/* How much of a pixel at distance lies within half_width. */
static float
coverage (float distance, float half_width)
{
  float covered = half_width + 0.5f - distance;

  return covered < 0 ? 0 : (covered > 1 ? 1 : covered);
}

/* Distance of the pixel from the next line, in pixels, to first order: how far
 * the value is from the level, by how much it changes from pixel to pixel. */
static float
distance_to_line (const struct dino_draw_contours *contours, float value, float across, float down)
{
  float slope = sqrtf (across * across * contours->across * contours->across + down * down * contours->down * contours->down);
  float level = floorf ((value - contours->low) / contours->step + 0.5f);

  level = level < 1 ? 1 : (level > (float) contours->count ? (float) contours->count : level);
  level = contours->low + level * contours->step;
  if (!(slope > 0) || (contours->has_threshold && level < contours->threshold))
    return INFINITY;
  return fabsf (value - level) / slope;
}

void
dino_draw_contours_row (const struct dino_draw_contours *contours, const struct dino_draw_field *field, const struct dino_draw_axis *columns, const struct dino_draw_axis *rows, int y, uint8_t *rgba)
{
  const size_t   width = (size_t) field->width;
  const size_t   above = (size_t) rows->before[y] * width, below = (size_t) dino_draw_axis_after (rows, y) * width;
  const float   *values = field->values;
  const uint8_t *valid = field->valid;
  const float    v = rows->share[y];
  const size_t   row = (size_t) rows->cell[y] * width;

  for (int x = columns->begin; x < columns->end; x++)
    {
      const size_t left = (size_t) columns->before[x], right = (size_t) dino_draw_axis_after (columns, x);
      const float  u = columns->share[x];
      const float  a = values[above + left], b = values[above + right], c = values[below + left], d = values[below + right];
      const float  top = a + u * (b - a), bottom = c + u * (d - c), value = top + v * (bottom - top);
      float        distance;

      if (valid != NULL && (!valid[above + left] || !valid[above + right] || !valid[below + left] || !valid[below + right]))
        continue;
      if (contours->has_threshold && (value < contours->threshold || values[row + (size_t) columns->cell[x]] < contours->threshold))
        continue;
      distance = distance_to_line (contours, value, (1 - v) * (b - a) + v * (d - c), bottom - top);
      if (distance >= LIGHT + 0.5f)
        continue;
      lay_over (rgba + 4 * (size_t) x, 255, (int) (LIGHT_ALPHA * coverage (distance, LIGHT)));
      lay_over (rgba + 4 * (size_t) x, 0, (int) (DARK_ALPHA * coverage (distance, DARK)));
    }
}
