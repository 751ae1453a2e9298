/* Values of a map as premultiplied colours. */
#include "core/maps/draw-private.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"

#define N_LEVELS DINO_DRAW_LEVELS

/* Behind the colours: nothing. */
#define NO_LEVEL N_LEVELS

static uint32_t
pack (uint8_t red, uint8_t green, uint8_t blue, uint8_t alpha)
{
  const uint8_t bytes[4] = { red, green, blue, alpha };
  uint32_t      color;

  memcpy (&color, bytes, sizeof color);
  return color;
}

static void
fill_tables (struct dino_draw_painter *painter, const struct dino_colormap *colormap)
{
  for (int value = 0; value < 256; value++)
    {
      const uint8_t shade = (uint8_t) ((value * painter->alpha + 127) / 255);

      painter->shades[0][value] = pack (shade, 0, 0, painter->alpha);
      painter->shades[1][value] = pack (0, shade, 0, 0);
      painter->shades[2][value] = pack (0, 0, shade, 0);
    }
  for (int level = 0; level < N_LEVELS; level++)
    {
      uint8_t rgb[3];

      dino_colormap_lookup (colormap, level / (double) (N_LEVELS - 1), rgb);
      painter->colors[level] = painter->shades[0][rgb[0]] | painter->shades[1][rgb[1]] | painter->shades[2][rgb[2]];
    }
  painter->colors[NO_LEVEL] = 0;
}

bool
dino_draw_painter_init (struct dino_draw_painter *painter, const struct dino_map *map, const struct dino_map_style *style, struct dino_error *error)
{
  int top = map->channels == 3 ? 255 : N_LEVELS - 1;

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
      /* Values are floats, and so is the arithmetic. */
      painter->low[c] = fmax (painter->low[c], -FLT_MAX);
      painter->high[c] = fmin (painter->high[c], FLT_MAX);
      span = painter->high[c] - painter->low[c];
      painter->scale[c] = span > 0 ? top / span : 0;
    }
  fill_tables (painter, dino_map_style_colormap (style, map));
  return true;
}

/* levels = 0 … top of each sample; the middle where the range is a point and
 * the sample lies on it. In loops without branches, which compilers know how to
 * do several at a time. */
static void
scale_values (const struct dino_draw_painter *painter, int channel, const float *restrict samples, int count, int top, int32_t *restrict levels)
{
  const float low = (float) painter->low[channel], rest = (float) (painter->low[channel] - low), limit = (float) top;
  const float scale = (float) painter->scale[channel], high = (float) painter->high[channel];

  if (scale > 0)
    for (int x = 0; x < count; x++)
      {
        float level = (samples[x] - low - rest) * scale + 0.5f;

        level = level > 0 ? level : 0;
        levels[x] = (int32_t) (level < limit ? level : limit);
      }
  else
    for (int x = 0; x < count; x++)
      levels[x] = samples[x] > high ? top : samples[x] < high ? 0
                                                              : (top + 1) / 2;
}

static void
hide_under (float threshold, const float *restrict samples, int count, int32_t *restrict levels)
{
  for (int x = 0; x < count; x++)
    levels[x] = samples[x] < threshold ? NO_LEVEL : levels[x];
}

static void
paint_values (const struct dino_draw_painter *painter, const float *samples, int count, int32_t *levels, uint8_t *rgba)
{
  scale_values (painter, 0, samples, count, N_LEVELS - 1, levels);
  if (painter->has_threshold)
    hide_under (painter->threshold, samples, count, levels);
  for (int x = 0; x < count; x++)
    memcpy (rgba + 4 * (size_t) x, &painter->colors[levels[x]], sizeof (uint32_t));
}

/* The planes of samples and of levels are stride apart. */
static void
paint_rgb (const struct dino_draw_painter *painter, const float *samples, size_t stride, int count, int32_t *levels, uint8_t *rgba)
{
  const int32_t *red = levels, *green = red + stride, *blue = green + stride;

  for (size_t c = 0; c < 3; c++)
    scale_values (painter, (int) c, samples + c * stride, count, 255, levels + c * stride);
  for (int x = 0; x < count; x++)
    {
      const uint32_t color = painter->shades[0][red[x]] | painter->shades[1][green[x]] | painter->shades[2][blue[x]];

      memcpy (rgba + 4 * (size_t) x, &color, sizeof color);
    }
}

void
dino_draw_paint_row (const struct dino_draw_painter *painter, const struct dino_draw_axis *columns, const uint8_t *valid, const float *samples, int32_t *levels, uint8_t *rgba)
{
  size_t begin = (size_t) columns->begin;
  size_t end = (size_t) columns->end;
  int    count = columns->end - columns->begin;

  memset (rgba, 0, 4 * begin);
  memset (rgba + 4 * end, 0, 4 * ((size_t) columns->length - end));
  if (painter->channels == 1)
    paint_values (painter, samples + begin, count, levels, rgba + 4 * begin);
  else
    paint_rgb (painter, samples + begin, (size_t) columns->length, count, levels, rgba + 4 * begin);
  if (valid != NULL)
    for (size_t x = begin; x < end; x++)
      if (valid[columns->cell[x]] == 0)
        memset (rgba + 4 * x, 0, 4);
}
