#include "render/write.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/dicom-capture.h"
#include "io/map-csv.h"
#include "io/npy.h"
#include "io/png.h"
#include "render/vector.h"

/* In files, so it is never translated. */
#define NOTICE "For research only. Not for clinical use."
#define DERIVATION_LENGTH 1024

static const char *const suffixes[] = { ".png", ".svg", ".pdf", ".npy", ".csv", ".dcm" };

#define N_FORMATS (sizeof suffixes / sizeof suffixes[0])

const char *
dino_export_suffix (enum dino_export_format format)
{
  return suffixes[format];
}

bool
dino_export_format_of (const char *name, enum dino_export_format *format)
{
  size_t length = strlen (name);

  for (size_t i = 0; i < N_FORMATS; i++)
    if (length >= strlen (suffixes[i]) && strcasecmp (name + length - strlen (suffixes[i]), suffixes[i]) == 0)
      {
        *format = (enum dino_export_format) i;
        return true;
      }
  return false;
}

bool
dino_export_is_picture (enum dino_export_format format)
{
  return format != DINO_EXPORT_AS_NPY && format != DINO_EXPORT_AS_CSV;
}

static bool
write_png (const struct dino_export *description, struct dino_output *output, int *width, int *height, struct dino_error *error)
{
  uint8_t *pixels = NULL;
  int      channels;
  bool     done = dino_export_compose (description, &pixels, width, height, &channels, error) &&
              dino_png_write (output, pixels, *width, *height, channels, error);

  dino_free (pixels);
  return done;
}

/* Made of what, by whom, for what: the caption without the colours. */
static void
describe (const struct dino_export *description, char text[DERIVATION_LENGTH])
{
  int length = snprintf (text, DERIVATION_LENGTH, "%s. %s. %s", description->map->title, description->caption != NULL ? description->caption : "", NOTICE);

  if (length >= DERIVATION_LENGTH)
    text[dino_text_cut (text, DERIVATION_LENGTH - 1)] = '\0';
}

static bool
write_dicom (const struct dino_export *description, struct dino_output *output, int *width, int *height, struct dino_error *error)
{
  uint8_t *pixels = NULL;
  int      channels;
  char     text[DERIVATION_LENGTH];
  bool     done;

  if (description->map_only)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A DICOM file has no transparency: the map alone cannot be written to one."));
  describe (description, text);
  done = dino_export_compose (description, &pixels, width, height, &channels, error) &&
         dino_dicom_write_capture (output, pixels, *width, *height, text, error);
  dino_free (pixels);
  return done;
}

static bool
write_npy (const struct dino_map *map, struct dino_output *output, struct dino_error *error)
{
  size_t shape[] = { (size_t) map->height, (size_t) map->width, (size_t) map->channels };

  return dino_npy_write (output, map->values, shape, map->channels == 1 ? 2 : 3, false, error);
}

bool
dino_export_write (const struct dino_export *description, enum dino_export_format format, struct dino_output *output, int *width, int *height, struct dino_error *error)
{
  *width = *height = 0;
  switch (format)
    {
    case DINO_EXPORT_AS_PNG:
      return write_png (description, output, width, height, error);
    case DINO_EXPORT_AS_SVG:
      return dino_export_write_svg (description, output, width, height, error);
    case DINO_EXPORT_AS_PDF:
      return dino_export_write_pdf (description, output, width, height, error);
    case DINO_EXPORT_AS_NPY:
      return write_npy (description->map, output, error);
    case DINO_EXPORT_AS_DICOM:
      return write_dicom (description, output, width, height, error);
    case DINO_EXPORT_AS_CSV:
      return dino_map_write_csv (output, description->map, description->geometry, error);
    }
  return false;
}
