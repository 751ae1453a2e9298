/* Exports as files: one place for what each format holds, so that window and
 * command line write the same bytes. */
#pragma once

#include <stdbool.h>

#include "io/output.h"
#include "render/compose.h"

enum dino_export_format
{
  DINO_EXPORT_AS_PNG, /* what is seen, in pixels */
  DINO_EXPORT_AS_SVG, /* the same with images as images and texts as texts */
  DINO_EXPORT_AS_PDF,
  DINO_EXPORT_AS_NPY,  /* the map's values, [rows, columns] or [rows, columns, 3], float32 */
  DINO_EXPORT_AS_CSV,  /* the same with the box of each patch */
  DINO_EXPORT_AS_DICOM /* what is seen as a secondary capture with new identifiers: each time other bytes */
};

/* ".png" … */
const char *dino_export_suffix (enum dino_export_format format);

/* By the name's ending, whatever its case; false when it is none of these. */
bool dino_export_format_of (const char *name, enum dino_export_format *format);

/* Whether it is a picture; else it holds values only, and nothing of the
 * layout counts but the map. */
bool dino_export_is_picture (enum dino_export_format format);

/* *width and *height are the pixels of the picture as a sidecar tells them: of
 * PNG all of it, of SVG and PDF the part above the strip, 0 of values. Nothing
 * is committed. */
bool dino_export_write (const struct dino_export *description, enum dino_export_format format, struct dino_output *output, int *width, int *height, struct dino_error *error);
