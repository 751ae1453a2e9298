#include "render/sheet.h"

#include "core/base/memory.h"
#include "core/base/text.h"
#include "render/caption.h"
#include "render/frame.h"

struct dino_sheet
{
  struct dino_export description;
  struct dino_frame  frame;
  double             width; /* points */
  double             scale; /* points a pixel */
  int                strip; /* height of the strip below, points */
  cairo_surface_t   *under; /* NULL for a map alone */
  cairo_surface_t   *over;
};

static bool
check_surface (cairo_status_t status, int width, int height, struct dino_error *error)
{
  return status == CAIRO_STATUS_SUCCESS ||
         dino_error_set (error, status == CAIRO_STATUS_NO_MEMORY ? DINO_CODE_MEMORY : DINO_CODE_LIMIT,
                         _ ("The picture of %d × %d pixels cannot be drawn: %s."), width, height, cairo_status_to_string (status));
}

/* A surface of Cairo's words of 32 bits, from bytes of channels a pixel. */
static cairo_surface_t *
make_surface (const uint8_t *bytes, int channels, int width, int height, struct dino_error *error)
{
  cairo_surface_t *surface = cairo_image_surface_create (channels == 4 ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24, width, height);
  unsigned char   *data = cairo_image_surface_get_data (surface);
  const int        green = channels >= 3 ? 1 : 0, blue = channels >= 3 ? 2 : 0;

  if (!check_surface (cairo_surface_status (surface), width, height, error))
    {
      cairo_surface_destroy (surface);
      return NULL;
    }
  for (int y = 0; y < height; y++)
    {
      uint32_t *row = (uint32_t *) (void *) (data + (size_t) y * (size_t) cairo_image_surface_get_stride (surface));

      for (int x = 0; x < width; x++, bytes += channels)
        row[x] = (channels == 4 ? (uint32_t) bytes[3] : 255u) << 24 | (uint32_t) bytes[0] << 16 | (uint32_t) bytes[green] << 8 | bytes[blue];
    }
  cairo_surface_mark_dirty (surface);
  return surface;
}

static bool
make_surfaces (struct dino_sheet *sheet, struct dino_error *error)
{
  const struct dino_frame *frame = &sheet->frame;

  if (frame->under != NULL)
    {
      sheet->under = make_surface (frame->under, sheet->description.channels, frame->width, frame->height, error);
      if (sheet->under == NULL)
        return false;
    }
  sheet->over = make_surface (frame->drawn, 4, frame->width, frame->height, error);
  return sheet->over != NULL;
}

struct dino_sheet *
dino_sheet_new (const struct dino_export *description, struct dino_error *error)
{
  struct dino_sheet *sheet = dino_alloc_zeroed (1, sizeof *sheet, error);

  if (sheet == NULL)
    return NULL;
  sheet->description = *description;
  if (!dino_frame_init (&sheet->frame, description, error) || !make_surfaces (sheet, error))
    {
      dino_sheet_free (sheet);
      return NULL;
    }
  sheet->width = dino_caption_layout_width (sheet->frame.width);
  sheet->scale = sheet->width / sheet->frame.width;
  if (description->bar)
    sheet->strip = dino_caption_height (description->map, &description->style, description->caption, (int) sheet->width);
  return sheet;
}

void
dino_sheet_free (struct dino_sheet *sheet)
{
  if (sheet == NULL)
    return;
  if (sheet->under != NULL)
    cairo_surface_destroy (sheet->under);
  if (sheet->over != NULL)
    cairo_surface_destroy (sheet->over);
  dino_frame_clear (&sheet->frame);
  dino_free (sheet);
}

void
dino_sheet_get_size (const struct dino_sheet *sheet, double *width, double *height)
{
  *width = sheet->width;
  *height = sheet->frame.height * sheet->scale + sheet->strip;
}

void
dino_sheet_get_pixels (const struct dino_sheet *sheet, int *width, int *height)
{
  *width = sheet->frame.width;
  *height = sheet->frame.height;
}

static void
paint_image (cairo_t *cr, cairo_surface_t *image, cairo_filter_t filter)
{
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), filter);
  cairo_paint (cr);
}

bool
dino_sheet_paint (const struct dino_sheet *sheet, cairo_t *cr, struct dino_error *error)
{
  const struct dino_export *description = &sheet->description;

  cairo_save (cr);
  cairo_scale (cr, sheet->scale, sheet->scale);
  if (sheet->under != NULL)
    paint_image (cr, sheet->under, CAIRO_FILTER_GOOD);
  /* A viewer that smooths would invent values between patches. */
  paint_image (cr, sheet->over, CAIRO_FILTER_NEAREST);
  cairo_restore (cr);
  if (description->map->n_marks > 0 && !dino_frame_draw_marks (&sheet->frame, description->map, cr, sheet->width, sheet->frame.height * sheet->scale, error))
    return false;
  if (sheet->strip > 0)
    {
      cairo_save (cr);
      cairo_translate (cr, 0, sheet->frame.height * sheet->scale);
      dino_caption_paint (cr, description->map, &description->style, description->caption, (int) sheet->width, sheet->strip);
      cairo_restore (cr);
    }
  return check_surface (cairo_status (cr), sheet->frame.width, sheet->frame.height, error);
}
