#include "render/caption.h"

#include <math.h>

#include "core/base/text.h"
#include "render/bar.h"
#include "render/cells.h"
#include "render/text.h"

/* The strip is laid out at a width between these and scaled to the picture's,
 * so that it reads alike on small and on large pictures. */
#define NARROWEST 200
#define WIDEST 560
#define SMALLEST_FONT 9.0
#define LARGEST_FONT 13.0

/* Parts of the font size. */
#define MARGIN 1.2
#define GAP 0.7
#define TITLE 1.15
#define SMALL 0.85
#define BAR_HEIGHT 2.9

#define LEGEND_LINES 4

static const double background[3] = { 0.11, 0.11, 0.12 };
static const double foreground[3] = { 0.95, 0.95, 0.95 };
static const double dim[3] = { 0.68, 0.69, 0.72 };
static const double notice[3] = { 0.97, 0.78, 0.36 };

struct caption
{
  cairo_t                     *cr;
  const struct dino_map       *map;
  const struct dino_map_style *style;
  const char                  *caption;
  double                       width; /* of the lines */
  double                       font_size;
};

double
dino_caption_layout_width (int width)
{
  return fmin (fmax (width, NARROWEST), WIDEST);
}

/* One paragraph of at most lines lines at the height y; returns where it ends. */
static double
draw_paragraph (const struct caption *caption, const char *text, double size, bool bold, int lines, const double rgb[3], double y)
{
  PangoLayout *layout;

  if (text == NULL || *text == '\0')
    return y;
  layout = dino_text_layout (caption->cr, text, size * caption->font_size, bold);
  pango_layout_set_width (layout, (int) (caption->width * PANGO_SCALE));
  pango_layout_set_height (layout, -lines);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  cairo_set_source_rgb (caption->cr, rgb[0], rgb[1], rgb[2]);
  dino_text_show (caption->cr, layout, 0, y);
  y += dino_text_height (layout);
  g_object_unref (layout);
  return y;
}

/* Smoothing invents values between the patches, so it is said; NULL for cells. */
static const char *
smoothing_text (enum dino_smooth smooth)
{
  switch (smooth)
    {
    case DINO_SMOOTH_CELLS:
      break;
    case DINO_SMOOTH_BILINEAR:
      return _ ("Smoothed: bilinear between the patches' centres.");
    case DINO_SMOOTH_GUIDED:
      return _ ("Smoothed: joint bilateral, guided by the radiograph.");
    }
  return NULL;
}

/* Tokens without a place in the picture, at the height y; returns where they end. */
static double
draw_cells (const struct caption *caption, double y)
{
  double height;

  cairo_save (caption->cr);
  cairo_translate (caption->cr, 0, y);
  height = dino_cells_draw (caption->cr, caption->map, caption->style, caption->width, caption->font_size, foreground, NULL);
  cairo_restore (caption->cr);
  return height > 0 ? y + height + GAP * caption->font_size : y;
}

/* Draws everything below the origin and returns how high it is. */
static double
draw_lines (const struct caption *caption)
{
  double gap = GAP * caption->font_size;
  double bar_height = BAR_HEIGHT * caption->font_size;
  double y = 0;

  y = draw_paragraph (caption, caption->map->title, TITLE, true, 2, foreground, y);
  y = draw_paragraph (caption, caption->caption, SMALL, false, 2, dim, y);
  y = draw_paragraph (caption, smoothing_text (dino_map_style_smooth (caption->style, caption->map)), SMALL, false, 2, dim, y) + gap;
  cairo_save (caption->cr);
  cairo_translate (caption->cr, 0, y);
  dino_bar_draw (caption->cr, caption->map, caption->style, caption->width, bar_height, foreground);
  cairo_restore (caption->cr);
  y += bar_height + gap;
  y = draw_cells (caption, y);
  if (*caption->map->legend != '\0')
    y = draw_paragraph (caption, caption->map->legend, SMALL, false, LEGEND_LINES, dim, y) + gap / 2;
  /* Never cut: on a narrow picture it takes two lines. */
  return draw_paragraph (caption, _ ("For research only. Not for clinical use."), SMALL, true, 3, notice, y);
}

static struct caption
caption_new (cairo_t *cr, const struct dino_map *map, const struct dino_map_style *style, const char *text, int width)
{
  double full = dino_caption_layout_width (width);
  double font_size = SMALLEST_FONT + (LARGEST_FONT - SMALLEST_FONT) * (full - NARROWEST) / (WIDEST - NARROWEST);

  return (struct caption){ cr, map, style, text, full - 2 * MARGIN * font_size, font_size };
}

int
dino_caption_height (const struct dino_map *map, const struct dino_map_style *style, const char *caption, int width)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
  cairo_t         *cr = cairo_create (surface);
  struct caption   lines = caption_new (cr, map, style, caption, width);
  double           height = draw_lines (&lines) + 2 * MARGIN * lines.font_size;

  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return (int) ceil (height * width / dino_caption_layout_width (width));
}

void
dino_caption_paint (cairo_t *cr, const struct dino_map *map, const struct dino_map_style *style, const char *caption, int width, int height)
{
  struct caption lines = caption_new (cr, map, style, caption, width);
  double         scale = width / dino_caption_layout_width (width);

  cairo_set_source_rgb (cr, background[0], background[1], background[2]);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  cairo_save (cr);
  cairo_scale (cr, scale, scale);
  cairo_translate (cr, MARGIN * lines.font_size, MARGIN * lines.font_size);
  draw_lines (&lines);
  cairo_restore (cr);
}

static void
copy_pixels (cairo_surface_t *surface, uint8_t *pixels, int width, int height, int channels)
{
  const unsigned char *data = cairo_image_surface_get_data (surface);
  int                  stride = cairo_image_surface_get_stride (surface);

  for (int y = 0; y < height; y++)
    {
      const uint32_t *row = (const uint32_t *) (const void *) (data + (size_t) y * (size_t) stride);

      for (int x = 0; x < width; x++, pixels += channels)
        {
          pixels[0] = (uint8_t) (row[x] >> 16);
          pixels[1] = (uint8_t) (row[x] >> 8);
          pixels[2] = (uint8_t) row[x];
          if (channels == 4)
            pixels[3] = 255;
        }
    }
}

bool
dino_caption_draw (const struct dino_map       *map,
                   const struct dino_map_style *style,
                   const char                  *caption,
                   uint8_t                     *pixels,
                   int                          width,
                   int                          height,
                   int                          channels,
                   struct dino_error           *error)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t         *cr = cairo_create (surface);
  cairo_status_t   status;

  dino_caption_paint (cr, map, style, caption, width, height);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    copy_pixels (surface, pixels, width, height, channels);
  cairo_surface_destroy (surface);
  return status == CAIRO_STATUS_SUCCESS ||
         dino_error_set (error, status == CAIRO_STATUS_NO_MEMORY ? DINO_CODE_MEMORY : DINO_CODE_LIMIT,
                         _ ("The colour bar of %d × %d pixels cannot be drawn: %s."), width, height, cairo_status_to_string (status));
}
