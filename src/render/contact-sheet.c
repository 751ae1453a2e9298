#include "render/contact-sheet.h"

#include <cairo.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/picture/picture.h"
#include "render/text.h"

#define MARGIN 16
#define GAP 12
#define TITLE_SIZE 12.0
#define DETAIL_SIZE 11.0
#define HEADING_SIZE 15.0
#define HEADING_HEIGHT 30
#define LINES_HEIGHT 38
#define NOTICE_HEIGHT 26

static const double background[3] = { 0.11, 0.11, 0.12 };
static const double empty[3] = { 0.18, 0.18, 0.20 };
static const double foreground[3] = { 0.95, 0.95, 0.95 };
static const double dim[3] = { 0.68, 0.69, 0.72 };
static const double frame[3] = { 0.21, 0.52, 0.89 };
static const double notice[3] = { 0.97, 0.78, 0.36 };

static void
set_color (cairo_t *cr, const double rgb[3])
{
  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
}

static void
draw_line (cairo_t *cr, const char *text, double size, bool bold, const double rgb[3], double x, double y, double width)
{
  PangoLayout *layout = dino_text_layout (cr, text, size, bold);

  dino_text_fit (layout, width);
  set_color (cr, rgb);
  dino_text_show (cr, layout, x, y);
  g_object_unref (layout);
}

/* The pixels straight into the surface's, so that not one is interpolated. */
static void
draw_picture (cairo_surface_t *surface, const struct dino_thumbnail *picture, int left, int top)
{
  const int stride = cairo_image_surface_get_stride (surface);
  uint8_t  *data;

  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  for (int y = 0; y < picture->height; y++)
    for (int x = 0; x < picture->width; x++)
      {
        const uint8_t *pixel = picture->pixels + 3 * ((size_t) y * (size_t) picture->width + (size_t) x);
        uint32_t      *out = (uint32_t *) (void *) (data + (size_t) (top + y) * (size_t) stride) + left + x;

        *out = (uint32_t) pixel[0] << 16 | (uint32_t) pixel[1] << 8 | pixel[2];
      }
  cairo_surface_mark_dirty (surface);
}

static void
draw_contact (cairo_t *cr, cairo_surface_t *surface, const struct dino_contact *contact, int left, int top)
{
  set_color (cr, empty);
  cairo_rectangle (cr, left, top, DINO_CONTACT_SIDE, DINO_CONTACT_SIDE);
  cairo_fill (cr);
  if (contact->picture != NULL)
    draw_picture (surface, contact->picture, left + (DINO_CONTACT_SIDE - contact->picture->width) / 2, top + (DINO_CONTACT_SIDE - contact->picture->height) / 2);
  if (contact->framed)
    {
      set_color (cr, frame);
      cairo_set_line_width (cr, 3);
      cairo_rectangle (cr, left - 2.5, top - 2.5, DINO_CONTACT_SIDE + 5, DINO_CONTACT_SIDE + 5);
      cairo_stroke (cr);
    }
  draw_line (cr, contact->title, TITLE_SIZE, true, foreground, left, top + DINO_CONTACT_SIDE + 4, DINO_CONTACT_SIDE);
  draw_line (cr, contact->detail, DETAIL_SIZE, false, dim, left, top + DINO_CONTACT_SIDE + 20, DINO_CONTACT_SIDE);
}

static uint8_t *
take_pixels (cairo_surface_t *surface, int width, int height, struct dino_error *error)
{
  uint8_t       *pixels = dino_alloc ((size_t) width * (size_t) height, 3, error);
  const uint8_t *data = cairo_image_surface_get_data (surface);
  const int      stride = cairo_image_surface_get_stride (surface);

  for (int y = 0; pixels != NULL && y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const uint32_t pixel = ((const uint32_t *) (const void *) (data + (size_t) y * (size_t) stride))[x];
        uint8_t       *out = pixels + 3 * ((size_t) y * (size_t) width + (size_t) x);

        out[0] = (uint8_t) (pixel >> 16);
        out[1] = (uint8_t) (pixel >> 8);
        out[2] = (uint8_t) pixel;
      }
  return pixels;
}

/* The place of a contact, from that behind the one before. */
static void
find_place (const struct dino_contact *contact, size_t columns, size_t *row, size_t *column)
{
  if (*column == columns || (contact->framed && *column > 0))
    {
      (*row)++;
      *column = 0;
    }
}

static size_t
count_rows (const struct dino_contact *contacts, size_t n, size_t columns)
{
  size_t row = 0, column = 0;

  for (size_t i = 0; i < n; i++, column++)
    find_place (&contacts[i], columns, &row, &column);
  return row + 1;
}

static uint8_t *
draw_sheet (const struct dino_contact *contacts, size_t n, size_t columns, const char *heading, int width, int height, struct dino_error *error)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t         *cr = cairo_create (surface);
  uint8_t         *pixels = NULL;
  size_t           row = 0, column = 0;

  set_color (cr, background);
  cairo_paint (cr);
  draw_line (cr, heading, HEADING_SIZE, true, foreground, MARGIN, MARGIN - 4, width - 2 * MARGIN);
  for (size_t i = 0; i < n; i++, column++)
    {
      find_place (&contacts[i], columns, &row, &column);
      draw_contact (cr, surface, &contacts[i], MARGIN + (int) column * (DINO_CONTACT_SIDE + GAP), MARGIN + HEADING_HEIGHT + (int) row * (DINO_CONTACT_SIDE + LINES_HEIGHT + GAP));
    }
  draw_line (cr, _ ("For research only. Not for clinical use."), DETAIL_SIZE, true, notice, MARGIN, height - NOTICE_HEIGHT, width - 2 * MARGIN);
  cairo_surface_flush (surface);
  if (cairo_status (cr) == CAIRO_STATUS_SUCCESS)
    pixels = take_pixels (surface, width, height, error);
  else
    dino_error_set (error, DINO_CODE_MEMORY, _ ("The contact sheet cannot be drawn: %s."), cairo_status_to_string (cairo_status (cr)));
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return pixels;
}

uint8_t *
dino_contact_sheet_draw (const struct dino_contact *contacts, size_t n, size_t columns, const char *heading, int *width, int *height, struct dino_error *error)
{
  const size_t rows = count_rows (contacts, n, columns);
  const size_t wide = (size_t) 2 * MARGIN + columns * (DINO_CONTACT_SIDE + GAP) - GAP;
  const size_t high = (size_t) 2 * MARGIN + HEADING_HEIGHT + rows * (DINO_CONTACT_SIDE + LINES_HEIGHT + GAP) + NOTICE_HEIGHT - MARGIN;

  if (wide > DINO_PICTURE_MAX_SIDE || high > DINO_PICTURE_MAX_SIDE || wide * high > DINO_PICTURE_MAX_PIXELS)
    {
      dino_error_set (error, DINO_CODE_LIMIT, _ ("A contact sheet of %zu pictures would be too large; ask for fewer."), n);
      return NULL;
    }
  *width = (int) wide;
  *height = (int) high;
  return draw_sheet (contacts, n, columns, heading, *width, *height, error);
}
