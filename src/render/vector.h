/* Exports as SVG and PDF: images as images, texts as texts, and equal bytes
 * from equal descriptions, at any time and in any process. */
#pragma once

#include <stdbool.h>

#include "io/output.h"
#include "render/compose.h"

/* *width and *height are the pixels of the picture part. Nothing is committed. */
bool dino_export_write_svg (const struct dino_export *description, struct dino_output *output, int *width, int *height, struct dino_error *error);
bool dino_export_write_pdf (const struct dino_export *description, struct dino_output *output, int *width, int *height, struct dino_error *error);
