#include "render/vector.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <string.h>

#include "core/base/text.h"
#include "render/sheet.h"
#include "render/stream.h"
#include "render/svg.h"

/* In files, so it is never translated. */
#define NOTICE "For research only. Not for clinical use."

/* Cairo dates a PDF; this date is taken out of it again. */
#define NO_DATE "1970-01-01T00:00:00Z"
#define DATE_KEY "/CreationDate ("

/* Paints into surface, ends it, and tells what went wrong. */
static bool
paint (const struct dino_sheet *sheet, cairo_surface_t *surface, const struct dino_stream *stream, struct dino_error *error)
{
  cairo_t       *cr = cairo_create (surface);
  bool           painted = dino_sheet_paint (sheet, cr, error);
  cairo_status_t status;

  cairo_destroy (cr);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  if (stream->error.code != DINO_CODE_NONE)
    return dino_error_set (error, stream->error.code, "%s", stream->error.message);
  if (painted && status != CAIRO_STATUS_SUCCESS)
    return dino_error_set (error, status == CAIRO_STATUS_NO_MEMORY ? DINO_CODE_MEMORY : DINO_CODE_LIMIT,
                           _ ("The picture cannot be written: %s."), cairo_status_to_string (status));
  return painted;
}

/* The place of text in data; NULL when it is not there. */
static char *
find (char *data, size_t length, const char *text)
{
  size_t n = strlen (text);

  for (char *end = data + length; (size_t) (end - data) >= n; data++)
    {
      data = memchr (data, text[0], (size_t) (end - data) - n + 1);
      if (data == NULL)
        return NULL;
      if (memcmp (data, text, n) == 0)
        return data;
    }
  return NULL;
}

/* Blanks, since offsets count from the beginning of the file. */
static void
take_date_out (struct dino_stream *pdf)
{
  char *date = find (pdf->data, pdf->length, DATE_KEY);

  for (char *end = pdf->data + pdf->length; date != NULL && date < end; date++)
    {
      bool last = *date == ')';

      *date = ' ';
      if (last)
        return;
    }
}

static bool
make_pdf (const struct dino_sheet *sheet, const struct dino_map *map, struct dino_stream *pdf, struct dino_error *error)
{
  double           width, height;
  cairo_surface_t *surface;
  bool             painted;

  dino_sheet_get_size (sheet, &width, &height);
  surface = cairo_pdf_surface_create_for_stream (dino_stream_write, pdf, width, height);
  cairo_pdf_surface_restrict_to_version (surface, CAIRO_PDF_VERSION_1_4);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, map->title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, NOTICE);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, NO_DATE);
  painted = paint (sheet, surface, pdf, error);
  cairo_surface_destroy (surface);
  if (painted)
    take_date_out (pdf);
  return painted;
}

static bool
make_svg (const struct dino_sheet *sheet, const struct dino_map *map, struct dino_stream *svg, struct dino_error *error)
{
  struct dino_stream         drawn = { 0 }, texts = { 0 };
  struct dino_text_diversion diversion = { dino_svg_show_text, &texts };
  double                     width, height;
  cairo_surface_t           *surface;
  bool                       done;

  dino_sheet_get_size (sheet, &width, &height);
  surface = cairo_svg_surface_create_for_stream (dino_stream_write, &drawn, width, height);
  dino_text_divert (surface, &diversion);
  done = paint (sheet, surface, &drawn, error);
  cairo_surface_destroy (surface);
  if (done && !dino_svg_assemble (&drawn, &texts, map->title, NOTICE, svg))
    done = dino_error_set (error, svg->error.code, "%s", svg->error.message);
  dino_stream_clear (&drawn);
  dino_stream_clear (&texts);
  return done;
}

typedef bool (*make_func) (const struct dino_sheet *sheet, const struct dino_map *map, struct dino_stream *stream, struct dino_error *error);

static bool
write_made (const struct dino_export *description, make_func make, struct dino_output *output, int *width, int *height, struct dino_error *error)
{
  struct dino_sheet *sheet = dino_sheet_new (description, error);
  struct dino_stream stream = { 0 };
  bool               done = sheet != NULL && make (sheet, description->map, &stream, error);

  if (done)
    {
      dino_sheet_get_pixels (sheet, width, height);
      done = dino_output_write (output, stream.data, stream.length, error);
    }
  dino_stream_clear (&stream);
  dino_sheet_free (sheet);
  return done;
}

bool
dino_export_write_svg (const struct dino_export *description, struct dino_output *output, int *width, int *height, struct dino_error *error)
{
  return write_made (description, make_svg, output, width, height, error);
}

bool
dino_export_write_pdf (const struct dino_export *description, struct dino_output *output, int *width, int *height, struct dino_error *error)
{
  return write_made (description, make_pdf, output, width, height, error);
}
