/* Charts as files: the same drawing as PNG or as SVG with texts as texts. */
#pragma once

#include <cairo.h>
#include <stdbool.h>

#include "core/base/error.h"
#include "io/output.h"

enum dino_chart_format
{
  DINO_CHART_PNG, /* two pixels a unit */
  DINO_CHART_SVG
};

struct dino_chart
{
  /* Draws onto white, at the origin. */
  void (*paint) (const void *data, cairo_t *cr, double width, double height);
  const void *data;
  double      width, height; /* units */
  const char *title;         /* for those who do not see it */
};

/* ".png" or ".svg" */
const char *dino_chart_suffix (enum dino_chart_format format);

/* Equal charts give equal bytes, for the same fonts. Nothing is committed. */
bool dino_chart_write (const struct dino_chart *chart, enum dino_chart_format format, struct dino_output *output, struct dino_error *error);
