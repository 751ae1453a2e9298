/* Distances on the picture: arithmetic and words, no widgets. */
#pragma once

#include <glib.h>

#include "app/dinoscope-view.h"
#include "core/picture/attributes.h"

G_BEGIN_DECLS

/* A line between two points of the picture, in its pixels. */
typedef struct
{
  double x[2], y[2]; /* of the two ends */
} DinoscopeDistance;

/* What a pixel is long. */
typedef struct
{
  enum dino_spacing kind;
  double            x, y; /* mm from column to column, from row to row; not used when unknown */
} DinoscopeSpacing;

/* The part of a line that a point of the widget is on. */
typedef enum
{
  DINOSCOPE_HIT_NONE = -1,
  DINOSCOPE_HIT_FIRST_END,
  DINOSCOPE_HIT_SECOND_END,
  DINOSCOPE_HIT_LINE
} DinoscopeHit;

/* What a file says; unknown when it says nothing or no positive numbers. attributes may be NULL. */
DinoscopeSpacing dinoscope_spacing_of (const struct dino_attributes *attributes);

/* "0.143 × 0.143 mm at detector" (row to row × column to column, as DICOM
 * lists them), "px (spacing unknown)". (transfer full) */
char *dinoscope_spacing_describe (DinoscopeSpacing spacing);

/* Millimetres, or pixels of the picture where the spacing is unknown. */
double dinoscope_distance_length (const DinoscopeDistance *distance, DinoscopeSpacing spacing);

/* "52.3 mm at detector", "52.3 mm calibrated", "52.3 mm", "437 px". (transfer full) */
char *dinoscope_distance_describe (const DinoscopeDistance *distance, DinoscopeSpacing spacing);

/* A point within a picture of width x height. */
void dinoscope_distance_place_end (DinoscopeDistance *distance, int end, double x, double y, int width, int height);

/* Moves the whole line, as far as both ends stay within the picture. */
void dinoscope_distance_shift (DinoscopeDistance *distance, double dx, double dy, int width, int height);

/* Index of the line at a point of the widget, -1 when there is none; *part says
 * which part of it. Ends come before lines, the preferred line (-1: none) and
 * then the nearest first. */
int dinoscope_distance_find (const DinoscopeView *view, const DinoscopeDistance *distances, int n, int preferred, double widget_x, double widget_y, DinoscopeHit *part);

G_END_DECLS
