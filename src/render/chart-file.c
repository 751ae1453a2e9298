#include "render/chart-file.h"

#include <cairo-svg.h>
#include <stdint.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/png.h"
#include "render/svg.h"

/* In files, so it is never translated. */
#define NOTICE "For research only. Not for clinical use."

#define PIXELS 2

const char *
dino_chart_suffix (enum dino_chart_format format)
{
  return format == DINO_CHART_SVG ? ".svg" : ".png";
}

static bool
check (cairo_status_t status, struct dino_error *error)
{
  return status == CAIRO_STATUS_SUCCESS ||
         dino_error_set (error, status == CAIRO_STATUS_NO_MEMORY ? DINO_CODE_MEMORY : DINO_CODE_LIMIT, _ ("The picture cannot be written: %s."), cairo_status_to_string (status));
}

/* Draws the chart into surface and ends that. */
static bool
paint (const struct dino_chart *chart, cairo_surface_t *surface, double scale, struct dino_error *error)
{
  cairo_t       *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_scale (cr, scale, scale);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  chart->paint (chart->data, cr, chart->width, chart->height);
  status = cairo_status (cr);
  cairo_destroy (cr);
  return check (status, error);
}

static bool
write_png (const struct dino_chart *chart, struct dino_output *output, struct dino_error *error)
{
  const int        width = (int) (PIXELS * chart->width), height = (int) (PIXELS * chart->height);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  uint8_t         *pixels = NULL;
  bool             done = check (cairo_surface_status (surface), error) && paint (chart, surface, PIXELS, error);

  if (done)
    pixels = dino_alloc ((size_t) width * 3, (size_t) height, error);
  if (pixels != NULL)
    {
      cairo_surface_flush (surface);
      for (int y = 0; y < height; y++)
        {
          const uint32_t *row = (const uint32_t *) (const void *) (cairo_image_surface_get_data (surface) + (size_t) y * (size_t) cairo_image_surface_get_stride (surface));
          uint8_t        *out = pixels + (size_t) y * (size_t) width * 3;

          for (int x = 0; x < width; x++)
            for (int c = 0; c < 3; c++)
              out[3 * x + c] = (uint8_t) (row[x] >> (16 - 8 * c));
        }
      done = dino_png_write (output, pixels, width, height, 3, error);
    }
  dino_free (pixels);
  cairo_surface_destroy (surface);
  return done && pixels != NULL;
}

static bool
write_svg (const struct dino_chart *chart, struct dino_output *output, struct dino_error *error)
{
  struct dino_stream         drawn = { 0 }, texts = { 0 }, svg = { 0 };
  struct dino_text_diversion diversion = { dino_svg_show_text, &texts };
  cairo_surface_t           *surface = cairo_svg_surface_create_for_stream (dino_stream_write, &drawn, chart->width, chart->height);
  struct dino_error          painted = { 0 };
  bool                       done;

  dino_text_divert (surface, &diversion);
  done = paint (chart, surface, 1, &painted);
  cairo_surface_finish (surface);
  /* Cairo knows only that it could not write. */
  if (drawn.error.code != DINO_CODE_NONE)
    done = dino_error_set (error, drawn.error.code, "%s", drawn.error.message);
  if (painted.code != DINO_CODE_NONE)
    dino_error_set (error, painted.code, "%s", painted.message);
  done = done && check (cairo_surface_status (surface), error);
  cairo_surface_destroy (surface);
  if (done && !dino_svg_assemble (&drawn, &texts, chart->title, NOTICE, &svg))
    done = dino_error_set (error, svg.error.code, "%s", svg.error.message);
  done = done && dino_output_write (output, svg.data, svg.length, error);
  dino_stream_clear (&drawn);
  dino_stream_clear (&texts);
  dino_stream_clear (&svg);
  return done;
}

bool
dino_chart_write (const struct dino_chart *chart, enum dino_chart_format format, struct dino_output *output, struct dino_error *error)
{
  return format == DINO_CHART_SVG ? write_svg (chart, output, error) : write_png (chart, output, error);
}
