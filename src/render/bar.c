#include "render/bar.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "render/label.h"
#include "render/text.h"

#define MAX_TICKS 12
#define N_SHADES 256

/* Parts of the height. */
#define BAR_PART 0.46
#define TICK_PART 0.10
#define FONT_PART 0.30
#define OUTLINE_ALPHA 0.4

struct bar
{
  cairo_t      *cr;
  double        x, width, bar_height, tick_height, font_size;
  const double *text_rgb;
};

static void
set_text_color (const struct bar *bar, double alpha)
{
  cairo_set_source_rgba (bar->cr, bar->text_rgb[0], bar->text_rgb[1], bar->text_rgb[2], alpha);
}

static void
rounded_rectangle (cairo_t *cr, double x, double y, double width, double height)
{
  double radius = fmin (height, width) * 0.16;

  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

/* Paints shades (left to right) into the bar, leaving out the part of it
 * before from, and outlines all of it. */
static void
paint_shades (const struct bar *bar, uint8_t shades[N_SHADES][3], double from)
{
  cairo_t         *cr = bar->cr;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, N_SHADES, 1);

  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    {
      uint32_t *pixels = (uint32_t *) (void *) cairo_image_surface_get_data (surface);

      for (int i = 0; i < N_SHADES; i++)
        pixels[i] = (uint32_t) shades[i][0] << 16 | (uint32_t) shades[i][1] << 8 | shades[i][2];
      cairo_surface_mark_dirty (surface);
    }
  cairo_save (cr);
  rounded_rectangle (cr, bar->x, 0, bar->width, bar->bar_height);
  cairo_clip (cr);
  cairo_rectangle (cr, bar->x + from * bar->width, 0, bar->width, bar->bar_height);
  cairo_clip (cr);
  cairo_translate (cr, bar->x, 0);
  cairo_scale (cr, bar->width / N_SHADES, bar->bar_height);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (surface);

  rounded_rectangle (cr, bar->x, 0, bar->width, bar->bar_height);
  set_text_color (bar, OUTLINE_ALPHA);
  cairo_set_line_width (cr, bar->bar_height * 0.05);
  cairo_stroke (cr);
}

/* 0 … 1 along the bar. */
static double
position_of (double value, double low, double high)
{
  return high > low ? fmin (fmax ((value - low) / (high - low), 0), 1) : 0.5;
}

/* The left end of a label centred under a tick, moved inside the bar. */
static double
label_left (const struct bar *bar, double center, double width)
{
  return fmax (bar->x, fmin (center - width / 2, bar->x + bar->width - width));
}

static size_t
n_decimals (const char *label)
{
  const char *point = strchr (label, '.');

  return point != NULL ? strlen (point + 1) : 0;
}

/* Labels of ticks, all with as many decimals as the longest needs. */
static void
format_ticks (char labels[MAX_TICKS][DINO_LABEL_LENGTH], const double *ticks, int n)
{
  size_t most = 0;

  for (int i = 0; i < n; i++)
    {
      dino_label_format (labels[i], ticks[i]);
      most = MAX (most, n_decimals (labels[i]));
    }
  for (int i = 0; i < n; i++)
    {
      size_t missing = most - n_decimals (labels[i]);
      char  *end = labels[i] + strlen (labels[i]);

      if (missing == 0 || strchr (labels[i], 'e') != NULL)
        continue;
      if (missing == most)
        *end++ = '.';
      memset (end, '0', missing);
      end[missing] = '\0';
    }
}

/* Draws (or only tries) ticks and their numbers; false when two of them touch. */
static bool
label_ticks (const struct bar *bar, const double *ticks, int n, double low, double high, bool draw)
{
  char   labels[MAX_TICKS][DINO_LABEL_LENGTH];
  double end = -INFINITY;
  bool   apart = true;

  format_ticks (labels, ticks, n);
  for (int i = 0; i < n && apart; i++)
    {
      double       center = bar->x + position_of (ticks[i], low, high) * bar->width;
      PangoLayout *layout;
      double       left;

      layout = dino_text_layout (bar->cr, labels[i], bar->font_size, false);
      left = label_left (bar, center, dino_text_width (layout));
      apart = left >= end;
      end = left + dino_text_width (layout) + bar->font_size * 0.6;
      if (draw)
        {
          set_text_color (bar, 1);
          cairo_set_line_width (bar->cr, bar->bar_height * 0.06);
          cairo_move_to (bar->cr, center, bar->bar_height);
          cairo_line_to (bar->cr, center, bar->bar_height + bar->tick_height);
          cairo_stroke (bar->cr);
          dino_text_show (bar->cr, layout, left, bar->bar_height + bar->tick_height);
        }
      g_object_unref (layout);
    }
  return apart;
}

static void
draw_ticks (const struct bar *bar, double low, double high)
{
  double ticks[MAX_TICKS];
  int    n = 0;

  for (int count = 8; count >= 1; count--)
    {
      n = dino_bar_ticks (low, high, count, ticks, MAX_TICKS);
      if (label_ticks (bar, ticks, n, low, high, false))
        break;
      n = n > 0 ? 1 : 0;
    }
  label_ticks (bar, ticks, n, low, high, true);
}

/* Writes the unit to the right of the bar and leaves the bar what is over. */
static void
draw_unit (struct bar *bar, const char *unit)
{
  PangoLayout *layout;
  double       gap = bar->font_size * 0.6;

  if (*unit == '\0')
    return;
  layout = dino_text_layout (bar->cr, unit, bar->font_size, false);
  dino_text_fit (layout, bar->width * 0.3);
  set_text_color (bar, 1);
  bar->width -= dino_text_width (layout) + gap;
  dino_text_show (bar->cr, layout, bar->x + bar->width + gap, (bar->bar_height - dino_text_height (layout)) / 2);
  g_object_unref (layout);
}

/* Dark lines with light edges, as on the map. */
static void
draw_contours (const struct bar *bar, const struct dino_map_style *style, double low, double high)
{
  for (int i = 1; high > low && i <= style->contours; i++)
    {
      double part = (double) i / (style->contours + 1);
      double x = bar->x + part * bar->width;

      if (style->has_threshold && low + part * (high - low) < style->threshold)
        continue;
      for (int edge = 1; edge >= 0; edge--)
        {
          cairo_set_source_rgba (bar->cr, edge, edge, edge, edge ? 0.6 : 0.9);
          cairo_set_line_width (bar->cr, bar->bar_height * (edge ? 0.16 : 0.07));
          cairo_move_to (bar->cr, x, 0);
          cairo_line_to (bar->cr, x, bar->bar_height);
          cairo_stroke (bar->cr);
        }
    }
}

static void
draw_values (struct bar *bar, const struct dino_map *map, const struct dino_map_style *style)
{
  const struct dino_colormap *colormap = dino_map_style_colormap (style, map);
  uint8_t                     shades[N_SHADES][3];
  double                      low, high;

  dino_map_style_range (style, map, &low, &high);
  for (int i = 0; i < N_SHADES; i++)
    dino_colormap_lookup (colormap, i / (N_SHADES - 1.0), shades[i]);
  draw_unit (bar, map->unit);
  paint_shades (bar, shades, style->has_threshold ? position_of (style->threshold, low, high) : 0);
  if (colormap->n_parts == 0)
    draw_contours (bar, style, low, high);
  draw_ticks (bar, low, high);
}

/* Three texts under a component's bar: smallest value, name, largest value. */
#define N_LABELS 3

/* Numbers matter more than names: where there is not room for all, "PC1 21.0 %"
 * becomes "PC1", then nothing; where numbers have no room, "PC1" is all. */
enum naming
{
  NAMING_FULL,
  NAMING_SHORT,
  NAMING_NONE,
  NAMING_ONLY
};

/* Between two texts, as a part of the font's size. */
#define LABEL_GAP 0.4

static void
make_labels (const struct bar *bar, const struct dino_map *map, int channel, enum naming naming, PangoLayout *layouts[N_LABELS])
{
  const char *name = map->component_names[channel];
  char        low[DINO_LABEL_LENGTH] = "", high[DINO_LABEL_LENGTH] = "";
  const int   length = naming == NAMING_FULL ? -1 : (naming == NAMING_NONE ? 0 : (int) strcspn (name, " "));

  if (naming != NAMING_ONLY)
    {
      dino_label_format (low, dino_label_round (map->low3[channel]));
      dino_label_format (high, dino_label_round (map->high3[channel]));
    }
  layouts[0] = dino_text_layout (bar->cr, low, bar->font_size, false);
  layouts[1] = dino_text_layout (bar->cr, name, bar->font_size, true);
  layouts[2] = dino_text_layout (bar->cr, high, bar->font_size, false);
  pango_layout_set_text (layouts[1], name, length);
}

static double
labels_width (PangoLayout *const layouts[N_LABELS])
{
  double width = 0;

  for (int i = 0; i < N_LABELS; i++)
    width += dino_text_width (layouts[i]);
  return width;
}

static void
free_labels (PangoLayout *const layouts[N_LABELS])
{
  for (int i = 0; i < N_LABELS; i++)
    g_object_unref (layouts[i]);
}

/* What is written so that the labels of all three components fit. */
static enum naming
choose_naming (const struct bar *part, const struct dino_map *map)
{
  enum naming naming = NAMING_FULL;

  for (int channel = 0; channel < 3 && naming < NAMING_ONLY; channel++)
    {
      PangoLayout *layouts[N_LABELS];
      int          n_gaps = naming == NAMING_NONE ? 1 : 2;

      make_labels (part, map, channel, naming, layouts);
      if (labels_width (layouts) + n_gaps * part->font_size * LABEL_GAP > part->width)
        {
          naming++;
          channel = -1;
        }
      free_labels (layouts);
    }
  return naming;
}

static void
label_component (const struct bar *bar, const struct dino_map *map, int channel, enum naming naming)
{
  PangoLayout *layouts[N_LABELS];
  double       gap, x = bar->x;

  make_labels (bar, map, channel, naming, layouts);
  dino_text_fit (layouts[1], bar->width);
  gap = (bar->width - labels_width (layouts)) / 2;
  set_text_color (bar, 1);
  for (int i = 0; i < N_LABELS; i++)
    {
      dino_text_show (bar->cr, layouts[i], x, bar->bar_height + bar->tick_height);
      x += dino_text_width (layouts[i]) + gap;
    }
  free_labels (layouts);
}

static void
draw_components (const struct bar *bar, const struct dino_map *map)
{
  double      gap = bar->font_size;
  struct bar  part = *bar;
  enum naming naming;

  part.width = (bar->width - 2 * gap) / 3;
  naming = choose_naming (&part, map);
  for (int channel = 0; channel < 3; channel++)
    {
      uint8_t shades[N_SHADES][3] = { { 0 } };

      for (int i = 0; i < N_SHADES; i++)
        shades[i][channel] = (uint8_t) i;
      part.x = bar->x + channel * (part.width + gap);
      paint_shades (&part, shades, 0);
      label_component (&part, map, channel, naming);
    }
}

void
dino_bar_draw (cairo_t                     *cr,
               const struct dino_map       *map,
               const struct dino_map_style *style,
               double                       width,
               double                       height,
               const double                 text_rgb[3])
{
  struct bar bar = {
    .cr = cr,
    .width = width,
    .bar_height = height * BAR_PART,
    .tick_height = height * TICK_PART,
    .font_size = height * FONT_PART,
    .text_rgb = text_rgb,
  };

  if (!(width > 0) || !(height > 0))
    return;
  cairo_save (cr);
  if (map->channels == 3)
    draw_components (&bar, map);
  else
    draw_values (&bar, map, style);
  cairo_restore (cr);
}
